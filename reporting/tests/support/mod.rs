//! What the tests of the read model share.

#![allow(dead_code, unused_imports, unused_macros, reason = "each test program uses its part")]

use events::Event;
use reporting::{Batch, Failure, ReadModel};
use testkit::Database;
use tokio_postgres::Client;
use uuid::Uuid;

/// A golden event's text.
macro_rules! golden {
    ($name:literal) => {
        include_str!(concat!("../../crates/events/golden/", $name, ".json"))
    };
}
pub(crate) use golden;

/// What came of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Applied {
    /// It was newer than what was known.
    Newer,
    /// A repeat, or older than what was known.
    Known,
}

/// Apply one event.
pub async fn apply(model: &ReadModel, event: &Event) -> Result<Applied, Failure> {
    let mut batch = Batch::default();
    batch.add(event)?;
    Ok(if model.apply_all(&batch).await? > 0 { Applied::Newer } else { Applied::Known })
}

/// The read model with the rights of its own role.
pub async fn model(database: &Database) -> ReadModel {
    ReadModel::new(database.as_role("reporting_writer").await)
}

/// Day, project and seconds of all totals.
pub async fn totals(client: &Client) -> Vec<(String, Option<Uuid>, i64)> {
    let sql = "SELECT day::text, project_id, sum(seconds)::bigint FROM reporting.user_day_totals
        GROUP BY day, project_id ORDER BY day, project_id";
    let rows = client.query(sql, &[]).await.unwrap();
    rows.iter().map(|row| (row.get(0), row.get(1), row.get(2))).collect()
}

/// A connection URL with the rights of the worker's role.
pub fn worker_url(database: &Database) -> String {
    format!("{}?options=-c%20role%3Dreporting_writer", database.url())
}

/// The model differs nowhere from the log and lacks nothing of it.
pub async fn assert_equals_the_log(database: &Database) {
    let mut model = ReadModel::connect(&worker_url(database)).await.unwrap();
    let found = model.verify().await.unwrap();
    assert_eq!((found.differences, found.pending), (vec![], 0));
}
