//! From a change to the report, the one way: outbox, bridge, RabbitMQ, reporting, read model.

#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

use std::time::{Duration, Instant};

use broker::EVENTS;
use e2e::{Client, eventually, free_day, login, truth};
use lapin::options::{BasicGetOptions, BasicPublishOptions, QueueBindOptions, QueueDeclareOptions};
use lapin::types::{AMQPValue, FieldTable};
use lapin::{BasicProperties, Channel, Connection, ConnectionProperties};
use reporting::ReadModel;
use reporting::dead_letters::{self, Letter};
use serde_json::{Value, json};

fn summary(client: &Client, from: &str, to: &str, group_by: &str) -> Value {
    client.get(&format!("/api/v1/reports/summary?from={from}&to={to}&group_by={group_by}")).json()
}

/// Wait until the day's groups are these.
fn expect(client: &Client, day: &str, group_by: &str, groups: Value) {
    eventually(10, "the report", || {
        let answer = summary(client, day, day, group_by);
        if answer["groups"] == groups { Ok(()) } else { Err(answer.to_string()) }
    });
}

/// A new project; answers its id and its name.
fn project(client: &Client) -> (String, String) {
    let name = format!("Atlas {}", uuid::Uuid::new_v4().simple());
    let made = client.post("/api/v1/projects", &json!({ "name": name, "color": "#4f6bed" }));
    assert_eq!(made.status, 201, "{}", made.text);
    (made.id(), name)
}

/// A change of whatever version is there.
fn change(client: &Client, method: &str, path: &str, body: &str) {
    let headers = [("content-type", "application/json"), ("if-match", "*")];
    let answer = client.send(method, path, &headers[usize::from(body.is_empty())..], body);
    assert!((200..300).contains(&answer.status), "{method} {path}: {}", answer.text);
}

fn group(by: &str, key: &Value, name: Option<&str>, color: Option<&str>, seconds: i64) -> Value {
    let keys = json!([{ "by": by, "key": key, "name": name, "color": color }]);
    json!({ "keys": keys, "seconds": seconds, "rounded_seconds": seconds, "amounts": [] })
}

fn of_day(day: &str, seconds: i64) -> Value {
    group("day", &json!(day), None, None, seconds)
}

fn of_project(key: &str, name: &str, color: &str, seconds: i64) -> Value {
    group("project", &json!(key), Some(name), Some(color), seconds)
}

fn of_none(seconds: i64) -> Value {
    group("project", &Value::Null, None, None, seconds)
}

#[test]
fn every_change_reaches_the_report() {
    let alice = login("alice");
    let day = free_day().to_string();
    let ((atlas, atlas_name), (other, other_name)) = (project(&alice), project(&alice));
    let entry = |from: &str, to: &str, project: Option<&str>| json!({ "start": format!("{day}T{from}:00Z"), "end": format!("{day}T{to}:00Z"), "zone": "UTC", "project_id": project });
    let first = alice.post("/api/v1/time-entries", &entry("09:00", "10:30", Some(&atlas)));
    assert_eq!(first.status, 201, "{}", first.text);
    assert_eq!(alice.post("/api/v1/time-entries", &entry("11:00", "11:10", None)).status, 201);
    expect(&alice, &day, "day", json!([of_day(&day, 6000)]));
    let atlas_group = of_project(&atlas, &atlas_name, "#4f6bed", 5400);
    expect(&alice, &day, "project", json!([atlas_group, of_none(600)]));

    let path = format!("/api/v1/time-entries/{}", first.id());
    let body = json!({ "end": format!("{day}T09:20:00Z"), "project_id": other });
    change(&alice, "PATCH", &path, &body.to_string());
    let other_group = of_project(&other, &other_name, "#4f6bed", 1200);
    expect(&alice, &day, "project", json!([other_group, of_none(600)]));

    change(&alice, "DELETE", &path, "");
    expect(&alice, &day, "day", json!([of_day(&day, 600)]));
    change(&alice, "POST", &format!("{path}/restore"), "");
    expect(&alice, &day, "day", json!([of_day(&day, 1800)]));
    assert_eq!(summary(&login("bob"), &day, &day, "day")["groups"], json!([]), "everyone sees their own");
}

#[test]
fn a_project_that_is_renamed_has_its_new_name_and_colour_in_reports_of_the_past() {
    let alice = login("alice");
    let day = free_day().to_string();
    let (id, name) = project(&alice);
    let body = json!({ "start": format!("{day}T09:00:00Z"), "end": format!("{day}T10:00:00Z"), "zone": "UTC", "project_id": id });
    assert_eq!(alice.post("/api/v1/time-entries", &body).status, 201);
    expect(&alice, &day, "project", json!([of_project(&id, &name, "#4f6bed", 3600)]));
    let renamed = format!("{name} II");
    let body = json!({ "name": renamed, "color": "#d64550", "archived": true });
    change(&alice, "PATCH", &format!("/api/v1/projects/{id}"), &body.to_string());
    expect(&alice, &day, "project", json!([of_project(&id, &renamed, "#d64550", 3600)]));
}

