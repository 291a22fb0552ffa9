//! The read model: one function call an event (`migrations/functions/reporting.*.sql`), which keeps the newest
//! state and moves the totals by the difference in one transaction.

use anyhow::{Context, Result};
use events::{CatalogueChange, Event, Kind, TimeEntryChange};
use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, NoTls, Row};

use crate::Failure;

const APPLY_ENTRY: &str = "SELECT reporting.apply_entry($1, $2, $3, $4, $5)";
const APPLY_CATALOGUE: &str = "SELECT reporting.apply_catalogue($1, $2, $3, $4, $5, $6, $7, $8)";

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
    pub async fn apply(&self, event: &Event) -> Result<Applied, Failure> {
        let row = match event {
            Event::TimeEntry(event) => self.apply_entry(&event.data).await?,
            Event::Catalogue(kind, event) => self.apply_catalogue(*kind, &event.data).await?,
        };
        Ok(if row.get(0) { Applied::Newer } else { Applied::Known })
    }

    async fn apply_entry(&self, data: &TimeEntryChange) -> Result<Row, Failure> {
        let project = data.after.as_ref().and_then(|state| state.project_id);
        let days = serde_json::to_value(&data.days).map_err(|error| Failure::Message(error.to_string()))?;
        self.0
            .query_one(APPLY_ENTRY, &[&data.entry_id, &data.user_id, &data.version, &project, &days])
            .await
            .map_err(|error| blame(&error))
    }

    async fn apply_catalogue(&self, kind: Kind, data: &CatalogueChange) -> Result<Row, Failure> {
        // What is deleted keeps its last name: time that was spent on it is still told by it.
        let last = data.last().ok_or_else(|| Failure::Message("it tells of no state at all".to_owned()))?;
        let deleted = data.after.is_none();
        self.0
            .query_one(
                APPLY_CATALOGUE,
                &[
                    &kind.name(),
                    &data.id,
                    &data.version,
                    &last.name,
                    &last.color,
                    &last.archived,
                    &last.parent(),
                    &deleted,
                ],
            )
            .await
            .map_err(|error| blame(&error))
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
