//! The timer: start, stop, switch, continue, discard, and the one that was forgotten.

#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

mod suite;

use endpoints_time_entries::{Collection, Continue, Discard, Switch, Timer};
use http::Method;
use serde_json::{Value, json};
use suite::{World, ago, before, hour};
use testkit::Answer;

async fn start(world: &World, body: Value) -> Answer {
    world.call::<Timer>(Method::POST, "", body).await
}

async fn stop(world: &World, query: &str) -> Answer {
    world.call::<Timer>(Method::DELETE, query, Value::Null).await
}

async fn switch(world: &World, body: Value) -> Answer {
    world.call::<Switch>(Method::POST, "", body).await
}

#[tokio::test]
async fn a_timer_is_started_read_and_stopped() {
    let world = World::new().await;
    let none = world.timer().await;
    assert_eq!((none.status, &none.body["entry"], none.header("etag")), (200, &Value::Null, "\"none\""));
    assert_eq!(stop(&world, "").await.outcome(), "409 no-timer");

    let started = start(&world, json!({ "description": "Write", "start": ago(10) })).await;
    assert_eq!((started.status, &started.body["end"]), (201, &Value::Null));
    let timer = world.timer().await;
    assert_eq!(timer.body["entry"], started.body);
    assert_eq!(timer.header("etag"), format!("\"{}-1\"", started.id()));
    assert_eq!(start(&world, json!({})).await.body["conflict"], started.body["id"]);
    assert_eq!(start(&world, json!({})).await.outcome(), "409 timer-running");
    assert_eq!(world.create(json!({ "start": ago(1) })).await.outcome(), "409 timer-running");

    let other = [("if-match", "\"none\"")];
    let stale = world.call_as::<Timer>(&world.who, Method::DELETE, "", Value::Null, &other).await;
    assert_eq!(stale.outcome(), "412 stale");
    let stopped = stop(&world, "").await;
    assert_eq!((stopped.status, &stopped.body["version"]), (200, &2.into()));
    assert!((600..=605).contains(&stopped.body["seconds"].as_i64().unwrap()), "{stopped:?}");
    assert_eq!(world.timer().await.body["entry"], Value::Null);
}

#[tokio::test]
async fn an_entry_can_be_let_run_again() {
    let world = World::new().await;
    let id = world.create(json!({ "start": ago(60), "end": ago(30) })).await.id();
    let again = world.change(&id, json!({ "end": null })).await;
    assert_eq!((again.status, &again.body["end"]), (200, &Value::Null));
    assert_eq!(world.timer().await.body["entry"]["id"], id.as_str());
}

#[tokio::test]
async fn a_switch_stops_and_starts_at_one_instant() {
    let world = World::new().await;
    let now = chrono::Utc::now();
    let ago = |minutes| before(now, minutes);
    let first = switch(&world, json!({ "description": "one", "start": ago(20) })).await;
    assert_eq!((first.status, &first.body["stopped"]), (201, &Value::Null));
    let second = switch(&world, json!({ "description": "two", "start": ago(5) })).await;
    assert_eq!(second.body["stopped"]["id"], first.body["started"]["id"]);
    // As after each creation, the tag is that of what is at Location.
    let place = second.header("location").rsplit('/').next().unwrap().to_owned();
    assert_eq!(world.read(&place).await.header("etag"), second.header("etag"));
    assert_eq!(second.body["stopped"]["end"], second.body["started"]["start"]);
    assert_eq!(second.body["stopped"]["seconds"], 900);
    assert_eq!(world.timer().await.body["entry"], second.body["started"]);

    // Neither happens where one may not.
    let refused = switch(&world, json!({ "start": ago(6) })).await;
    assert_eq!(refused.outcome(), "422 invalid");
    let refused = switch(&world, json!({ "project_id": world.who.id })).await;
    assert_eq!(refused.outcome(), "422 unknown-name");
    assert_eq!(world.timer().await.body["entry"], second.body["started"]);
}

#[tokio::test]
async fn what_was_done_is_continued() {
    let world = World::new().await;
    let tag = world.item("tag", "deep", None).await;
    let mut wish = hour(9);
    wish["description"] = "Think".into();
    wish["tag_ids"] = json!([tag]);
    wish["billable"] = true.into();
    let done = world.create(wish).await.id();
    let running = start(&world, json!({ "start": ago(3) })).await;
    let continued = world.call::<Continue>(Method::POST, &done, Value::Null).await;
    assert_eq!(continued.status, 201, "{continued:?}");
    assert_eq!(continued.body["stopped"]["id"], running.body["id"]);
    let started = &continued.body["started"];
    assert_eq!((&started["description"], &started["tag_ids"]), (&"Think".into(), &json!([tag])));
    assert_eq!((&started["billable"], &started["end"]), (&true.into(), &Value::Null));
    let absent = world.call::<Continue>(Method::POST, &world.who.id.to_string(), Value::Null).await;
    assert_eq!(absent.outcome(), "404 not-found");
}

