//! Files of components, known by their content and read only where one has to be compiled: all of them together would be
//! a good part of what the process takes.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, Result, ensure};
use sha2::{Digest as _, Sha256};

/// SHA-256 of a file's content.
type Digest = [u8; 32];

/// The file of a component.
pub struct Source {
    path: PathBuf,
    digest: Digest,
}

impl Source {
    /// What tells its content from any other.
    pub fn digest(&self) -> &Digest {
        &self.digest
    }

    /// Its content.
    ///
    /// # Errors
    /// It is gone, or not what it was when its digest was made.
    pub fn bytes(&self) -> Result<Arc<[u8]>> {
        let Self { path, digest } = self;
        let bytes = std::fs::read(path).with_context(|| unreadable(path))?;
        ensure!(Sha256::digest(&bytes)[..] == *digest, "{} was changed while it was read", path.display());
        Ok(bytes.into())
    }
}

/// The files of one start or reload: of those that several components have, the digest is made once.
#[derive(Default)]
pub struct Sources(Mutex<BTreeMap<PathBuf, Digest>>);

impl Sources {
    /// The file at `path`.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn at(&self, path: &Path) -> Result<Source> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(path).copied();
        let digest = match known {
            Some(digest) => digest,
            None => digest(path).with_context(|| unreadable(path))?,
        };
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(path.to_owned(), digest);
        Ok(Source { path: path.to_owned(), digest })
    }
}

fn digest(path: &Path) -> std::io::Result<Digest> {
    let mut digest = Sha256::new();
    std::io::copy(&mut File::open(path)?, &mut digest)?;
    Ok(digest.finalize().into())
}

fn unreadable(path: &Path) -> String {
    format!("can't read {} (build it first: `cargo xtask build`)", path.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_changes_before_it_is_read_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.wasm");
        std::fs::write(&path, "one").unwrap();
        let source = Sources::default().at(&path).unwrap();
        assert_eq!(source.bytes().unwrap()[..], *b"one");
        std::fs::write(&path, "two").unwrap();
        assert!(source.bytes().unwrap_err().to_string().contains("a.wasm was changed"));
        assert_ne!(Sources::default().at(&path).unwrap().digest(), source.digest());
    }

    #[test]
    fn a_file_that_is_not_there_says_how_to_build_it() {
        let error = Sources::default().at(Path::new("none.wasm")).err().unwrap();
        assert!(
            format!("{error:#}").contains("none.wasm (build it first: `cargo xtask build`)"),
            "{error:#}"
        );
    }
}
