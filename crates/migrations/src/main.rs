//! `migrate`: makes roles and databases, then applies the migrations. Safe to run again at any time.

use std::process::ExitCode;

use anyhow::{Context, Result};
use migrations::{Passwords, apply, connect, create_databases, create_roles};
use service::config;

#[tokio::main]
async fn main() -> ExitCode {
    service::logging::init();
    service::logging::ended(run().await)
}

async fn run() -> Result<()> {
    let url = config::required("MIGRATE_ADMIN_URL")?;
    let passwords = Passwords::from_env()?;

    let admin = connect(&url).await.context("MIGRATE_ADMIN_URL")?;
    create_roles(&admin, &passwords).await?;
    create_databases(&admin).await?;

    let mut timetracker = url.parse::<tokio_postgres::Config>().context("MIGRATE_ADMIN_URL")?;
    timetracker.dbname("timetracker");
    let (mut client, connection) = timetracker.connect(tokio_postgres::NoTls).await?;
    tokio::spawn(connection);
    let applied = apply(&mut client).await?;
    tracing::info!(applied, "the database is up to date");
    Ok(())
}
