//! The relay's steps on a real outbox, with a publisher that a test can make fail.

#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

use std::sync::{Arc, Mutex};

use anyhow::{Result, bail};
use bridge::{Message, Outcome, Publisher, Relay};
use broker::Answer;
use serde_json::json;
use testkit::{Database, NativeSql, tracking};
use tokio_postgres::Client;
use uuid::Uuid;

type Script = Arc<Mutex<dyn FnMut(&Message) -> Result<Answer> + Send>>;

/// Answers as the test says and keeps what it took.
#[derive(Clone)]
struct Scripted {
    taken: Arc<Mutex<Vec<Message>>>,
    script: Script,
}

impl Scripted {
    fn new(script: impl FnMut(&Message) -> Result<Answer> + Send + 'static) -> Self {
        Self { taken: Arc::default(), script: Arc::new(Mutex::new(script)) }
    }

    fn ids(&self) -> Vec<Uuid> {
        self.taken.lock().unwrap().iter().map(|message| message.id).collect()
    }
}

impl Publisher for Scripted {
    async fn publish(&self, messages: &[Message]) -> Result<Vec<Answer>> {
        messages
            .iter()
            .map(|message| {
                let answer = (self.script.lock().unwrap())(message)?;
                if answer == Answer::Confirmed {
                    self.taken.lock().unwrap().push(message.clone());
                }
                Ok(answer)
            })
            .collect()
    }
}

/// Commit `count` new entries of one person; answers their events in order.
async fn commit(database: &Database, count: i32) -> Vec<Uuid> {
    let (api, who) = (NativeSql(database.as_role("tracking_api").await), testkit::caller());
    for hour in 0..count {
        let at = |minute| format!("2026-01-{:02}T{:02}:{minute:02}:00Z", 1 + hour / 24, hour % 24);
        let entry = json!({
            "id": Uuid::new_v4(), "start": at(0), "end": at(30), "zone": "UTC", "description": "", "tag_ids": [],
            "billable": false, "days": [],
        });
        tracking::write(&api, &who, "create_entry", entry).await;
    }
    let admin = database.admin().await;
    // That there is a new person is an event too, and counts here for nothing.
    admin.execute("DELETE FROM tracking.outbox WHERE routing_key = 'user.created'", &[]).await.unwrap();
    let rows = admin.query("SELECT event_id FROM tracking.outbox ORDER BY id", &[]).await.unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}

async fn waiting(admin: &Client) -> i64 {
    admin.query_one("SELECT count(*) FROM tracking.outbox", &[]).await.unwrap().get(0)
}

#[tokio::test]
async fn what_is_confirmed_is_sent_once_in_order_and_whole() {
    let database = Database::new().await;
    let events = commit(&database, 5).await;
    let publisher = Scripted::new(|_| Ok(Answer::Confirmed));
    let mut relay = Relay::new(database.as_role("bridge").await, publisher.clone(), 2).await.unwrap();
    let (mut sent, mut full) = (0, vec![]);
    loop {
        let outcome = relay.step().await.unwrap();
        full.push(relay.was_full(outcome));
        match outcome {
            Outcome { confirmed: 0, refused: 0 } => break,
            Outcome { confirmed, .. } => sent += confirmed,
        }
    }
    assert_eq!((sent, publisher.ids()), (5, events));
    assert_eq!(full, [true, true, false, false]);
    assert_eq!(waiting(&database.admin().await).await, 0);
    assert_eq!(relay.oldest().await.unwrap(), 0.0);

    let message = publisher.taken.lock().unwrap()[0].clone();
    assert_eq!(message.routing_key, "time_entry.created");
    assert_eq!(message.traceparent.as_deref(), Some(tracking::TRACE));
    let event = events::TimeEntryEvent::parse(&message.body).unwrap();
    assert_eq!((event.id, event.data.version, event.data.user_seq), (message.id, 1, 2));
    assert_eq!(event.traceparent, message.traceparent);
}

#[tokio::test]
async fn a_refused_message_waits_with_its_reason_and_the_others_go() {
    let database = Database::new().await;
    let events = commit(&database, 3).await;
    let bad = events[1];
    let publisher = Scripted::new(move |message| {
        Ok(if message.id == bad { Answer::Returned("NO_ROUTE".to_owned()) } else { Answer::Confirmed })
    });
    let mut relay = Relay::new(database.as_role("bridge").await, publisher.clone(), 10).await.unwrap();
    assert_eq!(relay.step().await.unwrap(), Outcome { confirmed: 2, refused: 1 });
    assert_eq!(publisher.ids(), [events[0], events[2]]);
    // Not due yet: it does not spin.
    assert_eq!(relay.step().await.unwrap(), Outcome::default());

    let admin = database.admin().await;
    let row = admin
        .query_one("SELECT event_id, attempts, last_error, next_attempt_at > now() FROM tracking.outbox", &[])
        .await
        .unwrap();
    assert_eq!((row.get(0), row.get(1), row.get(2), row.get(3)), (bad, 1, "NO_ROUTE", true));
}

#[tokio::test]
async fn a_lost_broker_or_bridge_loses_nothing() {
    let database = Database::new().await;
    let events = commit(&database, 3).await;
    let mut count = 0;
    let broken = Scripted::new(move |_| {
        count += 1;
        if count > 1 { bail!("the connection broke") } else { Ok(Answer::Confirmed) }
    });
    let mut relay = Relay::new(database.as_role("bridge").await, broken, 10).await.unwrap();
    assert!(relay.step().await.is_err());
    let admin = database.admin().await;
    assert!(
        Relay::new(database.as_role("bridge").await, Scripted::new(|_| Ok(Answer::Confirmed)), 1)
            .await
            .unwrap()
            .oldest()
            .await
            .unwrap()
            > 0.0
    );
    assert_eq!(waiting(&admin).await, 3, "nothing is deleted that may not have arrived");
    drop(relay);

    let publisher = Scripted::new(|_| Ok(Answer::Confirmed));
    let mut next = Relay::new(database.as_role("bridge").await, publisher.clone(), 10).await.unwrap();
    assert_eq!(next.step().await.unwrap().confirmed, 3);
    assert_eq!(publisher.ids(), events);
}

#[tokio::test]
async fn two_bridges_share_the_work_without_sending_twice() {
    let database = Database::new().await;
    let events = commit(&database, 40).await;
    let publisher = Scripted::new(|_| Ok(Answer::Confirmed));
    let drain = async |client: Client| {
        let mut relay = Relay::new(client, publisher.clone(), 3).await.unwrap();
        while relay.step().await.unwrap() != Outcome::default() {
            tokio::task::yield_now().await;
        }
    };
    let (one, two) = (database.as_role("bridge").await, database.as_role("bridge").await);
    tokio::join!(drain(one), drain(two));
    let mut sent = publisher.ids();
    assert_eq!(sent.len(), events.len());
    sent.sort();
    let mut expected = events;
    expected.sort();
    assert_eq!(sent, expected);
}
