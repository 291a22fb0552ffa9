//! The read model: one function call a batch (`migrations/functions/reporting.*.sql`), which keeps the newest state of
//! everything and moves the rollups by the difference in one transaction.

use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::Value;
use service::sessions::within;
use tokio::sync::OnceCell;
use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, IsolationLevel, NoTls, Statement};

use crate::{Batch, Failure};

/// What a comparison with the log found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// Part of the model, and how it differs.
    pub differences: Vec<(String, String)>,
    /// Entries whose newest event is still on its way.
    pub pending: i64,
}

/// The schema `reporting`.
pub struct ReadModel {
    client: Client,
    /// `reporting.apply`, prepared at its first use.
    apply: OnceCell<Statement>,
}

impl ReadModel {
    /// Connect.
    ///
    /// # Errors
    /// PostgreSQL does not answer, or refuses.
    pub async fn connect(url: &str) -> Result<Self> {
        let (client, connection) = tokio_postgres::connect(url, NoTls).await.context("PostgreSQL")?;
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::warn!(%error, "the connection to PostgreSQL ended");
            }
        });
        Ok(Self::new(client))
    }

    /// Over a connection that is open already.
    pub fn new(client: Client) -> Self {
        Self { client, apply: OnceCell::new() }
    }

    /// Asks every two seconds whether PostgreSQL answers within `limit`; resolves with why it does not.
    pub async fn lost(&self, limit: Duration) -> anyhow::Error {
        loop {
            let asked = async { self.client.simple_query("").await.context("PostgreSQL") };
            if let Err(error) = within(limit, "PostgreSQL", asked).await {
                return error;
            }
            tokio::time::sleep(Duration::from_secs(2)).await;
        }
    }

    /// The connection, for what is no event.
    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    /// Apply a batch, all or nothing. Answers how many entries, names and people were newer than what was known.
    ///
    /// # Errors
    /// [`Failure::Message`] where one of the events cannot be applied, [`Failure::Database`] where the database is
    /// to blame.
    pub async fn apply_all(&self, batch: &Batch) -> Result<u64, Failure> {
        let prepare = || self.client.prepare("SELECT reporting.apply($1)");
        let apply = self.apply.get_or_try_init(prepare).await.map_err(|error| blame(&error))?;
        let row = self.client.query_one(apply, &[&batch.to_json()]).await.map_err(|error| blame(&error))?;
        Ok(row.get::<_, i64>(0).unsigned_abs())
    }

    /// Tell how many messages wait where.
    ///
    /// # Errors
    /// The database broke off.
    pub async fn count_queues(&self, queues: &Value) -> Result<()> {
        self.client.execute("SELECT reporting.count_queues($1)", &[queues]).await.context("queues")?;
        Ok(())
    }

    /// The form of the tables that are there; 0 where nothing was ever built.
    ///
    /// # Errors
    /// The database broke off.
    pub async fn form(&self) -> Result<i64> {
        Ok(self.client.query_one("SELECT form FROM reporting.state", &[]).await.context("form")?.get(0))
    }

    /// Compare the model with the log, both as they are at one moment. Nobody waits for it.
    ///
    /// # Errors
    /// The database broke off.
    pub async fn verify(&mut self) -> Result<Verified> {
        let transaction =
            self.client.build_transaction().isolation_level(IsolationLevel::RepeatableRead).start().await?;
        let rows = transaction
            .query("SELECT part, difference FROM reporting.verify()", &[])
            .await
            .context("verify")?;
        let pending = transaction.query_one("SELECT reporting.pending()", &[]).await?.get(0);
        transaction.commit().await?;
        let differences = rows.iter().map(|row| (row.get(0), row.get(1))).collect();
        Ok(Verified { differences, pending })
    }
}

/// Only values that PostgreSQL cannot take (classes 22 and 23) are the message's fault.
fn blame(error: &tokio_postgres::Error) -> Failure {
    let of_the_data = |state: &SqlState| state.code().starts_with("22") || state.code().starts_with("23");
    match error.code() {
        Some(state) if of_the_data(state) => Failure::Message(error.to_string()),
        _ => Failure::Database(error.to_string()),
    }
}
