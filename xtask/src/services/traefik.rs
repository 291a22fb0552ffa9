//! Traefik: the static file of `traefik/` with this machine's ports put in, and the dynamic files as they are (they read
//! the environment). Where it runs as the caller, saving one of them takes effect at once; another user gets a copy.

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use rustix::process::Signal;

use crate::probe::Probe;
use crate::run::Run;
use crate::setup::{Purpose, Setup};
use crate::supervisor::Spec;
use crate::tls::Certificates;

/// Renders the configuration and gives the service.
pub fn prepare(setup: &Setup, tool: &Path, certificates: &Certificates) -> Result<Spec> {
    let paths = &setup.paths;
    let shipped = paths.repo.join("traefik/traefik.yml");
    let text =
        fs::read_to_string(&shipped).with_context(|| format!("{} cannot be read", shipped.display()))?;
    let shipped_rules = paths.repo.join("traefik/dynamic");
    let rules = if paths.server_user.is_some() { paths.state.join("traefik") } else { shipped_rules.clone() };
    if rules != shipped_rules {
        paths.server_copy(&shipped_rules, &rules)?;
    }
    for part in ["", "cert.pem", "key.pem"] {
        paths.give_to_servers(&certificates.folder.join(part))?;
    }
    let ports = &setup.ports;
    let local = |port: u16| format!("\"127.0.0.1:{port}\"");
    let rendered = replace_each(
        &text,
        &[
            ("\":8443\"", local(ports.https)),
            ("\":8080\"", local(ports.http)),
            ("\":18410\"", local(ports.traefik_admin)),
            ("/etc/traefik/dynamic", rules.display().to_string()),
        ],
    )
    .with_context(|| format!("{} is not as xtask knows it", shipped.display()))?;
    let config = paths.run().join("traefik.yml");
    paths.server_file(&config, rendered)?;
    Ok(Spec {
        name: "traefik",
        run: Run::new(tool)
            .args([format!("--configFile={}", config.display())])
            .user(paths.server_user.as_ref())
            .clean_environment()
            .envs(environment(setup, certificates))
            .folder(paths.run())
            .on_parent_death("TERM"),
        // A route of the dynamic files: `/ping` would answer without them too.
        ready: Probe::Http(ports.traefik_admin, "/configured".into()),
        ready_within: Duration::from_secs(30),
        stop: Signal::TERM,
        stop_within: Duration::from_secs(15),
    })
}

/// Requests per second and address, bursts, and requests at once; the files have the usual values.
const LIMITS: [&str; 13] = [
    "TIMETRACKER_LOGIN_RATE",
    "TIMETRACKER_LOGIN_BURST",
    "TIMETRACKER_AUTH_RATE",
    "TIMETRACKER_AUTH_BURST",
    "TIMETRACKER_AUTH_FILES_RATE",
    "TIMETRACKER_AUTH_FILES_BURST",
    "TIMETRACKER_API_RATE",
    "TIMETRACKER_API_BURST",
    "TIMETRACKER_ADDRESS_RATE",
    "TIMETRACKER_ADDRESS_BURST",
    "TIMETRACKER_IN_FLIGHT",
    "TIMETRACKER_HEAVY",
    "TIMETRACKER_STREAMS",
];
/// In bytes; the same for tests.
const BODY_LIMIT: &str = "TIMETRACKER_BODY_LIMIT";

/// What the dynamic files read.
fn environment(setup: &Setup, certificates: &Certificates) -> Vec<(&'static str, String)> {
    let mut variables = vec![
        ("TIMETRACKER_PUBLIC_URL", setup.public_url()),
        ("TIMETRACKER_KEYCLOAK_URL", setup.keycloak_origin()),
        ("TIMETRACKER_APP_URL", setup.spin_origin()),
        ("TIMETRACKER_TLS_DIR", certificates.folder.display().to_string()),
    ];
    for limit in LIMITS {
        if let Ok(value) = std::env::var(limit) {
            variables.push((limit, value));
        } else if setup.purpose == Purpose::Test {
            variables.push((limit, "100000".into()));
        }
    }
    if let Ok(value) = std::env::var(BODY_LIMIT) {
        variables.push((BODY_LIMIT, value));
    }
    variables
}

/// Replaces each text, which must be there: a renamed setting must not go unnoticed.
fn replace_each(text: &str, pairs: &[(&str, String)]) -> Result<String> {
    let mut result = text.to_string();
    for (from, to) in pairs {
        if !result.contains(from) {
            bail!("it has no {from}");
        }
        result = result.replace(from, to);
    }
    Ok(result)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_setting_that_is_not_there_is_an_error() {
        assert_eq!(replace_each("a: \":1\"", &[("\":1\"", "x".into())]).unwrap(), "a: x");
        assert!(replace_each("a: 1", &[("\":1\"", "x".into())]).is_err());
    }
}
