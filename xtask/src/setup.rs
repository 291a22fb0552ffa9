//! What every service's start needs to know: folders, ports, secrets; and the addresses made of them.

use crate::paths::{Paths, make_folder};
use crate::ports::Ports;
use crate::secrets::{Secret, Secrets};
use anyhow::Result;

/// What a stack is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// People: the gateway's limits are as in production.
    Use,
    /// Tests: the limits are so high that tests never meet them, and the data starts empty.
    Test,
}

/// One stack.
pub struct Setup {
    /// Folders.
    pub paths: Paths,
    /// Ports.
    pub ports: Ports,
    /// Passwords.
    pub secrets: Secrets,
    /// What it is for.
    pub purpose: Purpose,
}

impl Setup {
    /// Makes the folders and the secrets that are missing.
    pub fn new(mut paths: Paths, ports: Ports, purpose: Purpose) -> Result<Self> {
        paths.prepare()?;
        make_folder(&paths.logs())?;
        let secrets =
            Secrets::load_or_make(&paths.state.join("secrets.json"), &paths.state.join("postgres"))?;
        Ok(Self { paths, ports, secrets, purpose })
    }

    /// The address people open.
    pub fn public_url(&self) -> String {
        format!("https://localhost:{}", self.ports.https)
    }

    /// The issuer in every token.
    pub fn issuer(&self) -> String {
        format!("{}/auth/realms/timetracker", self.public_url())
    }

    /// Keycloak without the gateway.
    pub fn keycloak_origin(&self) -> String {
        format!("http://127.0.0.1:{}", self.ports.keycloak)
    }

    /// Where the realm's keys are read.
    pub fn jwks_url(&self) -> String {
        format!("{}/auth/realms/timetracker/protocol/openid-connect/certs", self.keycloak_origin())
    }

    /// The realm's admin API, where people are looked up.
    pub fn directory_url(&self) -> String {
        format!("{}/auth/admin/realms/timetracker", self.keycloak_origin())
    }

    /// Where the service account that looks people up logs in.
    pub fn directory_token_url(&self) -> String {
        format!("{}/auth/realms/timetracker/protocol/openid-connect/token", self.keycloak_origin())
    }

    /// The Spin application without the gateway.
    pub fn spin_origin(&self) -> String {
        format!("http://127.0.0.1:{}", self.ports.spin)
    }

    /// PostgreSQL as a role.
    pub fn database_url(&self, role: &str, secret: Secret, database: &str) -> String {
        format!("postgres://{role}:{}@127.0.0.1:{}/{database}", self.secrets.get(secret), self.ports.postgres)
    }

    /// RabbitMQ as a user (the vhost is `/`).
    pub fn amqp_url(&self, user: &str, secret: Secret) -> String {
        format!("amqp://{user}:{}@127.0.0.1:{}/%2f", self.secrets.get(secret), self.ports.amqp)
    }
}
