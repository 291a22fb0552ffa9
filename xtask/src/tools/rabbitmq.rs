//! RabbitMQ: Debian's package, or whatever installation has its scripts at the usual place.

use std::path::PathBuf;

use anyhow::Result;

use super::apt;
use crate::paths::Paths;

/// The server script itself, behind Debian's wrapper that wants root or its own user.
const SERVER: &str = "/usr/lib/rabbitmq/bin/rabbitmq-server";

/// The server script.
pub fn ensure(paths: &Paths) -> Result<PathBuf> {
    let server = PathBuf::from(SERVER);
    apt::ensure(paths, &["rabbitmq-server"], || server.is_file())?;
    Ok(server)
}
