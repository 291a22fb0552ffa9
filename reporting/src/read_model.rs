//! The read model: one function call an event (`migrations/functions/reporting.apply_entry.sql`), which
//! keeps the newest state and moves the totals by the difference in one transaction.

use anyhow::{Context, Result};
use events::TimeEntryEvent;
use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, NoTls};

use crate::Failure;

const APPLY: &str = "SELECT reporting.apply_entry($1, $2, $3, $4, $5)";

/// What came of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Applied {
    /// It was newer than what was known.
    Newer,
    /// A repeat, or older than what was known.
    Known,
}

/// The schema `reporting`.
pub struct ReadModel(Client);

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
        Self(client)
    }

    /// Apply one event.
    ///
    /// # Errors
    /// [`Failure::Message`] where the event itself cannot be applied, [`Failure::Database`] where the
    /// database is to blame.
    pub async fn apply(&self, event: &TimeEntryEvent) -> Result<Applied, Failure> {
        let data = &event.data;
        let project = data.after.as_ref().and_then(|state| state.project.as_deref());
        let days = serde_json::to_value(&data.days).map_err(|error| Failure::Message(error.to_string()))?;
        let row = self
            .0
            .query_one(APPLY, &[&data.entry_id, &data.user_id, &data.version, &project, &days])
            .await
            .map_err(|error| blame(&error))?;
        Ok(if row.get(0) { Applied::Newer } else { Applied::Known })
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
