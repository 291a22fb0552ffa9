//! One entry: created, read, changed, deleted, restored, and what is refused.

#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

mod suite;

use endpoints_time_entries::{Collection, History, Item, Restore, Switch, Timer};
use http::Method;
use serde_json::{Value, json};
use suite::{World, ago, hour};
use testkit::{caller, caller_with};

#[tokio::test]
async fn an_entry_is_created_read_changed_and_deleted() {
    let world = World::new().await;
    let entry = world
        .create(json!({
            "start": "2026-05-04T09:00:00+02:00", "end": "2026-05-04T10:30:00.7+02:00",
            "zone": "Europe/Zurich", "description": " Plan the week ", "billable": true,
        }))
        .await;
    assert_eq!(entry.status, 201, "{entry:?}");
    assert_eq!(entry.body["start"], "2026-05-04T07:00:00Z");
    assert_eq!((&entry.body["seconds"], &entry.body["description"]), (&5400.into(), &"Plan the week".into()));
    assert_eq!((&entry.body["zone"], &entry.body["billable"]), (&"Europe/Zurich".into(), &true.into()));
    assert_eq!(entry.body["user_id"], world.who.id.to_string());
    assert_eq!(entry.header("location"), format!("/api/v1/time-entries/{}", entry.id()));
    assert_eq!(entry.header("etag"), "\"1\"");

    let read = world.read(&entry.id()).await;
    assert_eq!((read.status, &read.body), (200, &entry.body));
    let changed = world.change(&entry.id(), json!({ "description": "Plan the month" })).await;
    assert_eq!((changed.status, changed.header("etag")), (200, "\"2\""));
    assert_eq!(world.read(&entry.id()).await.body, changed.body);

    let deleted = world.delete(&entry.id()).await;
    assert_eq!((deleted.status, deleted.body), (204, Value::Null));
    assert_eq!(world.read(&entry.id()).await.outcome(), "404 not-found");
    assert_eq!(world.delete(&entry.id()).await.outcome(), "404 not-found");
    assert_eq!(world.change(&entry.id(), json!({})).await.outcome(), "404 not-found");
    assert_eq!(world.events().await, 3);
}

#[tokio::test]
async fn a_change_leaves_out_what_it_does_not_name() {
    let world = World::new().await;
    let project = world.item("project", "Atlas", None).await;
    let tag = world.item("tag", "urgent", None).await;
    let mut wish = hour(9);
    wish["project_id"] = project.as_str().into();
    wish["tag_ids"] = json!([tag]);
    let entry = world.create(wish).await;
    let events = world.events().await;
    let same = world.change(&entry.id(), json!({ "billable": false })).await;
    assert_eq!(same.body, entry.body, "a change of nothing is no new version");
    assert_eq!(world.events().await, events);
    let changed = world.change(&entry.id(), json!({ "project_id": null })).await;
    assert_eq!((&changed.body["project_id"], &changed.body["tag_ids"]), (&Value::Null, &json!([tag])));
    assert_eq!((&changed.body["start"], &changed.body["end"]), (&entry.body["start"], &entry.body["end"]));
}

#[tokio::test]
async fn what_breaks_a_rule_is_refused_with_its_field_and_nothing_is_written() {
    let world = World::new().await;
    let start = "2026-05-04T09:00:00Z";
    let cases = [
        (json!({}), "422 invalid", "start"),
        (json!({ "start": "yesterday" }), "422 invalid", "start"),
        (json!({ "start": start, "end": start }), "422 zero-length", "end"),
        (json!({ "start": start, "end": "2026-05-04T08:00:00Z" }), "422 invalid", "end"),
        (json!({ "start": start, "end": "2026-05-05T09:00:01Z" }), "422 too-long", "end"),
        (json!({ "start": ago(-5) }), "422 in-the-future", "start"),
        (json!({ "start": ago(5), "end": ago(-5) }), "422 in-the-future", "end"),
        (json!({ "start": start, "zone": "Mars/Olympus" }), "422 invalid", "zone"),
        (json!({ "start": start, "description": "x".repeat(1001) }), "422 invalid", "description"),
        (json!({ "start": start, "project_id": "Atlas" }), "422 invalid", "project_id"),
        (json!({ "start": start, "project_id": uuid() }), "422 unknown-name", "project_id"),
        (json!({ "start": start, "tag_ids": [uuid()] }), "422 unknown-name", "tag_ids"),
        (json!({ "start": start, "task_id": uuid() }), "422 invalid", "project_id"),
        (json!({ "start": start, "ends": start }), "422 invalid", "ends"),
        (json!({ "start": start, "user_id": uuid() }), "422 invalid", "user_id"),
    ];
    for (body, outcome, field) in cases {
        let refused = world.create(body.clone()).await;
        assert_eq!(
            (refused.outcome(), &refused.body["field"]),
            (outcome.to_owned(), &field.into()),
            "{body}"
        );
        assert_eq!(refused.body["request_id"], "test");
    }
    assert_eq!(world.list("").await.body["items"], json!([]));

    let entry = world.create(hour(9)).await;
    for (body, outcome, field) in [
        (json!({ "end": "2026-05-04T08:00:00Z" }), "422 invalid", "end"),
        (json!({ "start": null }), "422 invalid", "start"),
        (json!({ "start": "2026-05-03T09:59:59Z" }), "422 too-long", "end"),
        (json!({ "version": 7 }), "422 invalid", "version"),
    ] {
        let refused = world.change(&entry.id(), body).await;
        assert_eq!((refused.outcome(), &refused.body["field"]), (outcome.to_owned(), &field.into()));
    }
    assert_eq!(world.read(&entry.id()).await.body, entry.body);
    assert_eq!(world.read("42").await.outcome(), "400 malformed");
    assert_eq!(world.events().await, 1);
}

