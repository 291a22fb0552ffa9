//! Applies everything in `migrations/`: the numbered files once each and in order, the functions anew
//! each time (they are `CREATE OR REPLACE`). Used by the `migrate` program and by tests.

mod roles;

use anyhow::{Context, Result};
use include_dir::{Dir, include_dir};
use tokio_postgres::{Client, NoTls};

pub use roles::{Passwords, create_databases, create_roles, reset_settings};

mod numbered {
    refinery::embed_migrations!("../../migrations");
}

static FUNCTIONS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../migrations/functions");

/// Connect without TLS (the database is on this machine or in the same private network).
///
/// # Errors
/// No server answers there, or it refuses the login.
pub async fn connect(url: &str) -> Result<Client> {
    let (client, connection) =
        tokio_postgres::connect(url, NoTls).await.context("PostgreSQL does not answer")?;
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::warn!(%error, "the connection to PostgreSQL ended");
        }
    });
    Ok(client)
}

/// Bring the database that `client` is connected to up to date, as role `migrator`, who owns all in it.
/// Answers how many numbered files were new.
///
/// # Errors
/// A file fails (nothing of it stays), or an applied file was changed afterwards.
pub async fn apply(client: &mut Client) -> Result<usize> {
    client.batch_execute("SET ROLE migrator").await?;
    let report = numbered::migrations::runner().run_async(client).await.context("numbered migrations")?;
    let mut files: Vec<_> = FUNCTIONS.files().collect();
    files.sort_by_key(|file| file.path());
    let transaction = client.transaction().await?;
    // Two migrators at once would otherwise fail with "tuple concurrently updated".
    transaction.execute("SELECT pg_advisory_xact_lock(hashtext('timetracker functions'))", &[]).await?;
    for file in files {
        let name = file.path().display();
        let sql = file.contents_utf8().with_context(|| format!("{name} is not UTF-8"))?;
        transaction.batch_execute(sql).await.with_context(|| format!("migrations/functions/{name}"))?;
    }
    transaction.commit().await?;
    client.batch_execute("RESET ROLE").await?;
    Ok(report.applied_migrations().len())
}
