//! `xtask settings`: what Docker Compose's `setup` service runs. It makes the passwords, the certificate and the
//! broker's users once, and puts before each service what is its own: `<folder>/<service>/env` and files.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use anyhow::{Context, Result};

use crate::secrets::{Secret, Secrets};
use crate::services::rabbitmq::with_users;
use crate::tls;

/// Make what is missing; what is there stays, but for the files that follow from it.
pub fn write(folder: &Path, topology: &Path) -> Result<()> {
    // The authority's key and all passwords together: mounted into no other service.
    let private = folder.join("setup");
    fs::create_dir_all(&private)?;
    // The data is in volumes that are not mounted here.
    let secrets = Secrets::load_or_make(&private.join("secrets.json"), &private.join("no-data"))?;
    let database =
        |role: &str, secret| format!("postgres://{role}:{}@postgres:5432/timetracker", secrets.get(secret));
    let amqp = |user: &str, secret| format!("amqp://{user}:{}@rabbitmq:5672/%2f", secrets.get(secret));
    let secret = |secret| secrets.get(secret).to_owned();

    let superuser = format!("postgres://postgres:{}@postgres:5432/postgres", secrets.get(Secret::Postgres));
    let environments: [(&str, Vec<(&str, String)>); 5] = [
        (
            "migrate",
            vec![
                ("MIGRATE_ADMIN_URL", superuser),
                ("TRACKING_API_PASSWORD", secret(Secret::TrackingApi)),
                ("BRIDGE_PASSWORD", secret(Secret::Bridge)),
                ("REPORTING_WRITER_PASSWORD", secret(Secret::ReportingWriter)),
                ("REPORTS_API_PASSWORD", secret(Secret::ReportsApi)),
                ("MIGRATOR_PASSWORD", secret(Secret::Migrator)),
                ("KEYCLOAK_DATABASE_PASSWORD", secret(Secret::KeycloakDatabase)),
            ],
        ),
        (
            "bridge",
            vec![
                ("BRIDGE_DATABASE_URL", database("bridge", Secret::Bridge)),
                ("BRIDGE_AMQP_URL", amqp("bridge", Secret::AmqpBridge)),
            ],
        ),
        (
            "reporting",
            vec![
                ("REPORTING_DATABASE_URL", database("reporting_writer", Secret::ReportingWriter)),
                ("REPORTING_AMQP_URL", amqp("reporting", Secret::AmqpReporting)),
            ],
        ),
        (
            "app",
            vec![
                ("SPIN_VARIABLE_TRACKING_DATABASE_URL", database("tracking_api", Secret::TrackingApi)),
                ("SPIN_VARIABLE_REPORTS_DATABASE_URL", database("reports_api", Secret::ReportsApi)),
                ("SPIN_VARIABLE_DIRECTORY_CLIENT_SECRET", secret(Secret::Directory)),
            ],
        ),
        (
            "keycloak",
            vec![
                ("KC_DB_PASSWORD", secret(Secret::KeycloakDatabase)),
                ("KC_BOOTSTRAP_ADMIN_PASSWORD", secret(Secret::KeycloakAdmin)),
                ("TIMETRACKER_DIRECTORY_SECRET", secret(Secret::Directory)),
            ],
        ),
    ];
    for (service, variables) in environments {
        let lines: String = variables.iter().map(|(name, value)| format!("{name}='{value}'\n")).collect();
        publish(folder, service, "env", &lines)?;
    }
    publish(folder, "postgres", "password", secrets.get(Secret::Postgres))?;
    let topology =
        fs::read_to_string(topology).with_context(|| format!("{} cannot be read", topology.display()))?;
    publish(folder, "rabbitmq", "definitions.json", &with_users(&topology, &secrets)?)?;

    tls::ensure(&private.join("ca"), &private.join("tls"))?;
    for file in ["cert.pem", "key.pem"] {
        publish(folder, "tls", file, &fs::read_to_string(private.join("tls").join(file))?)?;
    }
    publish(folder, "tls", "ca.pem", &fs::read_to_string(private.join("ca").join("ca.pem"))?)?;
    println!("settings are ready; trust the certificate authority in tls/ca.pem once");
    Ok(())
}

/// A file for one service. Each image has a user of its own, unknown here, so the file is readable by all; only
/// that service mounts the folder.
fn publish(folder: &Path, service: &str, name: &str, content: &str) -> Result<()> {
    let folder = folder.join(service);
    fs::create_dir_all(&folder)?;
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o755))?;
    let file = folder.join(name);
    // It may be there, read-only, from an earlier run.
    let _ = fs::remove_file(&file);
    fs::write(&file, content).with_context(|| format!("{} cannot be written", file.display()))?;
    fs::set_permissions(&file, fs::Permissions::from_mode(0o444))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_service_gets_its_own_and_a_second_run_changes_nothing() {
        let folder = std::env::temp_dir().join(format!("timetracker-settings-{}", std::process::id()));
        let topology = Path::new(env!("CARGO_MANIFEST_DIR")).join("../rabbitmq/definitions.json");
        write(&folder, &topology).unwrap();
        let read = |path: &str| fs::read_to_string(folder.join(path)).unwrap();
        let bridge = read("bridge/env");
        let password = read("migrate/env")
            .lines()
            .find_map(|line| line.strip_prefix("BRIDGE_PASSWORD='").map(str::to_owned))
            .unwrap();
        let password = password.trim_end_matches('\'');
        assert!(bridge.contains(&format!("postgres://bridge:{password}@postgres:5432/timetracker")));
        assert!(!read("reporting/env").contains(password), "another service's secret");
        assert!(read("tls/cert.pem").contains("BEGIN CERTIFICATE"));
        let users: serde_json::Value = serde_json::from_str(&read("rabbitmq/definitions.json")).unwrap();
        assert_eq!(users["users"].as_array().unwrap().len(), 3);
        write(&folder, &topology).unwrap();
        assert_eq!(read("bridge/env"), bridge);
        fs::remove_dir_all(&folder).unwrap();
    }
}
