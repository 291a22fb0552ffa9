//! The passwords of one clone: made at its first start, kept in its state folder, never in the repository.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

use anyhow::{Context, Result, bail};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use crate::paths::write_private;

/// Whom a secret belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Secret {
    /// PostgreSQL's superuser `postgres`.
    Postgres,
    /// PostgreSQL role `tracking_api`.
    TrackingApi,
    /// PostgreSQL role `bridge`.
    Bridge,
    /// PostgreSQL role `reporting_writer`.
    ReportingWriter,
    /// PostgreSQL role `reports_api`.
    ReportsApi,
    /// PostgreSQL role `migrator`.
    Migrator,
    /// PostgreSQL role `keycloak`.
    KeycloakDatabase,
    /// Keycloak's first administrator.
    KeycloakAdmin,
    /// AMQP user `bridge`.
    AmqpBridge,
    /// AMQP user `reporting`.
    AmqpReporting,
    /// AMQP user `admin`.
    AmqpAdmin,
    /// What Erlang nodes know each other by.
    ErlangCookie,
    /// Keycloak's client `timetracker-directory`, which looks people up.
    Directory,
}

const ALL: [(Secret, &str); 13] = [
    (Secret::Postgres, "postgres"),
    (Secret::TrackingApi, "tracking_api"),
    (Secret::Bridge, "bridge"),
    (Secret::ReportingWriter, "reporting_writer"),
    (Secret::ReportsApi, "reports_api"),
    (Secret::Migrator, "migrator"),
    (Secret::KeycloakDatabase, "keycloak_database"),
    (Secret::KeycloakAdmin, "keycloak_admin"),
    (Secret::AmqpBridge, "amqp_bridge"),
    (Secret::AmqpReporting, "amqp_reporting"),
    (Secret::AmqpAdmin, "amqp_admin"),
    (Secret::ErlangCookie, "erlang_cookie"),
    (Secret::Directory, "directory"),
];

/// Those that are in the data itself. All others are set anew at each start.
const LASTING: [Secret; 2] = [Secret::Postgres, Secret::KeycloakAdmin];

/// All secrets of the clone. Has no `Debug`, so that none is printed by mistake.
pub struct Secrets(BTreeMap<String, String>);

impl Secrets {
    /// Reads the secrets, making those that are missing (a newer version may need more), but for those that `data`, if
    /// it is there, was made with.
    pub fn load_or_make(file: &Path, data: &Path) -> Result<Self> {
        let mut map: BTreeMap<String, String> = match fs::read_to_string(file) {
            Ok(text) => serde_json::from_str(&text).with_context(|| {
                format!("{} is not valid JSON: restore it, or run `cargo xtask reset`", file.display())
            })?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => BTreeMap::new(),
            Err(error) => {
                return Err(error).with_context(|| format!("{} cannot be read", file.display()));
            }
        };
        map.retain(|_, secret| !secret.is_empty());
        let before = map.clone();
        for (secret, name) in ALL {
            if map.contains_key(name) {
                continue;
            }
            if LASTING.contains(&secret) && data.exists() {
                bail!(
                    "{} lacks the password {name:?}, which {} was made with: restore the file, or clear all data with `cargo xtask reset`",
                    file.display(),
                    data.display()
                );
            }
            map.insert(name.into(), random_hex(24)?);
        }
        if map != before {
            write_private(file, format!("{}\n", serde_json::to_string_pretty(&map)?))?;
        }
        Ok(Self(map))
    }

    /// One secret; letters and digits only, so that it needs no escaping in a URL.
    pub fn get(&self, secret: Secret) -> &str {
        ALL.iter()
            .find(|(which, _)| *which == secret)
            .and_then(|(_, name)| self.0.get(*name))
            .map_or("", String::as_str)
    }
}

/// RabbitMQ's stored form of a password: base64 of a 4-byte salt and SHA-256(salt ‖ password).
pub fn rabbitmq_hash(password: &str) -> Result<String> {
    let mut salt = [0_u8; 4];
    fill_random(&mut salt)?;
    Ok(salted_hash(salt, password))
}

fn salted_hash(salt: [u8; 4], password: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(salt);
    hash.update(password.as_bytes());
    let mut stored = salt.to_vec();
    stored.extend_from_slice(&hash.finalize());
    STANDARD.encode(stored)
}

/// `bytes` random bytes as hexadecimal digits.
pub fn random_hex(bytes: usize) -> Result<String> {
    let mut raw = vec![0_u8; bytes];
    fill_random(&mut raw)?;
    Ok(raw.iter().map(|byte| format!("{byte:02x}")).collect())
}

fn fill_random(bytes: &mut [u8]) -> Result<()> {
    File::open("/dev/urandom")
        .and_then(|mut source| source.read_exact(bytes))
        .context("/dev/urandom cannot be read")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_hash_is_the_one_in_rabbitmqs_documentation() {
        // Salt 908D C60A and password "test12" give this stored form.
        assert_eq!(
            salted_hash([0x90, 0x8D, 0xC6, 0x0A], "test12"),
            "kI3GCqW5JLMJa4iX1lo7X4D6XbYqlLgxIs30+P6tENUV2POR"
        );
    }

    #[test]
    fn secrets_are_kept_and_only_missing_ones_are_made() {
        let file = std::env::temp_dir().join(format!("xtask-secrets-{}", std::process::id()));
        write_private(&file, r#"{"bridge":"kept"}"#).unwrap();
        let no_data = Path::new("/nonexistent");
        let first = Secrets::load_or_make(&file, no_data).unwrap();
        assert_eq!(first.get(Secret::Bridge), "kept");
        assert_eq!(first.get(Secret::AmqpBridge).len(), 48);
        let second = Secrets::load_or_make(&file, no_data).unwrap();
        assert_eq!(first.0, second.0);
        assert_ne!(first.get(Secret::AmqpBridge), first.get(Secret::AmqpAdmin));
        fs::remove_file(&file).unwrap();
    }

    #[test]
    fn a_secret_that_the_data_was_made_with_is_not_made_again() {
        let file = std::env::temp_dir().join(format!("xtask-secrets-lost-{}", std::process::id()));
        for lost in ["{}", r#"{"postgres":"","keycloak_admin":"there"}"#] {
            write_private(&file, lost).unwrap();
            let error = Secrets::load_or_make(&file, &std::env::temp_dir()).err().unwrap().to_string();
            assert!(error.contains("\"postgres\"") && error.contains("cargo xtask reset"), "{error}");
            assert_eq!(fs::read_to_string(&file).unwrap(), lost);
        }
        fs::remove_file(&file).unwrap();
    }
}