fn uuid() -> String {
    uuid::Uuid::new_v4().to_string()
}

#[tokio::test]
async fn overlap_is_refused_and_neighbours_are_not() {
    let world = World::new().await;
    let middle = world.create(hour(10)).await;
    for (start, end, possible) in [
        ("09:30", "10:01", "2026-05-04T10:00:00Z".into()),
        ("09:00", "12:00", "2026-05-04T10:00:00Z".into()),
        ("10:59", "12:00", Value::Null),
        ("10:15", "10:20", Value::Null),
        ("10:00", "11:00", Value::Null),
    ] {
        let body =
            json!({ "start": format!("2026-05-04T{start}:00Z"), "end": format!("2026-05-04T{end}:00Z") });
        let refused = world.create(body).await;
        assert_eq!((refused.outcome(), &refused.body["field"]), ("409 overlap".to_owned(), &"start".into()));
        assert_eq!(refused.body["conflict"], middle.body["id"]);
        assert_eq!(refused.body["possible_end"], possible, "{start}");
    }
    let before = world.create(hour(9)).await;
    assert_eq!((before.status, world.create(hour(11)).await.status), (201, 201));
    let refused = world.change(&before.id(), json!({ "end": "2026-05-04T10:00:01Z" })).await;
    assert_eq!(refused.outcome(), "409 overlap");
    let other = caller();
    let beside = world.call_as::<Collection>(&other, Method::POST, "", hour(10), &[]).await;
    assert_eq!(beside.status, 201, "another person's time is not in the way");
}

#[tokio::test]
async fn another_persons_entry_is_not_there_for_users_and_read_only_for_managers() {
    let world = World::new().await;
    let entry = world.create(hour(9)).await;
    let id = entry.id();
    let user = caller();
    for method in [Method::GET, Method::PATCH, Method::DELETE] {
        let body = if method == Method::PATCH { json!({}) } else { Value::Null };
        assert_eq!(world.call_as::<Item>(&user, method, &id, body, &[]).await.outcome(), "404 not-found");
    }
    assert_eq!(world.call_as::<History>(&user, Method::GET, &id, Value::Null, &[]).await.status, 404);
    assert_eq!(world.call_as::<Restore>(&user, Method::POST, &id, Value::Null, &[]).await.status, 404);
    let manager = caller_with(&[domain::Role::User, domain::Role::Manager]);
    assert_eq!(world.call_as::<Item>(&manager, Method::GET, &id, Value::Null, &[]).await.body, entry.body);
    assert_eq!(world.call_as::<History>(&manager, Method::GET, &id, Value::Null, &[]).await.status, 200);
    let change = world.call_as::<Item>(&manager, Method::PATCH, &id, json!({ "billable": true }), &[]).await;
    assert_eq!(change.status, 404);
    assert_eq!(world.read(&id).await.body, entry.body);
}

