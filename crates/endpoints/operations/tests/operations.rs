//! Status and dead letters over PostgreSQL, read and decided on with the rights of the reports' own role.

#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

use api::{Caller, Endpoint};
use domain::Role;
use endpoints_operations::{DeadLetter, DeadLetters, ReplayDeadLetter, Status};
use http::Method;
use serde_json::{Value, json};
use testkit::{Answer, Database, NativeSql, caller, caller_with};
use tokio_postgres::Client;
use uuid::Uuid;

struct World {
    db: NativeSql,
    writer: Client,
    owner: Client,
    admin: Caller,
}

impl World {
    async fn new() -> Self {
        let database = Database::new().await;
        Self {
            db: NativeSql(database.as_role("reports_api").await),
            writer: database.as_role("reporting_writer").await,
            owner: database.admin().await,
            admin: caller_with(&[Role::User, Role::Admin]),
        }
    }

    /// A letter that failed twice, the last time at this minute.
    async fn letter(&self, kind: &str, minute: u32, body: &[u8]) -> String {
        let id = Uuid::new_v4();
        let last = format!("2026-05-04T08:{minute:02}:00.120000Z");
        let letter = json!({ "id": id, "message_id": "m", "kind": kind, "reason": "no days",
            "attempts": [{ "at": "2026-05-04T08:00:00Z", "reason": "first" }, { "at": last, "reason": "no days" }],
            "first_failed_at": "2026-05-04T08:00:00Z", "last_failed_at": last,
            "properties": { "headers": { "x": 1 } } });
        self.writer.execute("SELECT reporting.keep_dead_letter($1, $2)", &[&letter, &body]).await.unwrap();
        id.to_string()
    }

    async fn call<E: Endpoint>(&self, method: Method, target: &str, headers: &[(&str, &str)]) -> Answer {
        testkit::call::<E>(&self.db, &self.admin, method, target, Value::Null, headers).await
    }

    async fn waiting(&self) -> i64 {
        let sql = "SELECT count(*) FROM reporting.dead_letters WHERE replay_at IS NOT NULL";
        self.owner.query_one(sql, &[]).await.unwrap().get(0)
    }
}

#[tokio::test]
async fn everybody_sees_how_far_the_reports_are() {
    let world = World::new().await;
    let who = caller();
    let ask = async || testkit::call::<Status>(&world.db, &who, Method::GET, "", Value::Null, &[]).await.body;
    let fresh = ask().await;
    assert_eq!((&fresh["lag_seconds"], &fresh["last_event_at"]), (&Value::Null, &Value::Null));
    assert_eq!(fresh["dead_letters"], json!({ "poison": 0, "parked": 0 }));
    world.letter("poison", 1, b"{}").await;
    world.letter("parked", 2, b"{}").await;
    world.letter("parked", 3, b"{}").await;
    let sql = "UPDATE reporting.state SET last_event_at = '2026-05-04 08:00:00Z', \
        last_applied_at = '2026-05-04 08:00:01.25Z', queues = '{\"reporting\": 7}', counted_at = '2026-05-04 08:00:02Z'";
    world.owner.batch_execute(sql).await.unwrap();
    assert_eq!(
        ask().await,
        json!({
            "lag_seconds": 1.25, "last_event_at": "2026-05-04T08:00:00Z", "last_applied_at": "2026-05-04T08:00:01.250Z",
            "queues": { "reporting": 7 }, "counted_at": "2026-05-04T08:00:02Z",
            "dead_letters": { "poison": 1, "parked": 2 },
        })
    );
}

#[tokio::test]
async fn the_list_goes_from_the_last_failure_back_a_page_at_a_time() {
    let world = World::new().await;
    let mut made = Vec::new();
    for minute in [1, 3, 2, 3, 5] {
        made.push((minute, world.letter("poison", minute, b"x").await));
    }
    made.sort_by(|one, other| other.cmp(one));
    let (mut seen, mut target) = (Vec::new(), "?limit=2".to_owned());
    loop {
        let page = world.call::<DeadLetters>(Method::GET, &target, &[]).await;
        let items = page.body["items"].as_array().unwrap();
        assert!(items.iter().all(|item| item.get("body").is_none()));
        seen.extend(items.iter().map(|item| item["id"].as_str().unwrap().to_owned()));
        let Some(cursor) = page.body["next_cursor"].as_str() else { break };
        assert!(page.header("link").contains(cursor));
        target = format!("?limit=2&cursor={cursor}");
    }
    assert_eq!(seen, made.into_iter().map(|(_, id)| id).collect::<Vec<_>>());
    for (target, outcome) in [
        ("?limit=0", "400 malformed"),
        ("?kind=poison", "400 malformed"),
        ("?cursor=aGVsbG8", "422 invalid"),
        // {"at":"+10000-01-01T00:00:00Z","id":"00000000-0000-0000-0000-000000000000"}
        (
            "?cursor=eyJhdCI6IisxMDAwMC0wMS0wMVQwMDowMDowMFoiLCJpZCI6IjAwMDAwMDAwLTAwMDAtMDAwMC0wMDAwLTAwMDAwMDAwMDAwMCJ9",
            "422 invalid",
        ),
    ] {
        assert_eq!(world.call::<DeadLetters>(Method::GET, target, &[]).await.outcome(), outcome, "{target}");
    }
}

