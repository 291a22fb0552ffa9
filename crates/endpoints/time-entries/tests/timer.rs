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
    let refused = switch(&world, json!({ "start": ago(5) })).await;
    assert_eq!(refused.outcome(), "422 zero-length");
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
