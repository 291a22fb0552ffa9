//! PostgreSQL: its own data folder and port, on 127.0.0.1 only, passwords by SCRAM.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use rustix::process::Signal;

use crate::paths::Paths;
use crate::probe::Probe;
use crate::progress::step;
use crate::run::Run;
use crate::secrets::Secret;
use crate::setup::{Purpose, Setup};
use crate::supervisor::Spec;

/// Beside the defaults. Durability stays on: a committed entry survives a crash.
const SETTINGS: [&str; 11] = [
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "max_connections=200",
    "shared_buffers=256MB",
    "random_page_cost=1.1",
    "wal_compression=on",
    "log_line_prefix=%m [%p] %u@%d ",
    "log_min_duration_statement=500",
    // What people write, and the hashes of tokens.
    "log_parameter_max_length=0",
    "log_parameter_max_length_on_error=0",
    "timezone=UTC",
];

/// Makes the data folder at the first start and gives the service.
pub fn prepare(setup: &Setup, tool: &Path) -> Result<Spec> {
    let paths = &setup.paths;
    let data = paths.state.join("postgres");
    if !data.join("PG_VERSION").is_file() {
        step("create the database cluster", |working| -> Result<()> {
            paths.server_folder(&data)?;
            let password = paths.run().join("postgres-password");
            paths.server_file(&password, setup.secrets.get(Secret::Postgres))?;
            let made = Run::new(tool.join("bin/initdb"))
                .args(["--username=postgres", "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8"])
                .args(["--no-sync", "--no-instructions"])
                .args([format!("--pwfile={}", password.display()), format!("--pgdata={}", data.display())])
                .user(paths.server_user.as_ref())
                .clean_environment()
                .folder(paths.run())
                .to_end(&log(paths), working);
            std::fs::remove_file(&password).context("the password file cannot be removed")?;
            made
        })?;
    }
    // Benchmarks ask when a change was committed.
    let measured = (setup.purpose == Purpose::Test).then_some(["-c", "track_commit_timestamp=on"]);
    let run = Run::new(tool.join("bin/postgres"))
        .args([format!("-D{}", data.display()), format!("-p{}", setup.ports.postgres)])
        .args(SETTINGS.iter().flat_map(|setting| ["-c", setting]))
        .args(measured.into_iter().flatten())
        .user(paths.server_user.as_ref())
        .clean_environment()
        .folder(&data)
        .on_parent_death("INT");
    Ok(Spec {
        name: "postgres",
        run,
        ready: Probe::Postgres(setup.ports.postgres),
        ready_within: Duration::from_secs(60),
        // "Fast": ends the sessions and writes a checkpoint.
        stop: Signal::INT,
        stop_within: Duration::from_secs(30),
    })
}

fn log(paths: &Paths) -> std::path::PathBuf {
    paths.logs().join("postgres.log")
}