#[tokio::test]
async fn a_timer_is_discarded_and_can_come_back() {
    let world = World::new().await;
    let running = start(&world, json!({})).await;
    let discarded = world.call::<Discard>(Method::POST, "", Value::Null).await;
    assert_eq!((discarded.status, &discarded.body["id"]), (200, &running.body["id"]));
    assert_eq!(world.call::<Discard>(Method::POST, "", Value::Null).await.outcome(), "409 no-timer");
    let back = world.call::<endpoints_time_entries::Restore>(Method::POST, &running.id(), Value::Null).await;
    assert_eq!(
        (back.status, world.timer().await.body["entry"]["id"].clone()),
        (200, running.body["id"].clone())
    );
}

#[tokio::test]
async fn a_forgotten_timer_tells_when_and_can_be_ended_then() {
    let world = World::new().await;
    let now = chrono::Utc::now();
    let ago = |minutes| before(now, minutes);
    start(&world, json!({ "start": ago(30 * 60) })).await;
    let between = world.create(json!({ "start": ago(28 * 60), "end": ago(27 * 60) })).await;
    assert_eq!(between.status, 201, "a running entry does not block the future: {between:?}");
    let reminder = world.timer().await.body["forgotten"].clone();
    assert_eq!(reminder["at"], ago(20 * 60), "ten hours where the profile says nothing else");
    assert_eq!(reminder["suggested_end"], between.body["start"]);

    let stopped = stop(&world, "").await;
    assert_eq!(
        (stopped.outcome(), &stopped.body["latest_end"]),
        ("422 too-long".to_owned(), &ago(6 * 60).into())
    );
    let across = stop(&world, &format!("?end={}", ago(20 * 60))).await;
    assert_eq!(across.outcome(), "409 overlap");
    assert_eq!(
        (&across.body["conflict"], &across.body["possible_end"]),
        (&between.body["id"], &between.body["start"])
    );
    assert_eq!(stop(&world, &format!("?end={}", ago(31 * 60))).await.outcome(), "422 invalid");
    assert_eq!(stop(&world, &format!("?end={}", ago(-5))).await.outcome(), "422 in-the-future");
    assert_eq!(stop(&world, "?at=now").await.outcome(), "400 malformed");
    let trimmed = stop(&world, &format!("?end={}", across.body["possible_end"].as_str().unwrap())).await;
    assert_eq!((trimmed.status, &trimmed.body["seconds"]), (200, &7200.into()));
}

