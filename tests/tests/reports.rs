//! From a change to the report, the one way: outbox, bridge, RabbitMQ, reporting, read model.

#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

use e2e::{Client, eventually, free_day, login};
use lapin::options::{BasicGetOptions, BasicPublishOptions, QueueBindOptions, QueueDeclareOptions};
use lapin::types::{AMQPValue, FieldTable};
use lapin::{BasicProperties, Channel, Connection, ConnectionProperties};
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

#[test]
fn every_change_reaches_the_report() {
    let alice = login("alice");
    let day = free_day().to_string();
    let entry = |from: &str, to: &str, project: Option<&str>| json!({ "start": format!("{day}T{from}:00Z"), "end": format!("{day}T{to}:00Z"), "project": project });
    let first = alice.post("/api/v1/time-entries", &entry("09:00", "10:30", Some("Atlas")));
    assert_eq!(alice.post("/api/v1/time-entries", &entry("11:00", "11:10", None)).status, 201);
    expect(&alice, &day, "day", json!([{ "key": day, "seconds": 6000 }]));
    expect(
        &alice,
        &day,
        "project",
        json!([{ "key": "Atlas", "seconds": 5400 }, { "key": null, "seconds": 600 }]),
    );

    let path = format!("/api/v1/time-entries/{}", first.id());
    alice.patch(&path, &json!({ "end": format!("{day}T09:20:00Z"), "project": "Borealis" }));
    expect(
        &alice,
        &day,
        "project",
        json!([{ "key": "Borealis", "seconds": 1200 }, { "key": null, "seconds": 600 }]),
    );

    alice.delete(&path);
    expect(&alice, &day, "day", json!([{ "key": day, "seconds": 600 }]));
    assert_eq!(summary(&login("bob"), &day, &day, "day")["groups"], json!([]), "everyone sees their own");
}

#[test]
fn time_across_midnight_counts_on_the_days_of_the_entrys_zone() {
    let alice = login("alice");
    let day = free_day();
    let next = day.succ_opt().unwrap();
    // 23:30 to 00:30 in Kathmandu (5:45 ahead).
    let body = json!({ "start": format!("{day}T17:45:00Z"), "end": format!("{day}T18:45:00Z"), "zone": "Asia/Kathmandu" });
    assert_eq!(alice.post("/api/v1/time-entries", &body).status, 201);
    let expected = json!([{ "key": day, "seconds": 1800 }, { "key": next, "seconds": 1800 }]);
    eventually(10, "the report", || {
        let answer = summary(&alice, &day.to_string(), &next.to_string(), "day");
        if answer["groups"] == expected { Ok(()) } else { Err(answer.to_string()) }
    });
}

#[test]
fn a_wrong_question_is_refused_with_its_parameter() {
    let alice = login("alice");
    for (query, field) in [
        ("to=2026-01-31&group_by=day", "from"),
        ("from=2026-01-01&to=yesterday&group_by=day", "to"),
        ("from=2026-01-31&to=2026-01-01&group_by=day", "to"),
        ("from=1900-01-01&to=2026-01-01&group_by=day", "to"),
        ("from=2026-01-01&to=2026-01-31&group_by=moon", "group_by"),
        ("from=2026-01-01&to=2026-01-31&group_by=day&user=bob", "user"),
    ] {
        let answer = alice.get(&format!("/api/v1/reports/summary?{query}"));
        assert_eq!((answer.status, &answer.json()["field"]), (400, &field.into()), "{query} {}", answer.text);
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
async fn a_message_that_cannot_be_applied_ends_in_the_dead_letter_queue_with_its_reason() {
    let (_connection, channel) = broker().await;
    let id = uuid::Uuid::new_v4().to_string();
    let properties = BasicProperties::default().with_message_id(id.as_str().into()).with_delivery_mode(2);
    channel
        .basic_publish(
            "timetracker.events".into(),
            "time_entry.created".into(),
            BasicPublishOptions::default(),
            b"{}",
            properties,
        )
        .await
        .unwrap();

    // Through the tiers of 1, 10 and 60 s.
    let begun = std::time::Instant::now();
    let dead = loop {
        assert!(begun.elapsed().as_secs() < 120, "it did not arrive");
        match channel.basic_get("reporting.dead".into(), BasicGetOptions { no_ack: true }).await.unwrap() {
            Some(message)
                if message.properties.message_id().as_ref().is_some_and(|own| own.as_str() == id) =>
            {
                break message;
            }
            _ => tokio::time::sleep(std::time::Duration::from_millis(500)).await,
        }
    };
    assert!(begun.elapsed().as_secs() >= 70, "a tier was passed over");
    assert_eq!(dead.data, b"{}");
    let headers = dead.properties.headers().as_ref().unwrap().inner();
    assert_eq!(headers.get("x-timetracker-attempts"), Some(&AMQPValue::LongInt(4)));
    let Some(AMQPValue::LongString(reason)) = headers.get("x-timetracker-reason") else {
        panic!("no reason")
    };
    assert!(reason.to_string().contains("not an event"), "{reason}");
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
            "timetracker.events".into(),
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

    let begun = std::time::Instant::now();
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
            None => tokio::time::sleep(std::time::Duration::from_millis(50)).await,
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
