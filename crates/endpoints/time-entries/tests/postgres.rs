//! The use cases over PostgreSQL, with the rights of the service's own role.

#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

mod suite;

use endpoints_time_entries::PostgresTimeEntries;
use testkit::{Database, NativeSql};

async fn store() -> PostgresTimeEntries<NativeSql> {
    PostgresTimeEntries(NativeSql(Database::new().await.as_role("tracking_api").await))
}

suite::tests!(store);
