//! Idempotency keys, and what happens at the same moment.

#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

mod suite;

use endpoints_time_entries::{Bulk, Collection, Item, Switch, Timer};
use http::Method;
use serde_json::{Value, json};
use suite::{World, ago, hour};
use testkit::{Answer, NativeSql};

async fn keyed(world: &World, key: &str, body: Value) -> Answer {
    world.call_as::<Collection>(&world.who, Method::POST, "", body, &[("idempotency-key", key)]).await
}

#[tokio::test]
async fn a_repeat_may_spell_the_address_otherwise() {
    let world = World::new().await;
    let id = world.create(json!({ "start": ago(60) })).await.id();
    let stop = async |address: &str| {
        let request = http::Request::delete(address).header("if-match", "*").header("idempotency-key", "k1");
        let request = request.body(Vec::new()).unwrap();
        api::answer::<Timer>(&world.db, world.who.clone(), request, chrono::Utc::now(), "test").await
    };
    let end = ago(10);
    let first = stop(&format!("https://localhost:8443/api/v1/timer?end={end}")).await;
    assert_eq!(first.status(), 200);
    for address in [
        format!("https://127.0.0.1:8443/api/v1/timer/?end={end}"),
        format!("/api/v1/timer?end={}", end.replace(':', "%3A")),
    ] {
        let again = stop(&address).await;
        assert_eq!(
            (again.status().as_u16(), again.headers().contains_key("idempotency-replayed")),
            (200, true),
            "{address}"
        );
    }
    assert_eq!(stop(&format!("/api/v1/timer?end={}", ago(9))).await.status(), 422);

    let change = async |id: &str| {
        world
            .call_as::<Item>(
                &world.who,
                Method::PATCH,
                id,
                json!({ "billable": true }),
                &[("idempotency-key", "k2")],
            )
            .await
    };
    assert_eq!(change(&id).await.status, 200);
    assert_eq!(change(&id.to_uppercase()).await.header("idempotency-replayed"), "true");
}

#[tokio::test]
async fn a_repeat_is_answered_from_the_store() {
    let world = World::new().await;
    let first = keyed(&world, "k1", hour(9)).await;
    let again = keyed(&world, "k1", hour(9)).await;
    assert_eq!((again.status, &again.body), (201, &first.body));
    assert_eq!((first.header("idempotency-replayed"), again.header("idempotency-replayed")), ("", "true"));
    assert_eq!(
        (again.header("etag"), again.header("location")),
        (first.header("etag"), first.header("location"))
    );
    assert_eq!(keyed(&world, "k1", hour(10)).await.outcome(), "422 key-reused");
    assert_eq!(keyed(&world, "k2", hour(9)).await.outcome(), "409 overlap");
    assert_eq!(world.events().await, 1);

    // A refusal is judged anew.
    world.delete(&first.id()).await;
    assert_eq!(keyed(&world, "k2", hour(9)).await.status, 201);
    for wrong in ["", "with space", &"x".repeat(256)] {
        assert_eq!(keyed(&world, wrong, hour(11)).await.outcome(), "400 malformed");
    }
}

#[tokio::test]
async fn a_change_that_was_made_is_not_stale_when_it_is_repeated() {
    let world = World::new().await;
    let id = world.create(hour(9)).await.id();
    let headers = [("idempotency-key", "k"), ("if-match", "\"1\"")];
    for method in [Method::PATCH, Method::DELETE] {
        let body = if method == Method::PATCH { json!({ "description": "x" }) } else { Value::Null };
        let tag = if method == Method::PATCH { "\"1\"" } else { "\"2\"" };
        let headers = [("idempotency-key", method.as_str()), ("if-match", tag)];
        let first = world.call_as::<Item>(&world.who, method.clone(), &id, body.clone(), &headers).await;
        let again = world.call_as::<Item>(&world.who, method.clone(), &id, body, &headers).await;
        assert_eq!((again.status, &again.body), (first.status, &first.body));
        assert!(first.status < 300 && again.header("idempotency-replayed") == "true", "{first:?} {again:?}");
    }
    let stale = world.call_as::<Item>(&world.who, Method::PATCH, &id, json!({}), &headers).await;
    assert_eq!(stale.outcome(), "404 not-found");
    assert_eq!(world.events().await, 3);
}

#[tokio::test]
async fn a_key_is_that_of_a_bulk_and_of_none_of_its_items() {
    let world = World::new().await;
    let item = |from| json!({ "action": "create", "entry": hour(from) });
    let wish = json!({ "items": [item(9), item(10)] });
    let headers = [("idempotency-key", "k")];
    let bulk = async || world.call_as::<Bulk>(&world.who, Method::POST, "", wish.clone(), &headers).await;
    let (first, again) = (bulk().await, bulk().await);
    assert_eq!((first.status, first.body["results"].as_array().map(Vec::len)), (200, Some(2)), "{first:?}");
    assert_eq!((again.header("idempotency-replayed"), &again.body), ("true", &first.body));
    assert_eq!(world.events().await, 2);
}

