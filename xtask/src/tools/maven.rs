//! Files from Maven Central by `mvn dependency:copy`, which knows the user's mirrors and proxies.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::{check, log, on_path};
use crate::paths::Paths;
use crate::progress::Working;
use crate::run::Run;

const PLUGIN: &str = "org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy";

/// Puts the artifact `group:name:version:packaging` into the folder, if it is the one of this SHA-256, and gives its path.
pub fn copy(paths: &Paths, artifact: &str, sha256: &str, folder: &Path, working: Working) -> Result<PathBuf> {
    if on_path("mvn").is_none() {
        bail!("Maven is missing: run `apt-get install maven` (or put mvn on PATH)");
    }
    Run::new("mvn")
        .args(["-B", "-ntp", "-Dstyle.color=never", PLUGIN])
        .args([format!("-Dartifact={artifact}"), format!("-DoutputDirectory={}", folder.display())])
        .folder(folder)
        .to_end(&log(paths), working)
        .with_context(|| format!("the download of {artifact} failed: check the network, then try again"))?;
    let [_, name, version, packaging] = artifact.split(':').collect::<Vec<_>>()[..] else {
        bail!("{artifact} is not group:name:version:packaging");
    };
    let file = folder.join(format!("{name}-{version}.{packaging}"));
    if !file.is_file() {
        bail!("Maven ended well but {} is not there", file.display());
    }
    check(&file, sha256)?;
    Ok(file)
}
