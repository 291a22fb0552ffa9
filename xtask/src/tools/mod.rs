//! What the stack needs installed, one module per tool: each finds it, or installs it, or says how to.

pub mod apt;
pub mod chromium;
pub mod java;
pub mod keycloak;
pub mod maven;
pub mod node;
pub mod postgres;
pub mod pypi;
pub mod rabbitmq;
pub mod schemathesis;
pub mod traefik;
pub mod wasi_libc;
pub mod wasm;
pub mod wrk;

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use sha2::{Digest, Sha256};

use crate::paths::{Paths, make_folder};
use crate::progress::{Working, step};

/// Installs into `<tools>/<folder>` once. The work happens in a folder beside it that is renamed at the end, so
/// that a broken download is never taken for a tool; a lock keeps two clones from doing it at once.
pub fn install(
    paths: &Paths,
    folder: &str,
    what: &str,
    work: impl FnOnce(&Path, Working) -> Result<()>,
) -> Result<PathBuf> {
    let there = paths.tools.join(folder);
    if there.is_dir() {
        return Ok(there);
    }
    step(&format!("install {what}"), |working| {
        working.detail("another xtask installs it");
        let lock = File::create(paths.tools.join(format!(".{folder}.lock")))?;
        lock.lock().context("the lock of the tools folder cannot be taken")?;
        if there.is_dir() {
            return Ok(());
        }
        working.detail("");
        let part = paths.tools.join(format!("{folder}.part"));
        if part.exists() {
            fs::remove_dir_all(&part).with_context(|| format!("{} cannot be removed", part.display()))?;
        }
        make_folder(&part)?;
        work(&part, working).with_context(|| format!("{what} cannot be installed"))?;
        fs::rename(&part, &there).with_context(|| format!("{} cannot be put in place", there.display()))
    })?;
    Ok(there)
}

/// Fails unless the file is the one whose SHA-256 is pinned here: whatever the mirror it came from.
pub fn check(file: &Path, sha256: &str) -> Result<()> {
    let content = fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let found: String = Sha256::digest(content).iter().map(|byte| format!("{byte:02x}")).collect();
    ensure!(
        found == sha256,
        "{} is not what it should be: its SHA-256 is {found}, not {sha256}",
        file.display()
    );
    Ok(())
}

/// The file of that name on PATH.
pub fn on_path(name: &str) -> Option<PathBuf> {
    std::env::split_paths(&std::env::var_os("PATH")?)
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
}

/// The log of installing.
pub fn log(paths: &Paths) -> PathBuf {
    paths.logs().join("install.log")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_download_that_is_another_file_is_refused() {
        let file = std::env::temp_dir().join(format!("xtask-download-{}", std::process::id()));
        fs::write(&file, "abc").unwrap();
        let right = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        check(&file, right).unwrap();
        fs::write(&file, "abd").unwrap();
        assert!(check(&file, right).unwrap_err().to_string().contains("SHA-256"));
        fs::remove_file(&file).unwrap();
    }
}