#[tokio::test]
async fn of_somebody_new_a_refused_write_leaves_nothing() {
    let world = World::new().await;
    let people = async || {
        let sql = "SELECT count(*) FROM tracking.users u, tracking.outbox o";
        world.behind.admin().await.query_one(sql, &[]).await.unwrap().get::<_, i64>(0)
    };
    let mut wish = hour(9);
    wish["project_id"] = world.who.id.to_string().into();
    assert_eq!(keyed(&world, "k", wish).await.outcome(), "422 unknown-name");
    assert_eq!(people().await, 0);
    assert_eq!(keyed(&world, "k", hour(9)).await.outcome(), "201 ");
    assert_eq!(people().await, 2, "that they are new, and the entry");
}

#[tokio::test]
async fn one_transaction_locks_the_owner_and_writes() {
    let world = World::new().await;
    for from in [9, 10] {
        assert_eq!(world.create(hour(from)).await.status, 201);
    }
    // Where another one had locked the row, its number would be there still, and both in a MultiXact.
    let same = "SELECT xmin::text = xmax::text FROM tracking.users";
    assert!(world.behind.admin().await.query_one(same, &[]).await.unwrap().get::<_, bool>(0));
}

#[tokio::test]
async fn another_persons_key_is_another_key() {
    let world = World::new().await;
    keyed(&world, "k", hour(9)).await;
    let other = testkit::caller();
    let headers = [("idempotency-key", "k")];
    let beside = world.call_as::<Collection>(&other, Method::POST, "", hour(10), &headers).await;
    assert_eq!((beside.status, beside.header("idempotency-replayed")), (201, ""));
}

#[tokio::test]
async fn a_key_is_kept_for_a_day_and_then_removed() {
    let world = World::new().await;
    keyed(&world, "old", hour(9)).await;
    let admin = world.behind.admin().await;
    let age = async |interval: &str| {
        let sql = format!("UPDATE tracking.idempotency_keys SET created_at = now() - interval '{interval}'");
        admin.batch_execute(&sql).await.unwrap();
    };
    age("23 hours 59 minutes").await;
    assert_eq!(keyed(&world, "old", hour(9)).await.header("idempotency-replayed"), "true");
    age("24 hours 1 minute").await;
    assert_eq!(keyed(&world, "old", hour(9)).await.outcome(), "409 overlap");
    age("26 hours").await;
    keyed(&world, "new", hour(10)).await;
    let left: i64 =
        admin.query_one("SELECT count(*) FROM tracking.idempotency_keys", &[]).await.unwrap().get(0);
    assert_eq!(left, 1);
}

/// Many requests at one moment, each on a connection of its own.
async fn together<F: Future<Output = Answer>>(
    world: &World,
    count: usize,
    request: impl Fn(NativeSql, usize) -> F,
) -> Vec<Answer> {
    let mut requests = Vec::new();
    for n in 0..count {
        requests.push(request(NativeSql(world.behind.as_role("tracking_api").await), n));
    }
    futures::future::join_all(requests).await
}

fn count(answers: &[Answer], outcome: &str) -> usize {
    answers.iter().filter(|answer| answer.outcome() == outcome).count()
}

#[tokio::test]
async fn the_same_key_at_the_same_time_has_one_effect() {
    let world = World::new().await;
    let who = world.who.clone();
    let answers = together(&world, 20, async |db, _| {
        testkit::call::<Collection>(&db, &who, Method::POST, "", hour(9), &[("idempotency-key", "k")]).await
    })
    .await;
    assert_eq!(count(&answers, "201 "), 20, "{answers:?}");
    assert!(answers.iter().all(|answer| answer.body == answers[0].body));
    assert_eq!(world.events().await, 1);
}

#[tokio::test]
async fn of_many_overlapping_entries_and_timers_at_the_same_time_one_is_written() {
    let world = World::new().await;
    let who = world.who.clone();
    let answers = together(&world, 20, async |db, _| {
        testkit::call::<Collection>(&db, &who, Method::POST, "", hour(9), &[]).await
    })
    .await;
    assert_eq!((count(&answers, "201 "), count(&answers, "409 overlap")), (1, 19));
    let answers = together(&world, 20, async |db, _| {
        testkit::call::<Timer>(&db, &who, Method::POST, "", json!({}), &[]).await
    })
    .await;
    assert_eq!((count(&answers, "201 "), count(&answers, "409 timer-running")), (1, 19));
    assert_eq!(world.events().await, 2);
}

#[tokio::test]
async fn switches_at_the_same_time_come_one_after_the_other() {
    let world = World::new().await;
    let who = world.who.clone();
    let answers = together(&world, 8, async |db, n| {
        let minutes = i64::try_from(60 - n).unwrap();
        testkit::call::<Switch>(&db, &who, Method::POST, "", json!({ "start": ago(minutes) }), &[]).await
    })
    .await;
    let switched = count(&answers, "201 ");
    assert!(switched >= 1, "{answers:?}");
    let running = world.list("?running=true").await.body["items"].as_array().unwrap().len();
    let ended = world.list("?running=false").await.body["items"].as_array().unwrap().len();
    assert_eq!((running, ended), (1, switched - 1));
    assert!(answers.iter().all(|answer| answer.status < 500));
}