#[tokio::test]
async fn a_timer_does_not_start_inside_another_entry() {
    let world = World::new().await;
    let done = world.create(json!({ "start": ago(60), "end": ago(30) })).await;
    let inside = start(&world, json!({ "start": ago(45) })).await;
    assert_eq!((inside.outcome(), &inside.body["conflict"]), ("409 overlap".to_owned(), &done.body["id"]));
    assert_eq!(start(&world, json!({ "start": ago(30) })).await.status, 201);
    let listed = world.call::<Collection>(Method::GET, "?running=true", Value::Null).await;
    assert_eq!(listed.body["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_timer_that_is_switched_and_stopped_at_once_has_a_length() {
    let world = World::new().await;
    let mut before = Value::Null;
    for description in ["one", "two", "three"] {
        let switched = switch(&world, json!({ "description": description })).await;
        assert_eq!(switched.status, 201, "{switched:?}");
        if !before.is_null() {
            assert_eq!(switched.body["stopped"]["id"], before);
            assert!(switched.body["stopped"]["seconds"].as_i64().unwrap() >= 1, "{switched:?}");
        }
        before = switched.body["started"]["id"].clone();
    }
    let stopped = stop(&world, "").await;
    assert_eq!(stopped.status, 200, "{stopped:?}");
    assert!(stopped.body["seconds"].as_i64().unwrap() >= 1);
    // And what follows is not in the way of itself.
    assert_eq!(switch(&world, json!({})).await.status, 201);
}

#[tokio::test]
async fn a_client_whose_clock_is_ahead_stops_switches_and_continues() {
    let world = World::new().await;
    let ahead = || (chrono::Utc::now() + chrono::TimeDelta::seconds(50)).to_rfc3339();
    let started = start(&world, json!({ "start": ahead() })).await;
    assert_eq!(started.status, 201, "{started:?}");
    let switched = switch(&world, json!({ "start": ahead(), "description": "next" })).await;
    assert_eq!(switched.status, 201, "{switched:?}");
    let stopped = stop(&world, &format!("?end={}", ahead().replace('+', "%2B"))).await;
    assert_eq!(stopped.status, 200, "{stopped:?}");
    let continued = world.call::<Continue>(Method::POST, &stopped.id(), Value::Null).await;
    assert_eq!(continued.status, 201, "{continued:?}");
    assert_eq!(stop(&world, "").await.status, 200);

    let world = World::new().await;
    let id = start(&world, json!({})).await.id();
    let changed = world.change(&id, json!({ "start": ahead() })).await;
    assert_eq!(changed.status, 200, "{changed:?}");
    assert_eq!(stop(&world, "").await.status, 200);
}

/// Moves the lock behind the service's back.
async fn lock(world: &World, before: &str) {
    let sql = format!("UPDATE tracking.period_lock SET locked_before = '{before}'");
    world.behind.admin().await.batch_execute(&sql).await.unwrap();
}

#[tokio::test]
async fn a_timer_that_began_before_the_lock_can_be_ended() {
    let locked_timer = async || {
        let world = World::new().await;
        let id = start(&world, json!({ "start": ago(60), "description": "before" })).await.id();
        lock(&world, &ago(30)).await;
        (world, id)
    };
    let (world, _) = locked_timer().await;
    assert_eq!(stop(&world, "").await.status, 200);
    // Once ended it is settled like all others.
    let listed = world.list("").await.body["items"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(world.change(&listed, json!({ "description": "x" })).await.outcome(), "409 locked");
    assert_eq!(world.delete(&listed).await.outcome(), "409 locked");

    let (world, _) = locked_timer().await;
    assert_eq!(switch(&world, json!({ "description": "next" })).await.status, 201);

    let (world, id) = locked_timer().await;
    assert_eq!(world.change(&id, json!({ "description": "words" })).await.status, 200);
    assert_eq!(world.change(&id, json!({ "start": ago(61) })).await.outcome(), "409 locked");
    assert_eq!(world.change(&id, json!({ "start": ago(45) })).await.status, 200);
    assert_eq!(world.call::<Discard>(Method::POST, "", Value::Null).await.status, 200);
    // A new one does not begin there.
    assert_eq!(start(&world, json!({ "start": ago(40) })).await.outcome(), "409 locked");
    assert_eq!(start(&world, json!({ "start": ago(20) })).await.status, 201);
}

#[tokio::test]
async fn a_timer_that_another_entry_covers_is_told_where_it_can_begin() {
    let world = World::new().await;
    let id = start(&world, json!({ "start": ago(60) })).await.id();
    let covering = world.create(json!({ "start": ago(90), "end": ago(30) })).await;
    assert_eq!(covering.status, 201);
    let stopped = stop(&world, "").await;
    assert_eq!(
        (stopped.outcome(), &stopped.body["possible_start"]),
        ("409 overlap".to_owned(), &covering.body["end"])
    );
    assert_eq!(world.change(&id, json!({ "start": covering.body["end"] })).await.status, 200);
    assert_eq!(stop(&world, "").await.status, 200);
}

#[tokio::test]
async fn a_timer_of_an_archived_project_ends_and_is_continued_where_its_task_is_now() {
    let world = World::new().await;
    let admin = world.behind.admin().await;
    let (old, new) = (world.item("project", "Old", None).await, world.item("project", "New", None).await);
    let task = world.item("task", "Design", Some(&old)).await;
    let names = json!({ "start": ago(60), "project_id": old, "task_id": task });
    start(&world, names).await;
    let archive = format!("UPDATE tracking.catalogue SET archived_at = now() WHERE id = '{old}'");
    admin.batch_execute(&archive).await.unwrap();
    let done = stop(&world, "").await;
    assert_eq!(done.status, 200, "{done:?}");
    let moved = format!("UPDATE tracking.catalogue SET parent_id = '{new}' WHERE id = '{task}'");
    admin.batch_execute(&moved).await.unwrap();
    let continued = world.call::<Continue>(Method::POST, &done.id(), Value::Null).await;
    assert_eq!(continued.status, 201, "{continued:?}");
    let started = &continued.body["started"];
    assert_eq!((&started["project_id"], &started["task_id"]), (&new.into(), &task.into()));
    assert_eq!(world.read(&done.id()).await.body["project_id"], old.as_str(), "the old entry stays");
}
