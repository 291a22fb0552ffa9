//! Roles, databases and schema: the binary `migrate`, run to its end at every start.

use anyhow::{Context, Result};

use crate::env;
use crate::progress::step;
use crate::run::Run;
use crate::setup::Setup;

/// Applies what is not yet applied.
pub fn run(setup: &Setup) -> Result<()> {
    let log = setup.paths.logs().join("migrate.log");
    step("migrate the database", |working| {
        Run::new(setup.paths.binary("migrate"))
            .clean_environment()
            .envs(env::migrate(setup))
            .folder(&setup.paths.repo)
            .to_end(&log, working)
            .context("the database is not migrated, so nothing else can start")
    })
}
