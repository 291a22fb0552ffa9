//! The report over the read model in PostgreSQL, written and read with the rights of the two services' roles.

#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

mod suite;

use endpoints_reports::PostgresReports;
use serde_json::json;
use suite::Fact;
use testkit::{Database, NativeSql};
use uuid::Uuid;

async fn model(facts: Vec<Fact>) -> PostgresReports<NativeSql> {
    let database = Database::new().await;
    let writer = database.as_role("reporting_writer").await;
    for fact in facts {
        let days = json!([{ "date": fact.day, "seconds": fact.seconds }]);
        writer
            .execute(
                "SELECT reporting.apply_entry($1, $2, 1, $3, $4)",
                &[&Uuid::new_v4(), &fact.user, &fact.project, &days],
            )
            .await
            .unwrap();
    }
    PostgresReports(NativeSql(database.as_role("reports_api").await))
}

suite::tests!(model);
