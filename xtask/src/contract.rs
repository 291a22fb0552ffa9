//! The API against its own document: Schemathesis reads the document that the running system serves, makes
//! requests from it as several people, and checks every answer.

use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::env;
use crate::paths::{make_folder, write_private};
use crate::run::Run;
use crate::setup::Setup;
use crate::tools::schemathesis;

/// In the order in which it tries them. The browser tests use alice, whose data should stay few.
const USERS: [&str; 3] = ["bob", "ada", "alice"];

/// The run, once the people are logged in.
pub fn prepare(setup: &Setup) -> Result<Run> {
    let packages = schemathesis::ensure(&setup.paths)?;
    let folder = setup.paths.state.join("schemathesis");
    make_folder(&folder)?;
    let users = folder.join("users.json");
    let entries = USERS.iter().map(|name| user(setup, name)).collect::<Result<Vec<_>>>()?;
    write_private(&users, json!({ "auth": entries }).to_string())?;
    Ok(schemathesis::command(&packages)
        .args(["--config-file"])
        .args([setup.paths.repo.join("tests/schemathesis.toml")])
        .args(["run", "--phases", "examples,coverage,fuzzing,stateful", "--tls-verify"])
        .args([setup.paths.ca.join("ca.pem")])
        .args([format!("{}/api/v1/openapi.json", setup.public_url())])
        .env("TIMETRACKER_TEST_USERS", &users)
        .env("TIMETRACKER_TEST_HOOKS", setup.paths.repo.join("tests/schemathesis_hooks.py"))
        .folder(&folder))
}

/// A person as its authentication file describes one.
fn user(setup: &Setup, name: &str) -> Result<Value> {
    let token = Run::new(setup.paths.binary("token"))
        .args([name])
        .envs(env::tests(setup))
        .output(Duration::from_secs(60))
        .with_context(|| format!("{name} cannot log in"))?;
    let value = format!("Bearer {}", token.trim());
    Ok(json!({ "name": name, "fixedHeaders": [{ "name": "Authorization", "value": value }] }))
}