#[tokio::test]
async fn a_letter_is_shown_whole_whatever_it_carries() {
    let world = World::new().await;
    let json = world.letter("poison", 1, br#"{"a": [1, "two"]}"#).await;
    let bytes = world.letter("parked", 2, &[0, 255, 128].repeat(60)).await;
    let whole = world.call::<DeadLetter>(Method::GET, &json, &[]).await;
    assert_eq!(
        (&whole.body["body_form"], &whole.body["body"]),
        (&"json".into(), &json!({ "a": [1, "two"] }))
    );
    assert_eq!(whole.body["attempts"][0]["reason"], "first");
    assert_eq!(whole.body["properties"], json!({ "headers": { "x": 1 } }));
    assert_eq!(whole.header("etag"), format!("\"{}\"", whole.body["letter"]["version"].as_str().unwrap()));
    let other = world.call::<DeadLetter>(Method::GET, &bytes, &[]).await.body;
    assert_eq!(other["body_form"], "base64");
    assert_eq!(other["body"], "AP+A".repeat(60));
}

#[tokio::test]
async fn a_letter_is_sent_again_once_and_dropped_at_the_version_that_was_seen() {
    let world = World::new().await;
    let (id, other) = (world.letter("poison", 1, b"{}").await, world.letter("poison", 2, b"{}").await);
    let seen = world.call::<DeadLetter>(Method::GET, &id, &[]).await.header("etag").to_owned();
    let again = world.call::<ReplayDeadLetter>(Method::POST, &id, &[("idempotency-key", "k")]).await;
    assert_eq!((again.status, world.waiting().await), (202, 1), "{again:?}");
    assert!(again.body["replay_at"].is_string() && again.header("etag") != seen);
    let repeat = world.call::<ReplayDeadLetter>(Method::POST, &id, &[("idempotency-key", "k")]).await;
    assert_eq!(
        (repeat.status, repeat.header("idempotency-replayed"), &repeat.body),
        (202, "true", &again.body)
    );
    let twice = world.call::<ReplayDeadLetter>(Method::POST, &id, &[]).await;
    assert_eq!(twice.body["replay_at"], again.body["replay_at"]);
    let reused = world.call::<DeadLetter>(Method::DELETE, &id, &[("idempotency-key", "k")]).await;
    assert_eq!(reused.outcome(), "422 key-reused");

    let stale = world.call::<DeadLetter>(Method::DELETE, &id, &[("if-match", &seen)]).await;
    assert_eq!(stale.outcome(), "412 stale");
    let now = world.call::<DeadLetter>(Method::GET, &id, &[]).await.header("etag").to_owned();
    let dropped = world.call::<DeadLetter>(Method::DELETE, &id, &[("if-match", &now)]).await;
    assert_eq!(dropped.status, 204, "{dropped:?}");
    for gone in [
        world.call::<DeadLetter>(Method::GET, &id, &[]).await,
        world.call::<DeadLetter>(Method::DELETE, &id, &[]).await,
        world.call::<ReplayDeadLetter>(Method::POST, &id, &[]).await,
    ] {
        assert_eq!(gone.outcome(), "404 not-found");
    }
    assert_eq!(world.call::<DeadLetter>(Method::GET, &other, &[]).await.status, 200);
    assert_eq!(world.call::<DeadLetter>(Method::GET, "x", &[]).await.outcome(), "400 malformed");
}

#[tokio::test]
async fn only_admins_see_and_decide() {
    let world = World::new().await;
    let id = world.letter("poison", 1, b"{}").await;
    for who in [caller(), caller_with(&[Role::User, Role::Manager])] {
        let (db, none) = (&world.db, Value::Null);
        for refused in [
            testkit::call::<DeadLetters>(db, &who, Method::GET, "", none.clone(), &[]).await,
            testkit::call::<DeadLetter>(db, &who, Method::GET, &id, none.clone(), &[]).await,
            testkit::call::<DeadLetter>(db, &who, Method::DELETE, &id, none.clone(), &[]).await,
            testkit::call::<ReplayDeadLetter>(db, &who, Method::POST, &id, none.clone(), &[]).await,
        ] {
            assert_eq!(refused.outcome(), "403 forbidden");
        }
    }
    assert_eq!(
        (world.call::<DeadLetter>(Method::GET, &id, &[]).await.status, world.waiting().await),
        (200, 0)
    );
}
