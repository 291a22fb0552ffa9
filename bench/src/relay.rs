//! How many events a second the bridge relays from a full outbox, beside a bare publisher that sends the same messages
//! to the same broker with confirms; and how many the consumer then applies.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use broker::{Answer, Broker, EVENTS, QUEUE};
use e2e::Control;
use futures::future::{try_join, try_join_all};
use lapin::BasicProperties;
use lapin::options::QueuePurgeOptions;
use tokio_postgres::Client;

/// Messages of the log that are relayed.
const MESSAGES: i64 = 100_000;
/// What the bare publisher has unconfirmed on each of its two connections.
const IN_FLIGHT: usize = 1000;

/// Print the rates. Needs a log (`seed::log`); leaves what it relayed applied.
pub async fn print(database: &Client) -> Result<()> {
    println!("\nrelay: {MESSAGES} events of one kilobyte or so, none of them consumed meanwhile");
    let control = Control::new();
    control.ask("stop reporting");
    control.ask("stop bridge");
    let amqp = testkit::required("TIMETRACKER_TEST_AMQP_URL");

    let sql = "SELECT envelope::text, substr(type, 13), id::text FROM tracking.events WHERE type LIKE 'timetracker.time_entry.%' LIMIT $1";
    let messages: Vec<(String, String, String)> = database
        .query(sql, &[&MESSAGES])
        .await?
        .iter()
        .map(|row| (row.get(0), row.get(1), row.get(2)))
        .collect();
    let bytes: usize = messages.iter().map(|(body, ..)| body.len()).sum();
    let begun = Instant::now();
    let (first, second) = messages.split_at(messages.len() / 2);
    try_join(publish(&amqp, first), publish(&amqp, second)).await?;
    let bare = messages.len() as f64 / begun.elapsed().as_secs_f64();
    let broker = Broker::connect(&amqp).await?;
    let purged = broker.channel().queue_purge(QUEUE.into(), QueuePurgeOptions::default()).await?;
    ensure!(purged as usize == messages.len(), "{purged} messages came of {}", messages.len());

    // The newest ones, in the order in which they were committed.
    let fill = "INSERT INTO tracking.outbox (event_id, routing_key, body)
        SELECT id, substr(type, 13), envelope::text FROM (SELECT * FROM tracking.events
            WHERE type LIKE 'timetracker.time_entry.%' ORDER BY user_seq DESC LIMIT $1) e ORDER BY user_seq";
    database.execute(fill, &[&MESSAGES]).await.context("the outbox")?;
    database.batch_execute("VACUUM ANALYZE tracking.outbox").await?;
    database.batch_execute("CHECKPOINT").await?;
    let begun = Instant::now();
    control.ask("start bridge");
    // RabbitMQ is asked, for it costs less than looking through an outbox that is being deleted from.
    until("all is relayed", async || Ok(broker.waiting(QUEUE).await? as usize >= messages.len())).await?;
    let bridge = messages.len() as f64 / begun.elapsed().as_secs_f64();
    until("the outbox is empty", async || {
        Ok(database.query_one("SELECT count(*) FROM tracking.outbox", &[]).await?.get::<_, i64>(0) == 0)
    })
    .await?;
    println!(
        "  bare publisher {bare:.0}/s ({} bytes a message); bridge {bridge:.0}/s, its start included: {:.2} of it",
        bytes / messages.len(),
        bridge / bare
    );

    let begun = Instant::now();
    control.ask("start reporting");
    until("the queue is empty", async || Ok(broker.waiting(QUEUE).await? == 0)).await?;
    println!(
        "  consumer: {:.0} events applied a second",
        messages.len() as f64 / begun.elapsed().as_secs_f64()
    );
    Ok(())
}

async fn publish(amqp: &str, messages: &[(String, String, String)]) -> Result<()> {
    let broker = Broker::connect(amqp).await?;
    for part in messages.chunks(IN_FLIGHT) {
        let mut waiting = Vec::with_capacity(part.len());
        for (body, key, id) in part {
            let properties =
                BasicProperties::default().with_delivery_mode(2).with_message_id(id.as_str().into());
            waiting.push(broker.send(EVENTS, key, body.as_bytes(), properties).await?.answer());
        }
        let answers = try_join_all(waiting).await?;
        ensure!(answers.iter().all(|answer| *answer == Answer::Confirmed), "not all were confirmed");
    }
    Ok(())
}

async fn until(what: &str, mut done: impl AsyncFnMut() -> Result<bool>) -> Result<()> {
    let begun = Instant::now();
    while !done().await? {
        ensure!(begun.elapsed() < Duration::from_secs(300), "{what}: not within five minutes");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Ok(())
}
