//! Profile and lock over PostgreSQL, with the rights of the service's own role.

#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

use api::{Caller, Endpoint};
use domain::Role;
use endpoints_settings::{Lock, Me};
use events::Event;
use http::Method;
use serde_json::{Value, json};
use testkit::{Answer, Database, NativeSql, caller, caller_with};

async fn database() -> NativeSql {
    NativeSql(Database::new().await.as_role("tracking_api").await)
}

async fn call<E: Endpoint>(db: &NativeSql, who: &Caller, method: Method, body: Value, tag: &str) -> Answer {
    testkit::call::<E>(db, who, method, "", body, &[("if-match", tag)]).await
}

#[tokio::test]
async fn a_profile_is_there_before_it_is_changed_and_keeps_what_is_not_named() {
    let (db, who) = (database().await, caller());
    let fresh = call::<Me>(&db, &who, Method::GET, Value::Null, "*").await;
    assert_eq!((fresh.status, fresh.header("etag"), &fresh.body["zone"]), (200, "\"0\"", &"UTC".into()));
    assert_eq!(
        (&fresh.body["username"], &fresh.body["roles"]),
        (&who.username.clone().into(), &json!(["user"]))
    );
    let change = json!({ "zone": "Asia/Kathmandu", "locale": "de" });
    let changed = call::<Me>(&db, &who, Method::PATCH, change.clone(), "\"0\"").await;
    assert_eq!((changed.status, changed.header("etag")), (200, "\"1\""), "{changed:?}");
    let mut expected = fresh.body.clone();
    expected["zone"] = "Asia/Kathmandu".into();
    expected["locale"] = "de".into();
    expected["version"] = 1.into();
    assert_eq!(changed.body, expected);
    assert_eq!(call::<Me>(&db, &who, Method::GET, Value::Null, "*").await.body, expected);
    assert_eq!(call::<Me>(&db, &who, Method::PATCH, change, "\"0\"").await.outcome(), "412 stale");
    let other = call::<Me>(&db, &caller(), Method::GET, Value::Null, "*").await;
    assert_eq!(other.body["zone"], "UTC");
}

/// Reports name people and keep to their preferences: what is new of a person is an event.
#[tokio::test]
async fn a_new_person_a_new_name_and_new_preferences_are_events() {
    let database = Database::new().await;
    let (db, mut who) = (NativeSql(database.as_role("tracking_api").await), caller());
    let zone = |zone: &str| json!({ "zone": zone });
    call::<Me>(&db, &who, Method::PATCH, zone("Asia/Kathmandu"), "*").await;
    // A refusal is no change.
    call::<Me>(&db, &who, Method::PATCH, zone("Europe/Zurich"), "\"7\"").await;
    who.name = "Somebody Else".to_owned();
    call::<Me>(&db, &who, Method::PATCH, zone("Europe/Zurich"), "*").await;
    let sql = "SELECT envelope::text FROM tracking.events ORDER BY user_seq";
    let rows = database.admin().await.query(sql, &[]).await.unwrap();
    let told: Vec<(String, String, String)> = rows
        .iter()
        .map(|row| match Event::parse(row.get::<_, String>(0).as_bytes()).unwrap() {
            Event::User(event) => (event.kind, event.data.after.name, event.data.after.zone),
            other => panic!("{other:?}"),
        })
        .collect();
    let event = |kind: &str, name: &str, zone: &str| {
        (format!("timetracker.user.{kind}"), name.to_owned(), zone.to_owned())
    };
    assert_eq!(
        told,
        [
            event("created", "Test Person", "UTC"),
            event("changed", "Test Person", "Asia/Kathmandu"),
            event("changed", "Somebody Else", "Asia/Kathmandu"),
            event("changed", "Somebody Else", "Europe/Zurich"),
        ]
    );
}

#[tokio::test]
async fn preferences_that_make_no_sense_are_refused() {
    let (db, who) = (database().await, caller());
    for (body, field) in [
        (json!({ "zone": "Mars/Olympus" }), "zone"),
        (json!({ "zone": null }), "zone"),
        (json!({ "locale": "it" }), "locale"),
        (json!({ "week_start": "tuesday" }), "week_start"),
        (json!({ "daily_target_minutes": 1441 }), "daily_target_minutes"),
        (json!({ "daily_target_minutes": -1 }), "daily_target_minutes"),
        (json!({ "forgotten_after_minutes": 0 }), "forgotten_after_minutes"),
        (json!({ "name": "Somebody" }), "name"),
    ] {
        let refused = call::<Me>(&db, &who, Method::PATCH, body.clone(), "*").await;
        assert_eq!(
            (refused.outcome(), &refused.body["field"]),
            ("422 invalid".to_owned(), &field.into()),
            "{body}"
        );
    }
}

#[tokio::test]
async fn only_admins_move_the_lock_and_all_see_it() {
    let (db, user) = (database().await, caller());
    let admin = caller_with(&[Role::User, Role::Admin]);
    let open = call::<Lock>(&db, &user, Method::GET, Value::Null, "*").await;
    assert_eq!((open.header("etag"), &open.body["locked_before"]), ("\"1\"", &Value::Null));
    let line = json!({ "locked_before": "2026-05-01T00:00:00+02:00" });
    for who in [&user, &caller_with(&[Role::User, Role::Manager])] {
        assert_eq!(call::<Lock>(&db, who, Method::PUT, line.clone(), "*").await.outcome(), "403 forbidden");
    }
    let moved = call::<Lock>(&db, &admin, Method::PUT, line.clone(), "\"1\"").await;
    assert_eq!((moved.status, &moved.body["locked_before"]), (200, &"2026-04-30T22:00:00Z".into()));
    assert_eq!(moved.body["changed_by"], admin.id.to_string());
    assert_eq!(call::<Lock>(&db, &user, Method::GET, Value::Null, "*").await.body, moved.body);
    assert_eq!(call::<Lock>(&db, &admin, Method::PUT, line, "\"1\"").await.outcome(), "412 stale");
    for body in [
        json!({}),
        json!({ "locked_before": "soon" }),
        json!({ "locked_before": "0001-01-01T00:00:00Z" }),
        json!({ "locked_before": "2026-04-30T23:59:60Z" }),
    ] {
        let refused = call::<Lock>(&db, &admin, Method::PUT, body, "*").await;
        assert_eq!(refused.body["field"], "locked_before");
    }
    let opened = call::<Lock>(&db, &admin, Method::PUT, json!({ "locked_before": null }), "*").await;
    assert_eq!((opened.status, &opened.body["locked_before"]), (200, &Value::Null));
}
