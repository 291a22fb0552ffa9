//! wrk, which makes the load of `cargo xtask bench api`.

use anyhow::Result;

use super::{apt, on_path};
use crate::paths::Paths;

/// Finds it or installs it.
pub fn ensure(paths: &Paths) -> Result<()> {
    apt::ensure(paths, &["wrk"], || on_path("wrk").is_some())
}
