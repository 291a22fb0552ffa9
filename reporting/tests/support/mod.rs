//! What the tests of the read model share.

use reporting::ReadModel;
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

/// The read model with the rights of its own role.
pub async fn model(database: &Database) -> ReadModel {
    ReadModel::new(database.as_role("reporting_writer").await)
}

/// Day, project and seconds of all totals.
pub async fn totals(client: &Client) -> Vec<(String, Option<Uuid>, i64)> {
    let sql = "SELECT day::text, project_id, seconds FROM reporting.daily_totals ORDER BY day, project_id";
    let rows = client.query(sql, &[]).await.unwrap();
    rows.iter().map(|row| (row.get(0), row.get(1), row.get(2))).collect()
}
