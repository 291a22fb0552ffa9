//! The read model on real PostgreSQL: order and repeats of events do not matter.

#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

use events::{Day, TimeEntryEvent};
use reporting::{Applied, ReadModel};
use testkit::Database;
use tokio_postgres::Client;

const CREATED: &str = include_str!("../../crates/events/golden/time-entry-created.json");
const CHANGED: &str = include_str!("../../crates/events/golden/time-entry-changed.json");
const DELETED: &str = include_str!("../../crates/events/golden/time-entry-deleted.json");

fn event(golden: &str) -> TimeEntryEvent {
    TimeEntryEvent::parse(golden.as_bytes()).unwrap()
}

/// The read model with the rights of its own role.
async fn model(database: &Database) -> ReadModel {
    ReadModel::new(database.as_role("reporting_writer").await)
}

async fn totals(client: &Client) -> Vec<(String, String, i64)> {
    let rows = client
        .query("SELECT day::text, project, seconds FROM reporting.daily_totals ORDER BY day, project", &[])
        .await
        .unwrap();
    rows.iter().map(|row| (row.get(0), row.get(1), row.get(2))).collect()
}

fn total(day: &str, project: &str, seconds: i64) -> (String, String, i64) {
    (day.to_owned(), project.to_owned(), seconds)
}

#[tokio::test]
async fn an_entry_counts_on_its_days_until_it_is_changed_or_deleted() {
    let database = Database::new().await;
    let (model, admin) = (model(&database).await, database.admin().await);
    assert_eq!(model.apply(&event(CREATED)).await.unwrap(), Applied::Newer);
    assert_eq!(
        totals(&admin).await,
        [total("2026-03-28", "Atlas", 1800), total("2026-03-29", "Atlas", 5400)]
    );
    assert_eq!(model.apply(&event(CHANGED)).await.unwrap(), Applied::Newer);
    assert_eq!(totals(&admin).await, []);
    assert_eq!(model.apply(&event(DELETED)).await.unwrap(), Applied::Newer);
    assert_eq!(totals(&admin).await, []);
}

#[tokio::test]
async fn a_change_moves_the_difference_only() {
    let database = Database::new().await;
    let (model, admin) = (model(&database).await, database.admin().await);
    model.apply(&event(CREATED)).await.unwrap();
    let mut moved = event(CREATED);
    moved.data.version = 2;
    moved.data.after.as_mut().unwrap().project = Some("Borealis".into());
    moved.data.days = vec![Day { date: "2026-03-29".parse().unwrap(), seconds: 600 }];
    model.apply(&moved).await.unwrap();
    assert_eq!(totals(&admin).await, [total("2026-03-29", "Borealis", 600)]);
}

#[tokio::test]
async fn every_order_and_repetition_ends_the_same() {
    let mut second = event(CREATED);
    second.data.version = 2;
    second.data.days = vec![Day { date: "2026-03-30".parse().unwrap(), seconds: 60 }];
    let mut third = second.clone();
    third.data.version = 3;
    third.data.after.as_mut().unwrap().project = None;
    let events = [event(CREATED), second, third];
    for order in [[0, 1, 2, 0], [2, 1, 0, 2], [1, 0, 2, 1], [2, 2, 1, 0], [0, 2, 1, 1], [1, 2, 0, 0]] {
        let database = Database::new().await;
        let model = model(&database).await;
        for index in order {
            model.apply(&events[index]).await.unwrap();
        }
        assert_eq!(totals(&database.admin().await).await, [total("2026-03-30", "", 60)], "{order:?}");
    }
}

#[tokio::test]
async fn a_late_event_does_not_bring_a_deleted_entry_back() {
    let database = Database::new().await;
    let (model, admin) = (model(&database).await, database.admin().await);
    assert_eq!(model.apply(&event(DELETED)).await.unwrap(), Applied::Newer);
    assert_eq!(model.apply(&event(CREATED)).await.unwrap(), Applied::Known);
    assert_eq!(totals(&admin).await, []);
}

#[tokio::test]
async fn two_consumers_at_once_count_once() {
    let database = Database::new().await;
    let (one, two) = (model(&database).await, model(&database).await);
    for version in 1..30 {
        let mut event = event(CREATED);
        event.data.version = version;
        let (first, second) = tokio::join!(one.apply(&event), two.apply(&event));
        let mut both = [first.unwrap(), second.unwrap()];
        both.sort_by_key(|applied| *applied == Applied::Known);
        assert_eq!(both, [Applied::Newer, Applied::Known]);
    }
    let admin = database.admin().await;
    assert_eq!(
        totals(&admin).await,
        [total("2026-03-28", "Atlas", 1800), total("2026-03-29", "Atlas", 5400)]
    );
}
