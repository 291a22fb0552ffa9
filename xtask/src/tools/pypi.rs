//! Packages of PyPI, each with all that it needs in a folder of its own: a virtual environment could not be moved
//! into its place, and its scripts are not needed.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use super::{install, log};
use crate::paths::Paths;
use crate::run::Run;

/// Installs what pip's arguments name into `<tools>/<folder>` once; gives the folder of the packages, for
/// PYTHONPATH.
pub fn ensure(paths: &Paths, folder: &str, what: &str, arguments: &[&str]) -> Result<PathBuf> {
    let folder = install(paths, folder, what, |folder, working| {
        Run::new("python3")
            .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--target"])
            .args([packages(folder)])
            .args(arguments)
            .to_end(&log(paths), working)
            .context("check the network and `python3 -m pip --version` (package python3-pip), then try again")
    })?;
    Ok(packages(&folder))
}

/// The packages in such a folder.
pub fn packages(folder: &Path) -> PathBuf {
    folder.join("packages")
}

/// Major and minor version of python3: compiled packages fit one of them only.
pub fn python(oldest: (u32, u32)) -> Result<String> {
    let text = Run::new("python3")
        .args(["-c", "import sys; print('%d.%d' % sys.version_info[:2])"])
        .output(Duration::from_secs(20))?;
    let version = text.trim();
    let (major, minor) = version.split_once('.').context("python3 does not tell its version")?;
    if (major.parse::<u32>()?, minor.parse::<u32>()?) < oldest {
        bail!("python3 is {version}: install Python {}.{} or newer", oldest.0, oldest.1);
    }
    Ok(version.to_owned())
}