#[tokio::test]
async fn a_change_is_meant_for_the_version_that_was_read() {
    let world = World::new().await;
    let id = world.create(hour(9)).await.id();
    let change = async |tag: &str, text: &str| {
        let body = json!({ "description": text });
        world.call_as::<Item>(&world.who, Method::PATCH, &id, body, &[("if-match", tag)]).await
    };
    assert_eq!(change("\"1\"", "a").await.status, 200);
    assert_eq!(change("\"1\"", "b").await.outcome(), "412 stale");
    assert_eq!(change("W/\"2\"", "b").await.outcome(), "412 stale");
    assert_eq!(change("2", "b").await.outcome(), "400 malformed");
    assert_eq!(change("\"1\", \"2\"", "b").await.body["version"], 3);
    let stale = world.call_as::<Item>(&world.who, Method::DELETE, &id, Value::Null, &[("if-match", "\"2\"")]);
    assert_eq!(stale.await.outcome(), "412 stale");

    let read = world.read(&id).await;
    let headers = [("if-none-match", read.header("etag"))];
    let again = world.call_as::<Item>(&world.who, Method::GET, &id, Value::Null, &headers).await;
    assert_eq!((again.status, &again.body), (304, &Value::Null));
    assert_eq!(again.header("etag"), "\"3\"");
    let list = world.list("").await;
    let headers = [("if-none-match", list.header("etag"))];
    let again = world.call_as::<Collection>(&world.who, Method::GET, "", Value::Null, &headers).await;
    assert_eq!(again.status, 304);
    world.delete(&id).await;
    let again = world.call_as::<Collection>(&world.who, Method::GET, "", Value::Null, &headers).await;
    assert_eq!(again.status, 200);
}

#[tokio::test]
async fn history_tells_who_did_what_and_a_delete_can_be_undone() {
    let world = World::new().await;
    let id = world.create(hour(9)).await.id();
    world.change(&id, json!({ "description": "later" })).await;
    assert_eq!(restore(&world, &id).await.outcome(), "409 not-deleted");
    world.delete(&id).await;
    let restored = restore(&world, &id).await;
    assert_eq!((restored.status, &restored.body["version"]), (200, &4.into()));
    assert_eq!(world.read(&id).await.body["description"], "later");

    let history = world.call::<History>(Method::GET, &id, Value::Null).await;
    let items = history.body["items"].as_array().unwrap().clone();
    let changes: Vec<_> = items.iter().map(|item| item["change"].as_str().unwrap()).collect();
    assert_eq!(changes, ["restored", "deleted", "changed", "created"]);
    assert_eq!(items[3]["before"], Value::Null);
    assert_eq!(
        (&items[2]["before"]["description"], &items[2]["after"]["description"]),
        (&"".into(), &"later".into())
    );
    assert_eq!(items[2]["actor"]["id"], world.who.id.to_string());

    let first = world.call::<History>(Method::GET, &format!("{id}?limit=3"), Value::Null).await;
    let next = format!("{id}?limit=3&cursor={}", first.body["next_cursor"].as_str().unwrap());
    let second = world.call::<History>(Method::GET, &next, Value::Null).await;
    assert_eq!(second.body["items"], json!([items[3]]));

    world.delete(&id).await;
    world.create(hour(9)).await;
    assert_eq!(restore(&world, &id).await.outcome(), "409 overlap");
}

async fn restore(world: &World, id: &str) -> testkit::Answer {
    world.call::<Restore>(Method::POST, id, Value::Null).await
}

#[tokio::test]
async fn names_must_live_when_they_are_given_and_may_die_later() {
    let world = World::new().await;
    let project = world.item("project", "Atlas", None).await;
    let other = world.item("project", "Borealis", None).await;
    let task = world.item("task", "Design", Some(&project)).await;
    let mut wish = hour(9);
    wish["project_id"] = project.as_str().into();
    wish["task_id"] = task.as_str().into();
    let entry = world.create(wish.clone()).await;
    assert_eq!(entry.status, 201, "{entry:?}");
    let moved = world.change(&entry.id(), json!({ "project_id": other, "task_id": task })).await;
    assert_eq!((moved.outcome(), &moved.body["field"]), ("422 unknown-name".to_owned(), &"task_id".into()));
    let moved = world.change(&entry.id(), json!({ "project_id": other })).await;
    assert_eq!(moved.body["task_id"], Value::Null, "a task goes with its project");
    world.change(&entry.id(), json!({ "project_id": project, "task_id": task })).await;

    let admin = world.behind.admin().await;
    admin.batch_execute("UPDATE tracking.catalogue SET archived_at = now()").await.unwrap();
    let kept = world.change(&entry.id(), json!({ "description": "still mine" })).await;
    assert_eq!((kept.status, &kept.body["project_id"]), (200, &project.as_str().into()));
    let mut late = hour(11);
    late["project_id"] = project.as_str().into();
    assert_eq!(world.create(late).await.outcome(), "422 archived");
}

