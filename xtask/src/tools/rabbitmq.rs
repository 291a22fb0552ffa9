//! RabbitMQ: Debian's package, or whatever installation has its scripts at the usual place or at the one that
//! TIMETRACKER_RABBITMQ_SERVER names (to run the long tests with another version).

use std::path::PathBuf;

use anyhow::{Result, ensure};

use super::apt;
use crate::paths::Paths;

/// The server script itself, behind Debian's wrapper that wants root or its own user.
const SERVER: &str = "/usr/lib/rabbitmq/bin/rabbitmq-server";

/// The server script.
pub fn ensure(paths: &Paths) -> Result<PathBuf> {
    if let Some(named) = std::env::var_os("TIMETRACKER_RABBITMQ_SERVER").map(PathBuf::from) {
        ensure!(named.is_file(), "TIMETRACKER_RABBITMQ_SERVER: there is no file {}", named.display());
        return Ok(named);
    }
    let server = PathBuf::from(SERVER);
    apt::ensure(paths, &["rabbitmq-server"], || server.is_file())?;
    Ok(server)
}
