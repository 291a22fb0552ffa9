//! Schemathesis, which makes requests from an OpenAPI document and checks the answers against it.

use std::path::PathBuf;

use anyhow::Result;

use super::pypi;
use crate::paths::Paths;
use crate::run::Run;

const VERSION: &str = "4.32.5";
/// Of its dependencies, the two that decide what it sends and what it accepts.
const PINNED: [&str; 2] = ["hypothesis==6.170.15", "jsonschema-rs==0.60.3"];
const OLDEST_PYTHON: (u32, u32) = (3, 11);

/// The folder of its packages.
pub fn ensure(paths: &Paths) -> Result<PathBuf> {
    let folder = format!("schemathesis-{VERSION}-python-{}", pypi::python(OLDEST_PYTHON)?);
    let package = format!("schemathesis=={VERSION}");
    pypi::ensure(
        paths,
        &folder,
        &format!("Schemathesis {VERSION}"),
        &[&[package.as_str()], &PINNED[..]].concat(),
    )
}

/// Its command line.
pub fn command(packages: &PathBuf) -> Run {
    Run::new("python3").args(["-m", "schemathesis.cli"]).env("PYTHONPATH", packages).env("NO_COLOR", "1")
}
