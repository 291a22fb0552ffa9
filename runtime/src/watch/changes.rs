//! Which component a changed path belongs to, and which folders must be watched to hear of it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use globset::{Glob, GlobSet, GlobSetBuilder};

use crate::component::Loader;

/// The paths of interest.
pub struct Watched {
    manifest: PathBuf,
    globs: Vec<(String, GlobSet)>,
    sources: BTreeSet<PathBuf>,
    /// Folder → with what is below it.
    folders: BTreeMap<PathBuf, bool>,
}

impl Watched {
    /// From the manifest's `source`s and `build.watch`es.
    ///
    /// # Errors
    /// A glob that is none.
    pub fn new(loader: &Loader) -> Result<Self> {
        let mut watched = Self {
            manifest: loader.manifest_path.clone(),
            globs: Vec::new(),
            sources: BTreeSet::new(),
            folders: BTreeMap::from([(loader.root.clone(), false)]),
        };
        for (id, component) in &loader.manifest.component {
            let source = loader.root.join(&component.source);
            if let Some(folder) = source.parent().filter(|folder| folder.is_dir()) {
                watched.folders.entry(folder.to_owned()).or_insert(false);
            }
            watched.sources.insert(source);
            let Some(build) = &component.build else { continue };
            let base = loader.root.join(build.workdir.as_deref().unwrap_or("."));
            let mut set = GlobSetBuilder::new();
            for pattern in &build.watch {
                let path = normal(&base.join(pattern));
                set.add(
                    Glob::new(&path.to_string_lossy())
                        .with_context(|| format!("component {id:?}: build.watch {pattern:?}"))?,
                );
                if let Some(folder) = fixed_folder(&path) {
                    watched.folders.insert(folder, true);
                }
            }
            watched.globs.push((id.clone(), set.build()?));
        }
        Ok(watched)
    }

    /// Folders to watch; `true` means with all that is below.
    pub fn folders(&self) -> impl Iterator<Item = (&PathBuf, &bool)> {
        self.folders.iter()
    }

    /// Whether `path` is the manifest.
    pub fn is_manifest(&self, path: &Path) -> bool {
        path == self.manifest
    }

    /// Whether `path` is some component's .wasm file.
    pub fn is_source(&self, path: &Path) -> bool {
        self.sources.contains(path)
    }

    /// The components to build after `paths` changed.
    pub fn to_build(&self, paths: &BTreeSet<PathBuf>) -> BTreeSet<String> {
        let touched = |set: &GlobSet| paths.iter().any(|path| set.is_match(path));
        self.globs.iter().filter(|(_, set)| touched(set)).map(|(id, _)| id.clone()).collect()
    }
}

/// `path` without `.` in it.
fn normal(path: &Path) -> PathBuf {
    path.components().filter(|part| part.as_os_str() != ".").collect()
}

/// The deepest existing folder of `pattern` in front of its first wildcard.
fn fixed_folder(pattern: &Path) -> Option<PathBuf> {
    let fixed: PathBuf = pattern
        .components()
        .take_while(|part| !part.as_os_str().to_string_lossy().contains(['*', '?', '[', '{']))
        .collect();
    fixed.ancestors().find(|folder| folder.is_dir()).map(Path::to_owned)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_folder_in_front_of_the_wildcard_is_watched() {
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir(root.path().join("src")).unwrap();
        assert_eq!(fixed_folder(&root.path().join("src/**/*.rs")), Some(root.path().join("src")));
        assert_eq!(fixed_folder(&root.path().join("src/new/**/*.rs")), Some(root.path().join("src")));
    }
}