#[test]
fn weeks_are_sums_of_their_days() {
    let alice = login("alice");
    let day = free_day();
    let body =
        json!({ "start": format!("{day}T09:00:00Z"), "end": format!("{day}T10:00:00Z"), "zone": "UTC" });
    assert_eq!(alice.post("/api/v1/time-entries", &body).status, 201);
    let week = day.week(chrono::Weekday::Sun);
    eventually(10, "the report", || {
        let query = format!("from={day}&to={day}&group_by=week&week_start=sunday");
        let answer = alice.get(&format!("/api/v1/reports/summary?{query}")).json();
        let expected = json!([group("week", &json!(week.first_day().to_string()), None, None, 3600)]);
        if answer["groups"] == expected { Ok(()) } else { Err(answer.to_string()) }
    });
}

#[test]
fn time_across_midnight_counts_on_the_days_of_the_entrys_zone() {
    let alice = login("alice");
    let day = free_day();
    let next = day.succ_opt().unwrap();
    // 23:30 to 00:30 in Kathmandu (5:45 ahead).
    let body = json!({ "start": format!("{day}T17:45:00Z"), "end": format!("{day}T18:45:00Z"), "zone": "Asia/Kathmandu" });
    assert_eq!(alice.post("/api/v1/time-entries", &body).status, 201);
    let expected = json!([of_day(&day.to_string(), 1800), of_day(&next.to_string(), 1800)]);
    eventually(10, "the report", || {
        let answer = summary(&alice, &day.to_string(), &next.to_string(), "day");
        if answer["groups"] == expected { Ok(()) } else { Err(answer.to_string()) }
    });
}

#[test]
fn a_wrong_question_is_refused_with_its_parameter() {
    let alice = login("alice");
    for (query, status, field) in [
        ("to=2026-01-31&group_by=day", 400, "from"),
        ("from=2026-01-01&to=yesterday&group_by=day", 400, "to"),
        ("from=2026-01-31&to=2026-01-01&group_by=day", 422, "to"),
        ("from=1900-01-01&to=2026-01-01&group_by=day", 422, "to"),
        ("from=2026-01-01&to=2026-01-31&group_by=moon", 400, "group_by"),
        ("from=2026-01-01&to=2026-01-31&group_by=week&week_start=tuesday", 400, "week_start"),
        ("from=2026-01-01&to=2026-01-31&group_by=day&user=bob", 400, "user"),
        ("from=2026-01-01&to=2026-01-31&group_by=day&user=all", 403, "user"),
    ] {
        let answer = alice.get(&format!("/api/v1/reports/summary?{query}"));
        assert_eq!(
            (answer.status, &answer.json()["field"]),
            (status, &field.into()),
            "{query} {}",
            answer.text
        );
    }
    assert_eq!(Client::stranger().get("/api/v1/reports/summary").status, 401);
}

