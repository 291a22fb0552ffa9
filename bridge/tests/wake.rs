//! The bridge hears of what is committed, also of what another commit spoke for.

#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

use std::time::Duration;

use anyhow::Result;
use bridge::{Changes, Message, Publisher, Relay};
use broker::Answer;
use serde_json::json;
use testkit::{Database, NativeSql, tracking};
use uuid::Uuid;

/// Far longer than the bridge should take.
const LONG: Duration = Duration::from_secs(60);

struct Confirming;

impl Publisher for Confirming {
    async fn publish(&self, messages: &[Message]) -> Result<Vec<Answer>> {
        Ok(messages.iter().map(|_| Answer::Confirmed).collect())
    }
}

/// Somebody new who has written an entry, and has not committed it: two events.
async fn begin_writing(database: &Database) -> NativeSql {
    let api = NativeSql(database.as_role("tracking_api").await);
    api.0.batch_execute("BEGIN").await.unwrap();
    let entry = json!({
        "id": Uuid::new_v4(), "start": "2026-01-05T08:00:00Z", "end": "2026-01-05T09:00:00Z", "zone": "UTC",
        "description": "", "tag_ids": [], "billable": false, "days": [],
    });
    tracking::write(&api, &testkit::caller(), "create_entry", entry).await;
    api
}

/// Relay until so many were sent, looking only when woken.
async fn relay_woken(relay: &mut Relay<Confirming>, changes: &Changes, events: usize) {
    let mut sent = 0;
    while sent < events {
        changes.next(LONG).await.unwrap();
        sent += relay.step().await.unwrap().confirmed;
    }
}

#[tokio::test]
async fn one_commit_wakes_for_all_and_those_behind_it_are_found() {
    let database = Database::new().await;
    let changes = Changes::listen(&database.url()).await.unwrap();
    let mut relay = Relay::new(database.as_role("bridge").await, Confirming, 10).await.unwrap();
    let (first, second) = (begin_writing(&database).await, begin_writing(&database).await);
    let told = async |api: &NativeSql| -> bool {
        let sql =
            "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'advisory'
            AND mode = 'ExclusiveLock')";
        api.0.query_one(sql, &[]).await.unwrap().get(0)
    };
    assert!(told(&first).await && !told(&second).await, "one of the two wakes the bridge");

    first.0.batch_execute("COMMIT").await.unwrap();
    tokio::time::timeout(LONG / 2, relay_woken(&mut relay, &changes, 2)).await.expect("the first one's");
    // The bridge has looked already.
    second.0.batch_execute("COMMIT").await.unwrap();
    tokio::time::timeout(LONG / 2, relay_woken(&mut relay, &changes, 2)).await.expect("the second one's");
}
