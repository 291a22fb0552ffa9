//! The read model on real PostgreSQL: order and repeats of events do not matter.

#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

mod support;

use events::{Day, Event, TimeEntryEvent};
use reporting::{Batch, Failure, ReadModel};
use support::{Applied, apply, golden, model, totals};
use testkit::Database;
use tokio_postgres::Client;
use uuid::{Uuid, uuid};

const CREATED: &str = golden!("time-entry-created");
const CHANGED: &str = golden!("time-entry-changed");
const DELETED: &str = golden!("time-entry-deleted");
const RESTORED: &str = golden!("time-entry-restored");

/// The project of the golden events.
const ATLAS: Uuid = uuid!("c0a1f6d2-3b44-4e0f-9a77-5d1e8b2c4f01");
/// A project that no event told of.
const OTHER: Uuid = uuid!("5b0c1d4e-8a2f-4f6b-9c3d-7e1f2a3b4c5d");

fn event(golden: &str) -> Event {
    Event::parse(golden.as_bytes()).unwrap()
}

fn entry(golden: &str) -> TimeEntryEvent {
    TimeEntryEvent::parse(golden.as_bytes()).unwrap()
}

fn day(date: &str, seconds: i64) -> Day {
    Day { date: date.parse().unwrap(), seconds, rounded_seconds: seconds, amount: None }
}

fn total(day: &str, project: Option<Uuid>, seconds: i64) -> (String, Option<Uuid>, i64) {
    (day.to_owned(), project, seconds)
}

fn night() -> [(String, Option<Uuid>, i64); 2] {
    [total("2026-03-28", Some(ATLAS), 1800), total("2026-03-29", Some(ATLAS), 5400)]
}

#[tokio::test]
async fn an_entry_counts_on_its_days_until_it_is_changed_or_deleted() {
    let database = Database::new().await;
    let (model, admin) = (model(&database).await, database.admin().await);
    assert_eq!(apply(&model, &event(CREATED)).await.unwrap(), Applied::Newer);
    assert_eq!(totals(&admin).await, night());
    assert_eq!(apply(&model, &event(CHANGED)).await.unwrap(), Applied::Newer);
    assert_eq!(totals(&admin).await, []);
    assert_eq!(apply(&model, &event(DELETED)).await.unwrap(), Applied::Newer);
    assert_eq!(totals(&admin).await, []);
    assert_eq!(apply(&model, &event(RESTORED)).await.unwrap(), Applied::Newer);
    assert_eq!(totals(&admin).await, night());
}

#[tokio::test]
async fn a_change_moves_the_difference_only() {
    let database = Database::new().await;
    let (model, admin) = (model(&database).await, database.admin().await);
    apply(&model, &event(CREATED)).await.unwrap();
    let mut moved = entry(CREATED);
    moved.data.version = 2;
    moved.data.after.as_mut().unwrap().project_id = Some(OTHER);
    moved.data.days = vec![day("2026-03-29", 600)];
    apply(&model, &Event::TimeEntry(moved.clone())).await.unwrap();
    assert_eq!(totals(&admin).await, [total("2026-03-29", Some(OTHER), 600)]);
    // "No project" is one group: a second entry adds to it.
    for (id, version) in [(moved.data.entry_id, 3), (Uuid::new_v4(), 1)] {
        moved.data.entry_id = id;
        moved.data.version = version;
        moved.data.after.as_mut().unwrap().project_id = None;
        apply(&model, &Event::TimeEntry(moved.clone())).await.unwrap();
    }
    assert_eq!(totals(&admin).await, [total("2026-03-29", None, 1200)]);
}

#[tokio::test]
async fn every_order_and_repetition_ends_the_same() {
    let mut second = entry(CREATED);
    second.data.version = 2;
    second.data.days = vec![day("2026-03-30", 60)];
    let mut third = second.clone();
    third.data.version = 3;
    third.data.after.as_mut().unwrap().project_id = None;
    let events = [event(CREATED), Event::TimeEntry(second), Event::TimeEntry(third)];
    for order in ORDERS {
        let database = Database::new().await;
        let model = model(&database).await;
        for index in order {
            apply(&model, &events[index]).await.unwrap();
        }
        assert_eq!(totals(&database.admin().await).await, [total("2026-03-30", None, 60)], "{order:?}");
    }
}

const ORDERS: [[usize; 4]; 6] =
    [[0, 1, 2, 0], [2, 1, 0, 2], [1, 0, 2, 1], [2, 2, 1, 0], [0, 2, 1, 1], [1, 2, 0, 0]];

#[tokio::test]
async fn a_late_event_does_not_bring_a_deleted_entry_back() {
    let database = Database::new().await;
    let (model, admin) = (model(&database).await, database.admin().await);
    assert_eq!(apply(&model, &event(DELETED)).await.unwrap(), Applied::Newer);
    assert_eq!(apply(&model, &event(CREATED)).await.unwrap(), Applied::Known);
    assert_eq!(totals(&admin).await, []);
}

