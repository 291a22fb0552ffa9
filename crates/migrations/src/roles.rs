//! One role per service, each with the least it needs; what it needs is granted by the migrations.

use anyhow::{Context, Result};
use postgres_protocol::password::scram_sha_256;
use service::config::{self, Secret};
use tokio_postgres::Client;

/// The roles' passwords.
pub struct Passwords(Vec<(&'static Role, Secret)>);

struct Role {
    name: &'static str,
    variable: &'static str,
    /// Bounds what one service can take of PostgreSQL's connections.
    connections: u16,
    /// How long a statement may wait for a lock, and last.
    limits: Option<(&'static str, &'static str)>,
}

/// Of the services that somebody waits for.
const ASKED: Option<(&str, &str)> = Some(("4s", "30s"));

const ROLES: [Role; 6] = [
    Role { name: "migrator", variable: "MIGRATOR_PASSWORD", connections: 5, limits: None },
    Role { name: "tracking_api", variable: "TRACKING_API_PASSWORD", connections: 60, limits: ASKED },
    Role { name: "reports_api", variable: "REPORTS_API_PASSWORD", connections: 30, limits: ASKED },
    Role { name: "bridge", variable: "BRIDGE_PASSWORD", connections: 30, limits: None },
    Role { name: "reporting_writer", variable: "REPORTING_WRITER_PASSWORD", connections: 10, limits: None },
    Role { name: "keycloak", variable: "KEYCLOAK_DATABASE_PASSWORD", connections: 40, limits: None },
];

impl Passwords {
    /// Read them from the environment.
    ///
    /// # Errors
    /// Names the first variable that is missing.
    pub fn from_env() -> Result<Self> {
        ROLES.iter().map(|role| Ok((role, config::secret(role.variable)?))).collect::<Result<_>>().map(Self)
    }

    /// The same password for all roles: for tests.
    pub fn all(password: &str) -> Self {
        Self(ROLES.iter().map(|role| (role, Secret::from(password.to_owned()))).collect())
    }
}

/// Create the roles, or set their passwords and limits anew. `admin` is a superuser's connection.
///
/// # Errors
/// PostgreSQL refuses.
pub async fn create_roles(admin: &Client, passwords: &Passwords) -> Result<()> {
    for (role, password) in &passwords.0 {
        let name = role.name;
        let exists = admin.query_opt("SELECT 1 FROM pg_roles WHERE rolname = $1", &[&name]).await?.is_some();
        if !exists {
            admin
                .batch_execute(&format!("CREATE ROLE {name}"))
                .await
                .with_context(|| format!("role {name}"))?;
        }
        reset_settings(admin, name).await.with_context(|| format!("role {name}"))?;
        // DDL takes no parameters: PostgreSQL's own quoting makes the statement. The password itself would come into the
        // server's log where the statement fails or is slow.
        let verifier = scram_sha_256(password.expose().as_bytes());
        let statement: String = admin
            .query_one(
                "SELECT format('ALTER ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE CONNECTION LIMIT %s PASSWORD %L', $1::text, $2::text, $3::text)",
                &[&name, &role.connections.to_string(), &verifier],
            )
            .await?
            .get(0);
        admin.batch_execute(&statement).await.with_context(|| format!("role {name}"))?;
        // A request that hangs for an hour is a fault; Keycloak's pool keeps its connections by itself.
        if name != "keycloak" && name != "migrator" {
            admin
                .batch_execute(&format!("ALTER ROLE {name} SET idle_in_transaction_session_timeout = '60s'"))
                .await?;
            admin.batch_execute(&format!("ALTER ROLE {name} SET idle_session_timeout = '1h'")).await?;
        }
        // What waits longer for a person's other requests, or works longer, is refused while its caller still waits.
        if let Some((lock, statement)) = role.limits {
            for (setting, limit) in [("lock_timeout", lock), ("statement_timeout", statement)] {
                admin.batch_execute(&format!("ALTER ROLE {name} SET {setting} = '{limit}'")).await?;
            }
        }
        // A plan for any span of days takes a year for some of them, and joins the names of its groups one by one.
        if name == "reports_api" {
            admin
                .batch_execute(&format!("ALTER ROLE {name} SET plan_cache_mode = force_custom_plan"))
                .await?;
        }
    }
    Ok(())
}

/// A role may change its own settings, which PostgreSQL lets nobody forbid: what it has changed does not last.
///
/// # Errors
/// PostgreSQL refuses.
pub async fn reset_settings(admin: &Client, role: &str) -> Result<()> {
    let everywhere = format!("ALTER ROLE {role} RESET ALL");
    let rows = admin
        .query(
            "SELECT format('ALTER ROLE %I IN DATABASE %I RESET ALL', r.rolname, d.datname)
             FROM pg_db_role_setting s JOIN pg_roles r ON r.oid = s.setrole JOIN pg_database d ON d.oid = s.setdatabase
             WHERE r.rolname = $1",
            &[&role],
        )
        .await?;
    for statement in rows.iter().map(|row| row.get(0)).chain([everywhere]) {
        admin.batch_execute(&statement).await?;
    }
    Ok(())
}

/// Create the databases `timetracker` and `keycloak`, each owned by its role and closed to the others.
///
/// # Errors
/// PostgreSQL refuses.
pub async fn create_databases(admin: &Client) -> Result<()> {
    for (database, owner, guests) in [
        ("timetracker", "migrator", "tracking_api, reports_api, bridge, reporting_writer"),
        ("keycloak", "keycloak", ""),
    ] {
        let exists =
            admin.query_opt("SELECT 1 FROM pg_database WHERE datname = $1", &[&database]).await?.is_some();
        if !exists {
            admin
                .batch_execute(&format!("CREATE DATABASE {database} OWNER {owner}"))
                .await
                .with_context(|| format!("database {database}"))?;
        }
        admin.batch_execute(&format!("REVOKE ALL ON DATABASE {database} FROM PUBLIC")).await?;
        if !guests.is_empty() {
            admin.batch_execute(&format!("GRANT CONNECT ON DATABASE {database} TO {guests}")).await?;
        }
    }
    // Everybody may connect to these at first, and make temporary tables there.
    admin.batch_execute("REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC").await?;
    Ok(())
}
