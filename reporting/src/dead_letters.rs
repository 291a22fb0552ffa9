//! Dead letters: what arrives in the dead-letter queue is kept in a table, where people can look at it, and goes back
//! to the reports' queue when somebody wants it to. (docs/adr/0009 says why a table.)
//!
//! ```text
//! reporting.dead ──kept──▶ reporting.dead_letters ──replayed──▶ reporting (the queue)
//!                                     └──dropped──▶ gone
//! ```

use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use broker::{Answer, Broker, DEAD_QUEUE, QUEUE, RETRY, queues};
use chrono::{DateTime, Utc};
use futures::StreamExt as _;
use lapin::BasicProperties;
use lapin::message::Delivery;
use lapin::options::{BasicAckOptions, BasicConsumeOptions, BasicQosOptions};
use lapin::types::{AMQPValue, FieldTable};
use serde_json::{Value, json};
use service::shutdown::Stop;
use uuid::Uuid;

use crate::ReadModel;
use crate::failures::{ATTEMPTS, Attempt, PARKED, attempts};

/// How often to look for letters to send again.
const LOOK: Duration = Duration::from_secs(1);
/// How often to count what waits: each time is a write.
const COUNT: Duration = Duration::from_secs(5);
const PERSISTENT: u8 = 2;

/// Keep what dies, send again what is wanted, and count the queues, until asked to stop.
///
/// # Errors
/// The broker or the database broke off.
pub async fn tend(broker: &Broker, model: &ReadModel, stop: &Stop) -> Result<()> {
    let channel = broker.channel();
    channel.basic_qos(100, BasicQosOptions::default()).await.context("prefetch")?;
    let options = BasicConsumeOptions::default();
    let mut dead = channel
        .basic_consume(DEAD_QUEUE.into(), "".into(), options, FieldTable::default())
        .await
        .context("consume")?;
    let (mut look, mut count) = (tokio::time::interval(LOOK), tokio::time::interval(COUNT));
    loop {
        tokio::select! {
            next = dead.next() => {
                let Some(letter) = next else { bail!("RabbitMQ cancelled the consumer of dead letters") };
                let letter = letter.context("dead letter")?;
                keep(model, &letter).await?;
                letter.ack(BasicAckOptions::default()).await.context("acknowledge")?;
            }
            _ = look.tick() => {
                while send_one(broker, model).await? {}
            }
            _ = count.tick() => count_queues(broker, model).await?,
            () = stop.requested() => return Ok(()),
        }
    }
}

async fn keep(model: &ReadModel, letter: &Delivery) -> Result<()> {
    let headers = letter.properties.headers().as_ref();
    let mut failed = attempts(headers);
    if failed.is_empty() {
        // The broker gave up on it by itself, or somebody put it there by hand.
        failed.push(Attempt { at: Utc::now(), reason: "dead-lettered by the broker".to_owned() });
    }
    let (Some(first), Some(last)) = (failed.first(), failed.last()) else { return Ok(()) };
    let parked = headers.is_some_and(|headers| headers.inner().contains_key(PARKED));
    let message_id = letter.properties.message_id().as_ref().map(ToString::to_string);
    let document = json!({
        "id": message_id.as_deref().and_then(|id| id.parse().ok()).unwrap_or_else(Uuid::new_v4),
        "message_id": message_id,
        "kind": if parked { "parked" } else { "poison" },
        "reason": last.reason,
        "first_failed_at": first.at,
        "last_failed_at": last.at,
        "attempts": failed,
        "properties": properties(&letter.properties),
    });
    model
        .client()
        .execute("SELECT reporting.keep_dead_letter($1, $2)", &[&document, &letter.data])
        .await
        .context("keep a dead letter")?;
    tracing::warn!(message = message_id, parked, reason = last.reason, "a dead letter");
    Ok(())
}

/// What is worth keeping of a message's properties.
fn properties(properties: &BasicProperties) -> Value {
    let text = |value: &AMQPValue| match value {
        AMQPValue::LongString(text) => Some(text.to_string()),
        _ => None,
    };
    let headers: serde_json::Map<String, Value> = properties
        .headers()
        .iter()
        .flat_map(|table| table.inner())
        .filter(|(name, _)| ![ATTEMPTS, PARKED].contains(&name.as_str()))
        .filter_map(|(name, value)| Some((name.to_string(), text(value)?.into())))
        .collect();
    json!({ "content_type": properties.content_type().as_ref().map(ToString::to_string), "headers": headers })
}