#[tokio::test]
async fn two_consumers_at_once_count_once() {
    let database = Database::new().await;
    let (one, two) = (model(&database).await, model(&database).await);
    for version in 1..30 {
        let mut newer = entry(CREATED);
        newer.data.version = version;
        let newer = Event::TimeEntry(newer);
        let (first, second) = tokio::join!(apply(&one, &newer), apply(&two, &newer));
        let mut both = [first.unwrap(), second.unwrap()];
        both.sort_by_key(|applied| *applied == Applied::Known);
        assert_eq!(both, [Applied::Newer, Applied::Known]);
    }
    assert_eq!(totals(&database.admin().await).await, night());
}

/// The catalogue's rows: kind, version, name, colour, archived, parent, deleted.
async fn catalogue(client: &Client) -> Vec<String> {
    let sql = "SELECT concat_ws(' ', kind, version, name, color, archived, coalesce(parent::text, '-'), deleted) \
        FROM reporting.catalogue ORDER BY kind";
    client.query(sql, &[]).await.unwrap().iter().map(|row| row.get(0)).collect()
}

#[tokio::test]
async fn the_catalogue_keeps_the_newest_state_in_whatever_order_it_comes() {
    let events =
        [golden!("project-created"), golden!("project-changed"), golden!("project-deleted")].map(event);
    for order in ORDERS {
        let database = Database::new().await;
        let model = model(&database).await;
        let mut known = 0;
        for index in order {
            let version = index + 1;
            let expected = if version > known { Applied::Newer } else { Applied::Known };
            known = known.max(version);
            assert_eq!(apply(&model, &events[index]).await.unwrap(), expected, "{order:?}");
        }
        let admin = database.admin().await;
        assert_eq!(catalogue(&admin).await, ["project 3 Atlas II #d64550 t - t"], "{order:?}");
    }
}

#[tokio::test]
async fn all_four_kinds_are_kept_with_what_they_belong_to() {
    let database = Database::new().await;
    let model: ReadModel = model(&database).await;
    for golden in [
        golden!("project-created"),
        golden!("client-created"),
        golden!("task-created"),
        golden!("tag-created"),
    ] {
        assert_eq!(apply(&model, &event(golden)).await.unwrap(), Applied::Newer);
    }
    assert_eq!(
        catalogue(&database.admin().await).await,
        [
            "client 1 Northwind #1b998b f - f",
            "project 1 Atlas #4f6bed f c0a1f6d2-3b44-4e0f-9a77-5d1e8b2c4f04 f",
            "tag 1 night #5c5470 f - f",
            "task 1 Drawings #e9a23b f c0a1f6d2-3b44-4e0f-9a77-5d1e8b2c4f01 f",
        ]
    );
}

#[tokio::test]
async fn people_are_kept_in_their_newest_state() {
    let database = Database::new().await;
    let model = model(&database).await;
    let events = [golden!("user-created"), golden!("user-changed")].map(event);
    assert_eq!(apply(&model, &events[1]).await.unwrap(), Applied::Newer);
    assert_eq!(apply(&model, &events[0]).await.unwrap(), Applied::Known);
    let sql = "SELECT concat_ws(' ', version, username, name, zone, locale, week_start, daily_target_minutes) FROM reporting.people";
    let rows = database.admin().await.query(sql, &[]).await.unwrap();
    let people: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    assert_eq!(people, ["7 alice Alice Martin Europe/Zurich fr monday 450"]);
}

#[tokio::test]
async fn a_batch_counts_like_its_events_one_by_one() {
    let database = Database::new().await;
    let model = model(&database).await;
    let mut batch = Batch::default();
    for golden in
        [CHANGED, CREATED, RESTORED, DELETED, CREATED, golden!("project-created"), golden!("user-created")]
    {
        batch.add(&event(golden)).unwrap();
    }
    assert_eq!(model.apply_all(&batch).await.unwrap(), 3, "an entry, a project and a person");
    assert_eq!(model.apply_all(&batch).await.unwrap(), 0);
    assert_eq!(totals(&database.admin().await).await, night());
}

#[tokio::test]
async fn an_event_that_postgresql_cannot_take_is_to_blame_and_leaves_nothing() {
    let database = Database::new().await;
    let model = model(&database).await;
    let mut wrong = entry(CREATED);
    wrong.data.after.as_mut().unwrap().description = "a\0b".to_owned();
    let mut batch = Batch::default();
    batch.add(&event(golden!("project-created"))).unwrap();
    batch.add(&Event::TimeEntry(wrong)).unwrap();
    assert!(matches!(model.apply_all(&batch).await, Err(Failure::Message(_))));
    let admin = database.admin().await;
    assert_eq!((totals(&admin).await, catalogue(&admin).await), (vec![], vec![]));
}
