//! A Java for Keycloak: 25 starts it fastest, 17 is the oldest it runs on.

use std::fs;
use std::path::PathBuf;

use anyhow::{Result, bail};

const BEST: u32 = 25;
const OLDEST: u32 = 17;

/// An installed Java.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Java {
    /// Its folder.
    pub home: PathBuf,
    /// Its major version.
    pub major: u32,
    /// Its full version.
    pub version: String,
}

/// The best Java of this machine.
pub fn find() -> Result<Java> {
    let named = std::env::var_os("JAVA_HOME").map(PathBuf::from);
    let installed = fs::read_dir("/usr/lib/jvm").into_iter().flatten().flatten().map(|entry| entry.path());
    let found = named.into_iter().chain(installed).filter_map(|home| {
        let version = version_of(&fs::read_to_string(home.join("release")).ok()?)?;
        let major = version.split(['.', '+', '-']).next()?.parse().ok()?;
        home.join("bin/java").is_file().then_some(Java { home, major, version })
    });
    match best(found.collect()) {
        Some(java) => Ok(java),
        None => bail!(
            "Java {OLDEST} or newer is missing: run `apt-get install openjdk-17-jre-headless`, or set JAVA_HOME"
        ),
    }
}

fn best(mut found: Vec<Java>) -> Option<Java> {
    found.retain(|java| java.major >= OLDEST);
    found.sort_by_key(|java| (java.major == BEST, java.major));
    found.pop()
}

/// `JAVA_VERSION="25.0.1"` of the file `release`.
fn version_of(release: &str) -> Option<String> {
    let value = release.lines().find_map(|line| line.strip_prefix("JAVA_VERSION="))?;
    Some(value.trim_matches('"').to_string())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn twenty_five_is_preferred_and_eleven_is_refused() {
        let java = |major: u32| Java { home: PathBuf::from("/j"), major, version: major.to_string() };
        assert_eq!(best(vec![java(17), java(25), java(26), java(11)]).unwrap().major, 25);
        assert_eq!(best(vec![java(17), java(21)]).unwrap().major, 21);
        assert_eq!(best(vec![java(11)]), None);
    }

    #[test]
    fn the_version_is_read_from_the_release_file() {
        assert_eq!(version_of("IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"25.0.1\"\n").as_deref(), Some("25.0.1"));
    }
}
