//! Projects become ids in an installation that has been in use: what the reports counted stays counted.

#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

mod support;

use events::{Event, TimeEntryEvent};
use reporting::{FORM, rebuild};
use serde_json::{Value, json};
use support::{Applied, apply, assert_equals_the_log, golden, model, totals, worker_url};
use testkit::Database;
use tokio_postgres::Client;
use uuid::Uuid;

/// The numbered migrations of these schemas in their order. Text, because the tests need to stop in between.
const NUMBERED: [&str; 8] = [
    include_str!("../../migrations/V1__tracking.sql"),
    include_str!("../../migrations/V2__reporting.sql"),
    include_str!("../../migrations/V3__catalogue_and_protocol.sql"),
    include_str!("../../migrations/V4__reporting_catalogue.sql"),
    include_str!("../../migrations/V5__reports.sql"),
    include_str!("../../migrations/V7__coarse_rollups.sql"),
    include_str!("../../migrations/V8__whole_outbox.sql"),
    include_str!("../../migrations/V9__years_of_people.sql"),
];

/// A database as it was before projects had ids.
async fn before() -> (Database, Client) {
    let database = Database::new().await;
    let admin = database.admin().await;
    admin
        .batch_execute("SET ROLE migrator; DROP SCHEMA tracking CASCADE; DROP SCHEMA reporting CASCADE")
        .await
        .unwrap();
    for sql in &NUMBERED[..2] {
        admin.batch_execute(sql).await.unwrap();
    }
    (database, admin)
}

async fn migrate(database: &Database, admin: &Client) {
    for sql in &NUMBERED[2..] {
        admin.batch_execute(sql).await.unwrap();
    }
    // The numbered files count as applied; the functions are put in anew.
    assert_eq!(migrations::apply(&mut database.admin().await).await.unwrap(), 0);
    // As the worker does when it finds a form older than its own.
    let url = worker_url(database);
    assert_eq!(reporting::ReadModel::connect(&url).await.unwrap().form().await.unwrap(), 0);
    rebuild(&url, FORM, &|_| {}).await.unwrap();
    assert_eq!(reporting::ReadModel::connect(&url).await.unwrap().form().await.unwrap(), FORM);
}

/// One entry of the version 1 form: row, last event, and what the reports made of an older version of it.
async fn old_entry(admin: &Client, hour: u32, project: Option<&str>, deleted: bool) -> Value {
    let mut event: Value = serde_json::from_str(golden!("v1/time-entry-created")).unwrap();
    let (id, user) = (Uuid::new_v4(), event["data"]["user_id"].as_str().unwrap().parse::<Uuid>().unwrap());
    event["subject"] = json!(id);
    event["id"] = json!(Uuid::new_v4());
    event["data"]["entry_id"] = json!(id);
    event["data"]["version"] = json!(2);
    event["data"]["user_seq"] = json!(hour);
    event["data"]["after"]["project"] = json!(project);
    event["data"]["after"]["start"] = json!(format!("2026-05-04T{hour:02}:00:00Z"));
    event["data"]["after"]["end"] = json!(format!("2026-05-04T{hour:02}:10:00Z"));
    event["data"]["days"] = json!([{ "date": "2026-05-04", "seconds": 600 }]);
    if deleted {
        event["type"] = json!("timetracker.time_entry.deleted");
        event["data"]["after"] = Value::Null;
        event["data"]["days"] = json!([]);
    }
    let start = format!("2026-05-04 {hour:02}:00Z");
    let sql = format!(
        "INSERT INTO tracking.users (id, username, name) VALUES ('{user}', 'alice', 'Alice') ON CONFLICT DO NOTHING;
        INSERT INTO tracking.time_entries (id, user_id, started_at, ended_at, zone, description, version, deleted_at)
        VALUES ('{id}', '{user}', '{start}', timestamptz '{start}' + interval '10 min', 'UTC', '', 2, {deleted});
        INSERT INTO reporting.entry_facts (entry_id, user_id, version, project, days)
        VALUES ('{id}', '{user}', 1, 'Elsewhere', '[{{\"date\": \"2026-05-03\", \"seconds\": 60}}]')",
        deleted = if deleted { "now()" } else { "NULL" },
    );
    admin.batch_execute(&sql).await.unwrap();
    admin
        .execute("UPDATE tracking.time_entries SET project = $2 WHERE id = $1", &[&id, &project])
        .await
        .unwrap();
    let insert = "INSERT INTO tracking.events (id, user_id, user_seq, type, subject, envelope) VALUES ($1, $2, $3, $4, $5, $6)";
    let (event_id, kind) =
        (event["id"].as_str().unwrap().parse::<Uuid>().unwrap(), event["type"].as_str().unwrap());
    admin.execute(insert, &[&event_id, &user, &i64::from(hour), &kind, &id, &event]).await.unwrap();
    event
}

#[tokio::test]
async fn what_was_counted_by_a_projects_text_is_counted_by_its_id() {
    let (database, admin) = before().await;
    let first = old_entry(&admin, 9, Some("Atlas"), false).await;
    // One project in two spellings; one without; and one that is deleted.
    old_entry(&admin, 10, Some("atlas"), false).await;
    old_entry(&admin, 11, None, false).await;
    old_entry(&admin, 12, Some("Atlas"), true).await;
    migrate(&database, &admin).await;

    let sql =
        "SELECT id, name, color, version FROM reporting.catalogue WHERE kind = 'project' AND NOT deleted";
    let projects = admin.query(sql, &[]).await.unwrap();
    assert_eq!(projects.len(), 1);
    let (atlas, name, color): (Uuid, String, String) =
        (projects[0].get(0), projects[0].get(1), projects[0].get(2));
    assert_eq!((name.to_lowercase().as_str(), color.len()), ("atlas", 7));
    let day = || "2026-05-04".to_owned();
    let carried = [(day(), Some(atlas), 1200), (day(), None, 600)];
    assert_eq!(totals(&admin).await, carried);
    assert_equals_the_log(&database).await;
    let people: i64 = admin.query_one("SELECT count(*) FROM reporting.people", &[]).await.unwrap().get(0);
    assert_eq!(people, 1);

    // The message of version 1 that still waits in the queue does not take the project away…
    let model = model(&database).await;
    let waiting = Event::parse(first.to_string().as_bytes()).unwrap();
    assert_eq!(apply(&model, &waiting).await.unwrap(), Applied::Known);
    assert_eq!(totals(&admin).await, carried);
    // … and the next change moves the difference.
    let mut changed = TimeEntryEvent::parse(golden!("time-entry-created").as_bytes()).unwrap();
    changed.data.entry_id = first["subject"].as_str().unwrap().parse().unwrap();
    changed.data.version = 4;
    changed.data.after.as_mut().unwrap().project_id = None;
    changed.data.days[0] =
        events::Day { date: "2026-05-04".parse().unwrap(), seconds: 60, rounded_seconds: 60, amount: None };
    changed.data.days.truncate(1);
    assert_eq!(apply(&model, &Event::TimeEntry(changed)).await.unwrap(), Applied::Newer);
    assert_eq!(totals(&admin).await, [(day(), Some(atlas), 600), (day(), None, 660)]);
}

#[tokio::test]
async fn an_empty_installation_is_carried_over_too() {
    let (database, admin) = before().await;
    migrate(&database, &admin).await;
    assert_eq!(totals(&admin).await, []);
}
