//! One step: claim a batch of the outbox, publish it, delete what RabbitMQ confirmed.
//!
//! ```text
//! waiting ──claimed──▶ published ──confirmed──▶ deleted
//!    ▲                     └──refused (returned, nacked): attempts + 1, next_attempt_at later──┐
//!    └─────────────────────────────────────────────────────────────────────────────────────────┘
//! ```
//! A step that breaks off anywhere rolls back: the rows wait as before. Several bridges may run; each
//! claims what no other has locked.

use std::future::Future;
use std::time::SystemTime;

use anyhow::{Context, Result};
use broker::Answer;
use tokio_postgres::{Client, Statement};
use uuid::Uuid;

const CLAIM: &str = include_str!("sql/claim.sql");
const DELETE: &str = "DELETE FROM tracking.outbox WHERE id = ANY($1)";
const POSTPONE: &str = include_str!("sql/postpone.sql");
const OLDEST: &str = include_str!("sql/oldest.sql");

/// A message to publish.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    /// The event's id, the same at each try.
    pub id: Uuid,
    /// `time_entry.created`, …
    pub routing_key: String,
    /// The CloudEvents envelope.
    pub body: Vec<u8>,
    /// The W3C trace.
    pub traceparent: Option<String>,
}

/// Where messages go.
pub trait Publisher {
    /// Publish all, without waiting in between, then wait for the answers: one for each message, in order.
    ///
    /// # Errors
    /// The broker cannot be reached: nothing is known of any of them.
    fn publish(&self, messages: &[Message]) -> impl Future<Output = Result<Vec<Answer>>> + Send;
}

/// What a step did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Sent, confirmed and deleted.
    pub confirmed: usize,
    /// Not taken by the broker; tried again later.
    pub refused: usize,
}

/// The outbox on one side, a publisher on the other.
pub struct Relay<P> {
    client: Client,
    claim: Statement,
    delete: Statement,
    publisher: P,
    batch: i64,
}

impl<P: Publisher> Relay<P> {
    /// A relay that claims at most `batch` rows a step, one at least.
    ///
    /// # Errors
    /// The database does not take the statements.
    pub async fn new(client: Client, publisher: P, batch: usize) -> Result<Self> {
        // A delete that a crash of PostgreSQL forgets sends the message again, which is what at least once allows: it
        // need not wait for the disk.
        client.batch_execute("SET synchronous_commit = off").await.context("PostgreSQL")?;
        let claim = client.prepare(CLAIM).await.context("claim")?;
        let delete = client.prepare(DELETE).await.context("delete")?;
        Ok(Self { client, claim, delete, publisher, batch: i64::try_from(batch).unwrap_or(i64::MAX).max(1) })
    }

    /// Do one step; all zero if nothing is due.
    ///
    /// # Errors
    /// The database or the broker broke off; everything waits as before.
    pub async fn step(&mut self) -> Result<Outcome> {
        let transaction = self.client.transaction().await.context("PostgreSQL")?;
        let rows = transaction.query(&self.claim, &[&self.batch]).await.context("claim")?;
        if rows.is_empty() {
            return Ok(Outcome::default());
        }
        metrics::counter!("bridge_claimed_total").increment(rows.len() as u64);
        let messages: Vec<Message> = rows
            .iter()
            .map(|row| Message {
                id: row.get(1),
                routing_key: row.get(2),
                body: row.get::<_, String>(3).into_bytes(),
                traceparent: row.get(4),
            })
            .collect();

        let answers = self.publisher.publish(&messages).await?;

        let age = metrics::histogram!("bridge_commit_to_confirm_seconds");
        let mut confirmed = Vec::with_capacity(rows.len());
        let mut refused = 0;
        for (row, answer) in rows.iter().zip(answers) {
            let id: i64 = row.get(0);
            match answer {
                Answer::Confirmed => {
                    age.record(row.get::<_, SystemTime>(6).elapsed().unwrap_or_default());
                    confirmed.push(id);
                }
                Answer::Returned(reason) | Answer::Refused(reason) => {
                    tracing::warn!(outbox = id, reason, "the broker did not take a message");
                    transaction.execute(POSTPONE, &[&id, &reason]).await.context("postpone")?;
                    refused += 1;
                }
            }
        }
        let again = rows.iter().filter(|row| row.get::<_, i32>(5) > 0).count();
        metrics::counter!("bridge_retried_total").increment(again as u64);
        metrics::counter!("bridge_confirmed_total").increment(confirmed.len() as u64);
        metrics::counter!("bridge_returned_total").increment(refused as u64);
        transaction.execute(&self.delete, &[&confirmed]).await.context("delete")?;
        transaction.commit().await.context("commit")?;
        Ok(Outcome { confirmed: confirmed.len(), refused })
    }

    /// Whether a step took as much as it may: more may be due.
    pub fn was_full(&self, Outcome { confirmed, refused }: Outcome) -> bool {
        i64::try_from(confirmed + refused).is_ok_and(|taken| taken == self.batch)
    }

    /// How long the oldest message has been waiting, in seconds; zero where none waits.
    ///
    /// # Errors
    /// The database broke off.
    pub async fn oldest(&self) -> Result<f64> {
        Ok(self.client.query_one(OLDEST, &[]).await.context("oldest")?.get(0))
    }
}
