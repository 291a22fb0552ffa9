//! `files` of a component: folders that the guest reads, never writes.

use std::fs;
use std::path::{Component as Part, Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use wasmtime_wasi::{FsPerms, WasiCtxBuilder};

use crate::manifest::FileMount;

/// A folder of this machine and where the guest sees it.
#[derive(Debug, PartialEq, Eq)]
pub struct Mount {
    source: PathBuf,
    destination: String,
}

impl Mount {
    /// Give a guest the folder, for reading.
    ///
    /// # Errors
    /// The folder is gone.
    pub fn add_to(&self, wasi: &mut WasiCtxBuilder) -> wasmtime::Result<()> {
        wasi.preopened_dir(&self.source, &self.destination, FsPerms::ReadOnly)
            .map(drop)
            .map_err(|error| error.context(format!("files: {}", self.source.display())))
    }
}

/// The mounts for the `files` of one component. A folder that is placed whole is mounted as it is, so that
/// changes show at once; single files and globs are copied into `copies` first, as Spin does.
///
/// # Errors
/// A source that does not exist, lies outside the application, or clashes with another.
pub fn mounts(files: &[FileMount], root: &Path, copies: &Path) -> Result<Vec<Mount>> {
    let mut mounts = Vec::new();
    let mut copied = false;
    for file in files {
        match file {
            FileMount::Pattern(pattern) => {
                copy_matches(root, pattern, copies).with_context(|| format!("files: {pattern:?}"))?;
                copied = true;
            }
            FileMount::Placement(placement) => {
                let source = inside(root, &placement.source)?;
                ensure!(source.exists(), "files: {:?} does not exist", placement.source);
                let destination = format!("/{}", placement.destination.trim_matches('/'));
                if source.is_dir() {
                    mounts.push(Mount { source, destination });
                } else {
                    copy(&source, &inside(copies, destination.trim_start_matches('/'))?)?;
                    copied = true;
                }
            }
        }
    }
    if copied {
        fs::create_dir_all(copies)?;
        mounts.push(Mount { source: copies.to_owned(), destination: "/".to_owned() });
    }
    for (index, mount) in mounts.iter().enumerate() {
        if mounts[..index].iter().any(|other| other.destination == mount.destination) {
            bail!("files: two entries are placed at {:?}, which is not supported", mount.destination);
        }
    }
    Ok(mounts)
}

fn inside(root: &Path, path: &str) -> Result<PathBuf> {
    let path = Path::new(path);
    let stays = path.components().all(|part| matches!(part, Part::Normal(_) | Part::CurDir));
    ensure!(stays, "files: {path:?} must be a path inside the application's folder");
    Ok(root.join(path))
}

fn copy_matches(root: &Path, pattern: &str, copies: &Path) -> Result<()> {
    let path = inside(root, pattern)?;
    let pattern = match path.is_dir() {
        true => path.join("**/*"),
        false => path.clone(),
    };
    let is_glob = pattern.to_string_lossy().contains(['*', '?', '[']);
    ensure!(is_glob || path.exists(), "does not exist");
    for found in glob::glob(&pattern.to_string_lossy())? {
        let found = found?;
        if found.is_file() {
            copy(&found, &copies.join(found.strip_prefix(root)?))?;
        }
    }
    Ok(())
}

fn copy(source: &Path, destination: &Path) -> Result<()> {
    if let Some(folder) = destination.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::copy(source, destination).with_context(|| format!("copying {}", source.display()))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::manifest::Component;

    fn of(toml: &str, root: &Path) -> Result<Vec<Mount>> {
        let component: Component = toml::from_str(&format!("source = \"x\"\nfiles = [{toml}]")).unwrap();
        mounts(&component.files, root, &root.join("copies"))
    }

    #[test]
    fn folders_are_mounted_and_globs_copied() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir_all(root.path().join("web/css")).unwrap();
        fs::write(root.path().join("web/css/a.css"), "a").unwrap();
        let mounts =
            of("{ source = \"web\", destination = \"/site\" }, \"web/**/*.css\"", root.path()).unwrap();
        assert_eq!(mounts[0], Mount { source: root.path().join("web"), destination: "/site".into() });
        assert_eq!(mounts[1].destination, "/");
        assert_eq!(fs::read(root.path().join("copies/web/css/a.css")).unwrap(), b"a");
    }

    #[test]
    fn what_is_not_there_or_outside_is_refused() {
        let root = tempfile::tempdir().unwrap();
        for wrong in ["\"none.txt\"", "\"../x/*\"", "{ source = \"/etc\", destination = \"/\" }"] {
            assert!(of(wrong, root.path()).is_err(), "{wrong}");
        }
    }
}
