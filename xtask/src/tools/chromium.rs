//! Chromium for the browser tests.

use std::path::PathBuf;

use anyhow::{Context, Result};

use super::{apt, on_path};
use crate::paths::Paths;

/// The executable.
pub fn ensure(paths: &Paths) -> Result<PathBuf> {
    apt::ensure(paths, &["chromium"], || find().is_some())?;
    find().context("chromium is not on PATH")
}

fn find() -> Option<PathBuf> {
    ["chromium", "chromium-browser", "google-chrome"].iter().find_map(|name| on_path(name))
}
