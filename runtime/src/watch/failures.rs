//! What was saved and is not served, for whoever looks at an answer in the browser and not at the terminal.

use std::collections::BTreeMap;
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use crate::manifest::Manifest;

/// What could not be built or taken over, and why, by component; what concerns all of them under the manifest's name.
#[derive(Default)]
pub struct Failures(RwLock<BTreeMap<String, String>>);

/// What the manifest's own failure is kept under.
const MANIFEST: &str = "spin.toml";

impl Failures {
    fn all(&self) -> RwLockReadGuard<'_, BTreeMap<String, String>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn all_mut(&self) -> RwLockWriteGuard<'_, BTreeMap<String, String>> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keep or forget the failure of one of them.
    pub fn set(&self, of: &str, failure: Option<String>) {
        let mut all = self.all_mut();
        match failure {
            Some(failure) => drop(all.insert(of.to_owned(), failure)),
            None => drop(all.remove(of)),
        }
    }

    /// Keep why the manifest could not be taken.
    pub fn set_manifest(&self, failure: String) {
        self.set(MANIFEST, Some(failure));
    }

    /// A manifest was taken: forget what it has no more, and what was wrong with the one before.
    pub fn manifest_taken(&self, manifest: &Manifest) {
        self.all_mut().retain(|id, _| manifest.component.contains_key(id));
    }

    /// Whether there is one that concerns this component or its dependencies.
    pub fn concern(&self, manifest: &Manifest, id: &str) -> bool {
        let all = self.all();
        if all.is_empty() {
            return false;
        }
        let of = |id: &str| all.contains_key(id);
        let mut parts = manifest.component.get(id).into_iter().flat_map(|component| component.parts());
        of(MANIFEST) || of(id) || parts.any(of)
    }

    /// All of them, for people.
    pub fn page(&self) -> String {
        let all = self.all();
        match all.is_empty() {
            true => "Everything saved is being served.\n".to_owned(),
            false => all
                .iter()
                .map(|(id, failure)| format!("{id}: not replaced, the old one serves on\n{failure}\n\n"))
                .collect(),
        }
    }
}
