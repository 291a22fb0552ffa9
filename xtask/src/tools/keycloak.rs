//! Keycloak's distribution, and the copy of it that is built once for our constant settings.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};

use super::java::Java;
use super::{install, log, maven};
use crate::paths::{Paths, short_hash};
use crate::run::Run;

/// Also the image tag in docker-compose.yml.
pub const VERSION: &str = "26.7.3";
const SHA256: &str = "77657f30b7e90d70f727712ce1c967f430fd6a5e9f458d32d8c6df0635345f47";

/// The folder of the built distribution. Its name has the hash of keycloak.conf: other settings, another build.
pub fn ensure(paths: &Paths, java: &Java) -> Result<PathBuf> {
    let settings_file = paths.repo.join("keycloak/keycloak.conf");
    let settings =
        fs::read(&settings_file).with_context(|| format!("{} cannot be read", settings_file.display()))?;
    let folder = format!("keycloak-{VERSION}-{}", short_hash(&settings));
    install(paths, &folder, &format!("Keycloak {VERSION}"), |folder, working| {
        let artifact = format!("org.keycloak:keycloak-quarkus-dist:{VERSION}:tar.gz");
        let packed = maven::copy(paths, &artifact, SHA256, folder, working)?;
        let log = log(paths);
        Run::new("tar")
            .args(["--strip-components=1", "-xzf"])
            .args([&packed])
            .folder(folder)
            .to_end(&log, working)?;
        fs::remove_file(packed)?;
        fs::write(folder.join("conf/keycloak.conf"), settings)?;
        Run::new(folder.join("bin/kc.sh"))
            .args(["build"])
            .env("JAVA_HOME", &java.home)
            .env("JAVA_OPTS", "-XX:+UseSerialGC -Xmx512m -XX:+ExitOnOutOfMemoryError")
            .to_end(&log, working)
    })
}