/// Send the next letter that somebody wants sent again; false if there is none. The row goes once the broker has it.
async fn send_one(broker: &Broker, model: &ReadModel) -> Result<bool> {
    let client = model.client();
    let due = "SELECT id, message_id, properties, body, replay_at FROM reporting.dead_letters
        WHERE replay_at IS NOT NULL ORDER BY replay_at LIMIT 1";
    let Some(row) = client.query_opt(due, &[]).await.context("replay")? else { return Ok(false) };
    let (id, message_id, kept): (Uuid, Option<String>, Value) = (row.get(0), row.get(1), row.get(2));
    let (body, wanted): (Vec<u8>, DateTime<Utc>) = (row.get(3), row.get(4));
    let mut headers = FieldTable::default();
    for (name, value) in kept["headers"].as_object().into_iter().flatten() {
        let text = value.as_str().unwrap_or_default();
        headers.insert(name.as_str().into(), AMQPValue::LongString(text.into()));
    }
    let mut properties = BasicProperties::default().with_delivery_mode(PERSISTENT).with_headers(headers);
    if let Some(kind) = kept["content_type"].as_str() {
        properties = properties.with_content_type(kind.into());
    }
    if let Some(message_id) = &message_id {
        properties = properties.with_message_id(message_id.as_str().into());
    }
    let answer = broker.send(RETRY, QUEUE, &body, properties).await?.answer().await?;
    ensure!(answer == Answer::Confirmed, "the broker did not take a letter that is sent again: {answer:?}");
    // Not if it has died again in the meantime: then nobody has asked for that one yet.
    let delete = "DELETE FROM reporting.dead_letters WHERE id = $1 AND replay_at = $2";
    client.execute(delete, &[&id, &wanted]).await.context("replay")?;
    metrics::counter!("reporting_replayed_total").increment(1);
    Ok(true)
}

async fn count_queues(broker: &Broker, model: &ReadModel) -> Result<()> {
    let mut counts = serde_json::Map::new();
    for queue in queues() {
        let waiting = broker.waiting(queue).await?;
        metrics::gauge!("reporting_queue_messages", "queue" => queue).set(waiting);
        counts.insert(queue.to_owned(), waiting.into());
    }
    model.count_queues(&counts.into()).await
}

/// A dead letter.
#[derive(Debug)]
pub struct Letter {
    /// Its id.
    pub id: Uuid,
    /// `poison` or `parked`.
    pub kind: String,
    /// Why the last attempt failed.
    pub reason: String,
    /// The attempts: `[{"at", "reason"}]`.
    pub attempts: Value,
    /// When the first attempt failed.
    pub first_failed_at: DateTime<Utc>,
    /// When the last one did.
    pub last_failed_at: DateTime<Utc>,
    /// The message.
    pub body: Vec<u8>,
}

/// All letters, or the one of this id; the last that failed first.
///
/// # Errors
/// The database broke off.
pub async fn list(model: &ReadModel, id: Option<Uuid>) -> Result<Vec<Letter>> {
    let sql = "SELECT id, kind, reason, attempts, first_failed_at, last_failed_at, body
        FROM reporting.dead_letters WHERE $1::uuid IS NULL OR id = $1 ORDER BY last_failed_at DESC, id";
    let rows = model.client().query(sql, &[&id]).await.context("dead letters")?;
    Ok(rows
        .iter()
        .map(|row| Letter {
            id: row.get(0),
            kind: row.get(1),
            reason: row.get(2),
            attempts: row.get(3),
            first_failed_at: row.get(4),
            last_failed_at: row.get(5),
            body: row.get(6),
        })
        .collect())
}

/// Have letters sent again by the running worker: one, those of a kind, or all. Answers how many.
///
/// # Errors
/// The database broke off.
pub async fn replay(model: &ReadModel, id: Option<Uuid>, kind: Option<&str>) -> Result<i64> {
    let sql = "SELECT reporting.replay_dead_letters($1, $2)";
    Ok(model.client().query_one(sql, &[&id, &kind]).await.context("replay")?.get(0))
}

/// Forget letters: one, or all. Answers how many.
///
/// # Errors
/// The database broke off.
pub async fn discard(model: &ReadModel, id: Option<Uuid>) -> Result<i64> {
    Ok(model
        .client()
        .query_one("SELECT reporting.drop_dead_letters($1)", &[&id])
        .await
        .context("drop")?
        .get(0))
}
