//! Keycloak on PostgreSQL. The distribution is shared and read-only; each stack has a home folder of its own with
//! links into it, our theme, its realm to import and its data.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};
use rustix::process::Signal;

use crate::paths::make_folder;
use crate::probe::Probe;
use crate::run::Run;
use crate::secrets::Secret;
use crate::setup::{Purpose, Setup};
use crate::supervisor::Spec;
use crate::tools::java::Java;

/// For a quick start on a small machine; a server with many users wants the second compiler and more memory.
const JVM: [&str; 11] = [
    "-XX:TieredStopAtLevel=1",
    "-XX:+UseSerialGC",
    "-Xms64m",
    // Login pages that nobody finishes stay in memory for ten minutes, some 4 KB each: the gateway bounds how many there are.
    "-Xmx512m",
    "-XX:MaxMetaspaceSize=256m",
    "-XX:+ExitOnOutOfMemoryError",
    "-Dfile.encoding=UTF-8",
    "-Duser.language=en",
    // A connection that PostgreSQL has closed (it was restarted) is seen before somebody's login fails on it.
    "-Dquarkus.datasource.jdbc.validate-on-borrow=true",
    // The longest of our addresses, a logout with its ID token, has some 2,000 bytes.
    "-Dquarkus.http.limits.max-initial-line-length=3072",
    "-Djava.util.concurrent.ForkJoinPool.common.threadFactory=io.quarkus.bootstrap.forkjoin.QuarkusForkJoinWorkerThreadFactory",
];

/// What kc.sh gives the JVM on every start.
const OPENS: [&str; 5] = [
    "--add-opens=java.base/java.util=ALL-UNNAMED",
    "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
    "--add-opens=java.base/java.security=ALL-UNNAMED",
    "--add-opens=java.base/java.lang=ALL-UNNAMED",
    "--enable-native-access=ALL-UNNAMED",
];

/// Makes the home folder and gives the service. The JVM is started directly: kc.sh would stay as its parent.
pub fn prepare(setup: &Setup, distribution: &Path, java: &Java) -> Result<Spec> {
    let paths = &setup.paths;
    let home = home(setup, distribution)?;
    let run = Run::new(java.home.join("bin/java"))
        .args(JVM)
        .args(archive(setup, distribution, java)?)
        .args(OPENS)
        .args([format!("-Dkc.home.dir={}", home.display())])
        .args([format!("-Djboss.server.config.dir={}", home.join("conf").display())])
        .args([
            "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
            "-Dpicocli.disable.closures=true",
        ])
        .args(["-Dquarkus-log-max-startup-records=10000", "-cp"])
        .args([distribution.join("lib/quarkus-run.jar")])
        .args(["io.quarkus.bootstrap.runner.QuarkusEntryPoint", "start", "--optimized", "--import-realm"])
        .user(paths.server_user.as_ref())
        .clean_environment()
        .envs(environment(setup))
        // On TERM it would wait for the database, which ends at the same moment.
        .folder(&home)
        .on_parent_death("KILL");
    Ok(Spec {
        name: "keycloak",
        run,
        ready: Probe::Http(setup.ports.keycloak_management, "/health/ready".into()),
        ready_within: Duration::from_secs(300),
        stop: Signal::TERM,
        stop_within: Duration::from_secs(60),
    })
}

fn home(setup: &Setup, distribution: &Path) -> Result<PathBuf> {
    let home = setup.paths.state.join("keycloak");
    setup.paths.server_folder(&home)?;
    for part in ["lib", "conf", "providers"] {
        let link = home.join(part);
        let _ = fs::remove_file(&link);
        symlink(distribution.join(part), &link)
            .with_context(|| format!("{} cannot be made", link.display()))?;
    }
    let themes = home.join("themes");
    // A file: what an older version made, a link to the distribution's.
    let _ = fs::remove_file(&themes);
    setup.paths.server_copy(&setup.paths.repo.join("keycloak/themes"), &themes)?;
    let import = home.join("data/import");
    for folder in [home.join("data"), import.clone()] {
        setup.paths.server_folder(&folder)?;
    }
    for file in ["timetracker-realm.json", "timetracker-users-0.json"] {
        setup.paths.server_copy(&setup.paths.repo.join("keycloak").join(file), &import.join(file))?;
    }
    Ok(home)
}

/// Java 25's cache of loaded and linked classes: trained by the first start, used by all later ones.
fn archive(setup: &Setup, distribution: &Path, java: &Java) -> Result<Vec<String>> {
    if java.major < 25 {
        return Ok(Vec::new());
    }
    let folder = setup.paths.ca.with_file_name("keycloak-aot");
    make_folder(&folder)?;
    setup.paths.server_folder(&folder)?;
    let name = distribution.file_name().unwrap_or_default().to_string_lossy();
    let file = folder.join(format!("{name}-java-{}.aot", java.version));
    Ok(if file.is_file() {
        vec![format!("-XX:AOTCache={}", file.display()), "-Xlog:aot=off".into(), "-Xlog:cds=off".into()]
    } else if setup.purpose == Purpose::Use {
        // Written when it stops, which then takes up to half a minute longer, this once.
        vec![format!("-XX:AOTCacheOutput={}", file.display())]
    } else {
        Vec::new()
    })
}

fn environment(setup: &Setup) -> Vec<(&'static str, String)> {
    let ports = &setup.ports;
    // A run of tests on a slow machine outlives the five minutes that a token lasts for people.
    let token_seconds = match setup.purpose {
        Purpose::Use => "300",
        Purpose::Test => "3600",
    };
    vec![
        ("TIMETRACKER_TOKEN_SECONDS", token_seconds.into()),
        ("KC_DB_URL", format!("jdbc:postgresql://127.0.0.1:{}/keycloak", ports.postgres)),
        ("KC_DB_USERNAME", "keycloak".into()),
        ("KC_DB_PASSWORD", setup.secrets.get(Secret::KeycloakDatabase).into()),
        ("KC_HTTP_HOST", "127.0.0.1".into()),
        ("KC_HTTP_PORT", ports.keycloak.to_string()),
        ("KC_HTTP_MANAGEMENT_PORT", ports.keycloak_management.to_string()),
        ("KC_HOSTNAME", format!("{}/auth", setup.public_url())),
        ("KC_PROXY_TRUSTED_ADDRESSES", "127.0.0.1".into()),
        ("KC_BOOTSTRAP_ADMIN_USERNAME", "admin".into()),
        ("KC_BOOTSTRAP_ADMIN_PASSWORD", setup.secrets.get(Secret::KeycloakAdmin).into()),
        ("TIMETRACKER_PUBLIC_URL", setup.public_url()),
        ("TIMETRACKER_DIRECTORY_SECRET", setup.secrets.get(Secret::Directory).into()),
    ]
}
