//! The environment of each of our binaries: the services get it, and `cargo xtask env` prints it for running a
//! part by hand.

use std::ffi::OsString;

use crate::build::{Pace, component_environment};
use crate::secrets::Secret;
use crate::setup::Setup;
use crate::tools::wasm::Toolchain;

type Variables = Vec<(&'static str, String)>;

/// Of `migrate`.
pub fn migrate(setup: &Setup) -> Variables {
    let secret = |which| setup.secrets.get(which).to_string();
    vec![
        ("MIGRATE_ADMIN_URL", setup.database_url("postgres", Secret::Postgres, "postgres")),
        ("TRACKING_API_PASSWORD", secret(Secret::TrackingApi)),
        ("BRIDGE_PASSWORD", secret(Secret::Bridge)),
        ("REPORTING_WRITER_PASSWORD", secret(Secret::ReportingWriter)),
        ("REPORTS_API_PASSWORD", secret(Secret::ReportsApi)),
        ("MIGRATOR_PASSWORD", secret(Secret::Migrator)),
        ("KEYCLOAK_DATABASE_PASSWORD", secret(Secret::KeycloakDatabase)),
    ]
}

/// Of `bridge`.
pub fn bridge(setup: &Setup) -> Variables {
    vec![
        ("BRIDGE_DATABASE_URL", setup.database_url("bridge", Secret::Bridge, "timetracker")),
        ("BRIDGE_AMQP_URL", setup.amqp_url("bridge", Secret::AmqpBridge)),
        ("BRIDGE_HTTP_ADDR", format!("127.0.0.1:{}", setup.ports.bridge)),
    ]
}

/// Of `reporting`.
pub fn reporting(setup: &Setup) -> Variables {
    vec![
        (
            "REPORTING_DATABASE_URL",
            setup.database_url("reporting_writer", Secret::ReportingWriter, "timetracker"),
        ),
        ("REPORTING_AMQP_URL", setup.amqp_url("reporting", Secret::AmqpReporting)),
        ("REPORTING_HTTP_ADDR", format!("127.0.0.1:{}", setup.ports.reporting)),
    ]
}

/// Of the Spin application: the variables that spin.toml requires.
pub fn spin(setup: &Setup) -> Variables {
    vec![
        ("SPIN_VARIABLE_OIDC_ISSUER", setup.issuer()),
        ("SPIN_VARIABLE_OIDC_AUDIENCE", "timetracker-api".into()),
        ("SPIN_VARIABLE_OIDC_JWKS_URL", setup.jwks_url()),
        ("SPIN_VARIABLE_OIDC_JWKS_ORIGIN", setup.keycloak_origin()),
        ("SPIN_VARIABLE_DIRECTORY_URL", setup.directory_url()),
        ("SPIN_VARIABLE_DIRECTORY_TOKEN_URL", setup.directory_token_url()),
        ("SPIN_VARIABLE_DIRECTORY_CLIENT_SECRET", setup.secrets.get(Secret::Directory).into()),
        (
            "SPIN_VARIABLE_TRACKING_DATABASE_URL",
            setup.database_url("tracking_api", Secret::TrackingApi, "timetracker"),
        ),
        (
            "SPIN_VARIABLE_REPORTS_DATABASE_URL",
            setup.database_url("reports_api", Secret::ReportsApi, "timetracker"),
        ),
        ("SPIN_VARIABLE_DATABASE_ORIGIN", format!("postgres://127.0.0.1:{}", setup.ports.postgres)),
    ]
}

/// Of the tests that use the running stack.
pub fn tests(setup: &Setup) -> Variables {
    let readiness = [setup.ports.bridge, setup.ports.reporting, setup.ports.spin_admin]
        .map(|port| format!("http://127.0.0.1:{port}"));
    vec![
        ("TIMETRACKER_TEST_ADMIN_URL", setup.database_url("postgres", Secret::Postgres, "postgres")),
        ("TIMETRACKER_TEST_DATABASE_URL", setup.database_url("postgres", Secret::Postgres, "timetracker")),
        ("TIMETRACKER_TEST_AMQP_URL", setup.amqp_url("admin", Secret::AmqpAdmin)),
        ("TIMETRACKER_TEST_URL", setup.public_url()),
        ("TIMETRACKER_TEST_CA", setup.paths.ca.join("ca.pem").display().to_string()),
        ("TIMETRACKER_TEST_CONTROL", setup.paths.control_socket().display().to_string()),
        ("TIMETRACKER_TEST_SPIN_URL", setup.spin_origin()),
        ("TIMETRACKER_TEST_READINESS", readiness.join(" ")),
        ("TIMETRACKER_TEST_KEYCLOAK_URL", setup.keycloak_origin()),
        ("TIMETRACKER_TEST_KEYCLOAK_PASSWORD", setup.secrets.get(Secret::KeycloakAdmin).into()),
        ("TIMETRACKER_TEST_TLS", setup.paths.state.join("tls").display().to_string()),
        ("TIMETRACKER_TEST_TRAEFIK", crate::tools::traefik::found(&setup.paths).display().to_string()),
        ("TIMETRACKER_TEST_REPORTING_URL", format!("http://127.0.0.1:{}", setup.ports.reporting)),
    ]
}

/// All of it as lines for a shell, with what a build of components by hand needs.
pub fn shell(setup: &Setup, toolchain: Option<&Toolchain>) -> String {
    let groups = [migrate(setup), bridge(setup), reporting(setup), spin(setup), tests(setup)];
    let plain =
        groups.concat().into_iter().map(|(name, value)| (OsString::from(name), OsString::from(value)));
    let build =
        toolchain.map(|tools| component_environment(&setup.paths, tools, Pace::Use)).unwrap_or_default();
    plain
        .chain(build)
        .map(|(name, value)| {
            format!("export {}={}\n", name.to_string_lossy(), quoted(&value.to_string_lossy()))
        })
        .collect()
}

/// In single quotes, as a POSIX shell reads back.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_survives_the_shell() {
        assert_eq!(quoted("a b"), "'a b'");
        assert_eq!(quoted("it's $HOME"), r"'it'\''s $HOME'");
    }
}