#[tokio::test]
async fn settled_time_is_left_alone() {
    let world = World::new().await;
    let early = world.create(hour(8)).await.id();
    let late = world.create(hour(12)).await.id();
    let gone = world.create(hour(9)).await.id();
    world.delete(&gone).await;
    let admin = world.behind.admin().await;
    let lock = "UPDATE tracking.period_lock SET locked_before = '2026-05-04T10:00:00Z'";
    admin.batch_execute(lock).await.unwrap();
    let events = world.events().await;
    for refused in [
        world.create(hour(9)).await,
        world.change(&early, json!({ "description": "x" })).await,
        world.change(&early, json!({ "start": "2026-05-04T10:00:00Z", "end": "2026-05-04T10:30:00Z" })).await,
        world.change(&late, json!({ "start": "2026-05-04T09:30:00Z" })).await,
        world.delete(&early).await,
        restore(&world, &gone).await,
    ] {
        assert_eq!(refused.outcome(), "409 locked");
        assert_eq!(refused.body["locked_before"], "2026-05-04T10:00:00Z");
    }
    assert_eq!(world.events().await, events);
    assert_eq!(world.create(hour(10)).await.status, 201);
    assert_eq!(world.change(&late, json!({ "description": "x" })).await.status, 200);
}

#[tokio::test]
async fn an_entry_gets_the_profiles_zone_and_keeps_it() {
    let world = World::new().await;
    assert_eq!(world.create(hour(8)).await.body["zone"], "UTC");
    let live_in = async |zone: &str, version: i64| {
        let profile = json!({ "version": version, "zone": zone, "locale": "en", "week_start": "iso",
            "daily_target_minutes": 480, "forgotten_after_minutes": 600 });
        testkit::tracking::write(&world.db, &world.who, "change_profile", profile).await;
    };
    live_in("Asia/Kathmandu", 0).await;
    let first = world.create(hour(9)).await;
    live_in("Europe/Paris", 1).await;
    let second = world.create(hour(10)).await;
    assert_eq!(
        (&first.body["zone"], &second.body["zone"]),
        (&"Asia/Kathmandu".into(), &"Europe/Paris".into())
    );
    let changed = world.change(&first.id(), json!({ "description": "x" })).await;
    assert_eq!(changed.body["zone"], "Asia/Kathmandu");
}

#[tokio::test]
async fn a_leap_second_is_refused_wherever_an_instant_is_read() {
    let world = World::new().await;
    let entry = world.create(hour(8)).await;
    let leap = "2026-05-04T09:59:60Z";
    let both = |start: &str, end: &str| json!({ "start": start, "end": end });
    let refused = [
        ("start", world.create(both(leap, "2026-05-04T11:00:00Z")).await),
        ("end", world.create(both("2026-05-04T09:00:00Z", leap)).await),
        ("start", world.change(&entry.id(), json!({ "start": leap })).await),
        ("end", world.change(&entry.id(), json!({ "end": leap })).await),
        ("start", world.call::<Timer>(Method::POST, "", json!({ "start": leap })).await),
        ("start", world.call::<Switch>(Method::POST, "", json!({ "start": leap })).await),
        ("end", world.call::<Timer>(Method::DELETE, &format!("?end={leap}"), Value::Null).await),
        ("from", world.list(&format!("?from={leap}")).await),
        ("to", world.list(&format!("?to={leap}")).await),
        (
            "items[0].entry.end",
            world
                .bulk(json!({ "items": [
            { "action": "create", "entry": both("2026-05-04T09:00:00Z", leap) }] }))
                .await,
        ),
    ];
    for (field, refused) in refused {
        assert_eq!(
            (refused.outcome(), &refused.body["field"]),
            ("422 invalid".to_owned(), &field.into()),
            "{refused:?}"
        );
    }
    assert_eq!(world.list("").await.body["items"], json!([entry.body]));
}

#[tokio::test]
async fn both_spellings_of_an_accent_are_found() {
    let world = World::new().await;
    for (from, description) in [(8, "Caf\u{e9}"), (9, "Cafe\u{301}")] {
        let mut entry = hour(from);
        entry["description"] = description.into();
        assert_eq!(world.create(entry).await.body["description"], "Caf\u{e9}");
    }
    for q in ["caf%C3%A9", "cafe%CC%81"] {
        assert_eq!(world.list(&format!("?q={q}")).await.body["items"].as_array().unwrap().len(), 2, "{q}");
    }
}

#[tokio::test]
async fn an_entry_may_cover_a_day_of_25_hours() {
    let world = World::new().await;
    let day = |end: &str| json!({ "start": "2025-10-26T00:00:00+02:00", "end": end, "zone": "Europe/Paris" });
    let longer = world.create(day("2025-10-27T00:00:01+01:00")).await;
    assert_eq!(
        (longer.outcome(), &longer.body["latest_end"]),
        ("422 too-long".to_owned(), &"2025-10-26T23:00:00Z".into())
    );
    let whole = world.create(day("2025-10-27T00:00:00+01:00")).await;
    assert_eq!((whole.status, &whole.body["seconds"]), (201, &90_000.into()));
    let listed = world.list("?from=2025-10-26T22:59:59Z&to=2025-10-27T12:00:00Z").await;
    assert_eq!(listed.body["items"], json!([whole.body]));
}