async fn broker() -> (Connection, Channel) {
    let amqp = testkit::required("TIMETRACKER_TEST_AMQP_URL");
    let connection = Connection::connect(&amqp, ConnectionProperties::default()).await.unwrap();
    let channel = connection.create_channel().await.unwrap();
    (connection, channel)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_cannot_be_applied_is_tried_again_and_kept_with_every_reason() {
    let (_connection, channel) = broker().await;
    let id = uuid::Uuid::new_v4();
    let properties = BasicProperties::default().with_message_id(id.to_string().into()).with_delivery_mode(2);
    let options = BasicPublishOptions::default();
    channel
        .basic_publish(EVENTS.into(), "time_entry.created".into(), options, b"{}", properties)
        .await
        .unwrap();

    // Through the tiers of 1, 10 and 60 s.
    let model = ReadModel::new(truth::database().await);
    let begun = Instant::now();
    let letter = kept(&model, id).await;
    assert!(begun.elapsed().as_secs() >= 70, "a tier was passed over");
    assert_eq!((letter.kind.as_str(), letter.body.as_slice()), ("poison", &b"{}"[..]));
    let attempts = letter.attempts.as_array().unwrap();
    assert_eq!(attempts.len(), 4);
    assert!(attempts.iter().all(|attempt| attempt["reason"].as_str().unwrap().contains("not an event")));
    assert!(letter.first_failed_at + chrono::TimeDelta::seconds(70) <= letter.last_failed_at);

    // Sent again it dies again, and dropped it is gone.
    assert_eq!(dead_letters::replay(&model, Some(id), None).await.unwrap(), 1);
    let again = kept_since(&model, id, letter.last_failed_at).await;
    assert_eq!(again.attempts.as_array().unwrap().len(), 4);
    assert_eq!(dead_letters::discard(&model, Some(id)).await.unwrap(), 1);
    assert!(dead_letters::list(&model, Some(id)).await.unwrap().is_empty());
}

async fn kept(model: &ReadModel, id: uuid::Uuid) -> Letter {
    kept_since(model, id, chrono::DateTime::UNIX_EPOCH).await
}

/// The dead letter, once it is there and its last attempt is later than this.
async fn kept_since(model: &ReadModel, id: uuid::Uuid, at: chrono::DateTime<chrono::Utc>) -> Letter {
    let begun = Instant::now();
    loop {
        assert!(begun.elapsed().as_secs() < 120, "it did not arrive");
        let mut found = dead_letters::list(model, Some(id)).await.unwrap();
        if let Some(letter) = found.pop().filter(|letter| letter.last_failed_at > at) {
            return letter;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// An event of a later version is not lost: it waits, without any retry, for a worker that can read it.
#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_is_not_known_yet_is_parked() {
    let (_connection, channel) = broker().await;
    let id = uuid::Uuid::new_v4();
    let body = json!({ "specversion": "1.0", "type": "timetracker.time_entry.created", "id": id,
        "dataschema": "/schemas/time-entry-event-v9.json" });
    let properties = BasicProperties::default().with_message_id(id.to_string().into()).with_delivery_mode(2);
    let (options, body) = (BasicPublishOptions::default(), body.to_string());
    channel
        .basic_publish(EVENTS.into(), "time_entry.created".into(), options, body.as_bytes(), properties)
        .await
        .unwrap();
    let model = ReadModel::new(truth::database().await);
    let begun = Instant::now();
    let letter = kept(&model, id).await;
    assert!(begun.elapsed().as_secs() < 30, "it went through the retries");
    assert_eq!((letter.kind.as_str(), letter.attempts.as_array().unwrap().len()), ("parked", 1));
    assert!(letter.reason.contains("time-entry-event-v9"), "{}", letter.reason);

    // Admins look at it, send it again and drop it, from the outside.
    tokio::task::spawn_blocking(move || {
        let (ada, path) = (login("ada"), format!("/api/v1/dead-letters/{id}"));
        assert_eq!(login("mona").get(&path).status, 403);
        let seen = ada.get(&path);
        assert_eq!((seen.status, &seen.json()["body"]["id"]), (200, &json!(id)), "{}", seen.text);
        let replayed = ada.send("POST", &format!("{path}/replay"), &[], "");
        assert_eq!(replayed.status, 202, "{}", replayed.text);
        let failed_again = || {
            let now = ada.get(&path);
            let failed_at = |answer: &e2e::Answer| answer.json()["letter"]["last_failed_at"].clone();
            let waits = now.status == 200 && failed_at(&now) != failed_at(&seen);
            if waits { Ok(()) } else { Err(now.text) }
        };
        eventually(20, "the letter is back", failed_again);
        change(&ada, "DELETE", &path, "");
        assert_eq!(ada.get(&path).status, 404);
    })
    .await
    .unwrap();
}

/// A queue of the test's own beside the consumer's sees what the bridge publishes.
#[tokio::test(flavor = "multi_thread")]
async fn the_trace_goes_from_the_gateway_to_the_messages_header() {
    let (_connection, channel) = broker().await;
    let exclusive =
        QueueDeclareOptions { exclusive: true, auto_delete: true, ..QueueDeclareOptions::default() };
    let queue = channel.queue_declare("".into(), exclusive, FieldTable::default()).await.unwrap();
    channel
        .queue_bind(
            queue.name().clone(),
            EVENTS.into(),
            "time_entry.created".into(),
            QueueBindOptions::default(),
            FieldTable::default(),
        )
        .await
        .unwrap();

    let trace = uuid::Uuid::new_v4().simple().to_string();
    let header = format!("00-{trace}-00f067aa0ba902b7-01");
    let id = tokio::task::spawn_blocking(move || {
        let day = free_day();
        let body = json!({ "start": format!("{day}T09:00:00Z"), "end": format!("{day}T10:00:00Z") });
        let json = [("content-type", "application/json"), ("traceparent", header.as_str())];
        login("ada").send("POST", "/api/v1/time-entries", &json, &body.to_string()).id()
    })
    .await
    .unwrap();

    let begun = Instant::now();
    let message = loop {
        assert!(begun.elapsed().as_secs() < 10, "no message");
        match channel.basic_get(queue.name().clone(), BasicGetOptions { no_ack: true }).await.unwrap() {
            Some(message) => {
                let event = events::TimeEntryEvent::parse(&message.data).unwrap();
                if event.subject.to_string() == id {
                    assert_eq!(event.data.actor.name, "Ada Bernard");
                    break message;
                }
            }
            None => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    };
    let properties = &message.properties;
    assert_eq!(properties.delivery_mode(), &Some(2), "persistent");
    let headers = properties.headers().as_ref().unwrap();
    let Some(AMQPValue::LongString(traceparent)) = headers.inner().get("traceparent") else {
        panic!("no traceparent")
    };
    assert!(traceparent.to_string().contains(&trace), "{traceparent}");
}
