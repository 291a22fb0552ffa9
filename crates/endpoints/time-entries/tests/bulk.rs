//! Bulk: many changes, all or nothing.

#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

mod suite;

use http::Method;
use serde_json::{Value, json};
use suite::{World, hour};

fn create(from: u8) -> Value {
    json!({ "action": "create", "entry": hour(from) })
}

#[tokio::test]
async fn creates_changes_and_deletes_are_done_in_order() {
    let world = World::new().await;
    let (kept, gone) = (world.create(hour(8)).await.id(), world.create(hour(9)).await.id());
    let done = world
        .bulk(json!({ "items": [
            { "action": "delete", "id": gone, "version": 1 },
            create(9),
            { "action": "change", "id": kept, "version": 1, "change": { "description": "moved",
                "start": "2026-05-04T10:00:00Z", "end": "2026-05-04T11:00:00Z" } },
            create(8),
        ] }))
        .await;
    assert_eq!(done.status, 200, "{done:?}");
    let results = done.body["results"].as_array().unwrap();
    let indexes: Vec<_> = results.iter().map(|one| one["index"].as_i64().unwrap()).collect();
    assert_eq!(indexes, [0, 1, 2, 3]);
    assert_eq!(results[2]["entry"]["description"], "moved");
    assert_eq!(world.list("").await.body["items"].as_array().unwrap().len(), 3);
    assert_eq!(world.events().await, 6);
}

#[tokio::test]
async fn one_bad_item_refuses_all_and_every_bad_one_is_listed() {
    let world = World::new().await;
    let entry = world.create(hour(8)).await;
    let items = json!([
        create(9),
        { "action": "create", "entry": { "start": "2026-05-04T12:00:00Z", "end": "2026-05-04T12:00:00Z" } },
        create(8),
        { "action": "change", "id": entry.body["id"], "version": 7, "change": {} },
        { "action": "delete", "id": world.who.id, "version": 1 },
        create(10),
    ]);
    let expected = [(1, "zero-length"), (2, "overlap"), (3, "stale"), (4, "not-found")];
    for dry_run in [true, false] {
        let answer = world.bulk(json!({ "dry_run": dry_run, "items": items })).await;
        let (outcome, member) = if dry_run { ("200 ", "refused") } else { ("422 bulk-refused", "items") };
        assert_eq!(answer.outcome(), outcome, "{answer:?}");
        let listed = answer.body[member].as_array().unwrap();
        let found: Vec<_> = listed
            .iter()
            .map(|one| {
                (
                    one["index"].as_i64().unwrap(),
                    one["type"].as_str().unwrap().trim_start_matches("/problems/"),
                )
            })
            .collect();
        assert_eq!(found, expected);
        assert_eq!(listed[1]["conflict"], entry.body["id"]);
        assert!(listed.iter().all(|one| one["title"].is_string() && one["detail"].is_string()));
    }
    assert_eq!(world.list("").await.body["items"], json!([entry.body]));
    assert_eq!(world.events().await, 1);
}

#[tokio::test]
async fn a_dry_run_writes_nothing() {
    let world = World::new().await;
    let answer = world.bulk(json!({ "dry_run": true, "items": [create(8), create(9)] })).await;
    assert_eq!((&answer.body["accepted"], &answer.body["refused"]), (&true.into(), &json!([])));
    assert_eq!(world.list("").await.body["items"], json!([]));
    assert_eq!(world.events().await, 0);
}

#[tokio::test]
async fn five_hundred_items_and_no_more() {
    let world = World::new().await;
    let item = |n: i64| {
        let start = chrono::DateTime::from_timestamp(1_700_000_000 + n * 60, 0).unwrap();
        json!({ "action": "create", "entry": { "start": start, "end": start + chrono::TimeDelta::minutes(1) } })
    };
    let many = |count: i64| json!({ "items": (0..count).map(item).collect::<Vec<_>>() });
    assert_eq!(world.bulk(many(501)).await.outcome(), "422 invalid");
    assert_eq!(world.bulk(many(0)).await.outcome(), "422 invalid");
    let done = world.bulk(many(500)).await;
    assert_eq!((done.status, world.events().await), (200, 500));
    let wrong = world.bulk(json!({ "items": [{ "action": "create", "entry": { "start": 5 } }] })).await;
    assert_eq!(wrong.outcome(), "422 invalid");
    assert_eq!(wrong.body["field"], "items[0].entry.start", "{wrong:?}");
}

