//! What was saved and is not served, for whoever looks at an answer in the browser and not at the terminal.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use crate::manifest::Component;

/// What could not be built or taken over, and why, by component; what concerns all of them under the manifest's name.
#[derive(Default)]
pub struct Failures(Mutex<BTreeMap<String, String>>);

/// What the manifest's own failure is kept under.
const MANIFEST: &str = "spin.toml";

impl Failures {
    /// Keep or forget the failure of one of them.
    pub fn set(&self, of: &str, failure: Option<String>) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match failure {
            Some(failure) => drop(all.insert(of.to_owned(), failure)),
            None => drop(all.remove(of)),
        }
    }

    /// Keep or forget the manifest's.
    pub fn set_manifest(&self, failure: Option<String>) {
        self.set(MANIFEST, failure);
    }

    /// Whether there is one that concerns this component or its dependencies.
    pub fn concern(&self, component: &Component, id: &str) -> bool {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        !all.is_empty()
            && (all.contains_key(id)
                || all.contains_key(MANIFEST)
                || component.dependencies.values().any(|dependency| all.contains_key(&dependency.component)))
    }

    /// All of them, for people.
    pub fn page(&self) -> String {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match all.is_empty() {
            true => "Everything saved is being served.\n".to_owned(),
            false => all
                .iter()
                .map(|(id, failure)| format!("{id}: not replaced, the old one serves on\n{failure}\n\n"))
                .collect(),
        }
    }
}