#[tokio::test]
async fn two_entries_trade_places() {
    let world = World::new().await;
    let (one, two) = (world.create(hour(9)).await.id(), world.create(hour(10)).await.id());
    let moved = |id: &str, from| json!({ "action": "change", "id": id, "version": 1, "change": hour(from) });
    // The other one is in the way where it does not move.
    let alone = world.bulk(json!({ "items": [moved(&one, 10)] })).await;
    assert_eq!(
        (alone.outcome(), &alone.body["items"][0]["conflict"]),
        ("422 bulk-refused".to_owned(), &two.clone().into())
    );
    let both = world.bulk(json!({ "items": [moved(&one, 10), moved(&two, 9)] })).await;
    assert_eq!(both.status, 200, "{both:?}");
    assert_eq!(world.read(&one).await.body["start"], hour(10)["start"]);
    assert_eq!(world.read(&two).await.body["start"], hour(9)["start"]);

    // What an item takes of a later one, the later one must give up.
    let moved = |id: &str, from| json!({ "action": "change", "id": id, "version": 2, "change": hour(from) });
    let kept = json!({ "action": "change", "id": two, "version": 2, "change": { "description": "stays" } });
    let refused = world.bulk(json!({ "items": [moved(&one, 9), kept] })).await;
    assert_eq!(
        (refused.outcome(), &refused.body["items"][0]["index"]),
        ("422 bulk-refused".to_owned(), &1.into())
    );
    let replaced = world
        .bulk(json!({ "items": [moved(&one, 9), { "action": "delete", "id": two, "version": 2 }] }))
        .await;
    assert_eq!(replaced.status, 200, "{replaced:?}");
}

/// The longest items that are right fit into the longest body that is read.
#[test]
fn five_hundred_long_items_fit_into_a_body() {
    let tags: Vec<_> = (0..20).map(|_| uuid::Uuid::new_v4()).collect();
    let entry = json!({ "start": "2026-05-04T09:00:00.000000+02:00", "end": "2026-05-04T10:00:00.000000+02:00",
        "zone": "America/Argentina/ComodRivadavia", "description": "🕰".repeat(1000), "project_id": tags[0],
        "task_id": tags[1], "tag_ids": tags, "billable": false });
    let item = json!({ "action": "change", "id": tags[0], "version": i64::MAX, "change": entry });
    let body = json!({ "dry_run": false, "items": vec![item; 500] }).to_string();
    assert!(body.len() <= api::MAX_BODY, "{} bytes", body.len());
}

#[tokio::test]
async fn a_field_is_named_once_and_blamed_by_its_path() {
    let world = World::new().await;
    let id = world.who.id;
    for (item, field) in [
        (r#"{"action": "delete", "action": "create", "id": "ID", "version": 1}"#, "items[0].action"),
        (
            r#"{"action": "create", "entry": {"start": "2026-05-04T09:00:00Z", "start": "2026-05-04T09:00:00Z"}}"#,
            "items[0].entry.start",
        ),
        (r#"{"action": "create", "entry": {"end": "2026-05-04T09:00:00Z"}}"#, "items[0].entry.start"),
        (
            r#"{"action": "create", "entry": {"start": "2026-05-04T09:00:00Z", "finish": 1}}"#,
            "items[0].entry.finish",
        ),
        (r#"{"action": "create"}"#, "items[0].entry"),
        (
            r#"{"action": "change", "id": "ID", "version": 1, "change": {"start": "2026-05-04T09:59:60Z"}}"#,
            "items[0].change.start",
        ),
        (r#"{"action": "delete", "id": "ID", "version": "1"}"#, "items[0].version"),
        (r#"{"action": "delete", "id": "ID", "version": 1, "change": {}}"#, "items[0].change"),
        (r#"{"action": "undo", "id": "ID", "version": 1}"#, "items[0].action"),
    ] {
        let body = format!(r#"{{"items": [{}]}}"#, item.replace("ID", &id.to_string()));
        let refused = world.send::<endpoints_time_entries::Bulk>(Method::POST, &body).await;
        assert_eq!(
            (refused.outcome(), &refused.body["field"]),
            ("422 invalid".to_owned(), &field.into()),
            "{body}"
        );
    }
}

#[tokio::test]
async fn items_are_objects_and_so_is_what_is_in_them() {
    let world = World::new().await;
    let id = world.create(hour(8)).await.id();
    let start = "2026-05-04T09:00:00Z";
    for item in [
        json!(["delete", { "id": id, "version": 1 }]),
        json!({ "action": "create", "entry": [start, null, null, "", null, null, [], false] }),
        json!({ "action": "change", "id": id, "version": 1, "change": [] }),
    ] {
        let refused = world.bulk(json!({ "items": [item] })).await;
        assert_eq!(refused.outcome(), "422 invalid", "{item}");
    }
    assert_eq!(world.change(&id, json!([])).await.outcome(), "422 invalid");
    assert_eq!(world.events().await, 1);
}
