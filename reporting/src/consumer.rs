//! The broker's side: fetch, apply, acknowledge. A message is acknowledged only once it is applied, or
//! once the broker has confirmed it in a retry tier or the dead-letter queue: at no moment is it nowhere.
//!
//! What has arrived is applied together, in one transaction: a lone event at once, a flood in batches.

use anyhow::{Context, Result, bail, ensure};
use broker::{Answer, Broker, DEAD, QUEUE, RETRY};
use chrono::Utc;
use events::{Event, Unreadable};
use futures::{FutureExt as _, StreamExt as _};
use lapin::message::Delivery;
use lapin::options::{BasicAckOptions, BasicConsumeOptions, BasicQosOptions};
use lapin::types::FieldTable;
use service::shutdown::Stop;

use crate::failures::marked;
use crate::{Batch, Failure, ReadModel, Route, after};

/// Messages that the broker hands out before it has an answer.
const PREFETCH: u16 = 1000;
/// Messages that are applied together at most.
const BATCH: usize = 500;

/// Consume until asked to stop; the batch in hand is finished.
///
/// # Errors
/// The broker or the database broke off: what was not acknowledged comes again.
pub async fn consume(broker: &Broker, model: &ReadModel, stop: &Stop) -> Result<()> {
    let channel = broker.channel();
    channel.basic_qos(PREFETCH, BasicQosOptions::default()).await.context("prefetch")?;
    let options = BasicConsumeOptions::default();
    let mut deliveries = channel
        .basic_consume(QUEUE.into(), "".into(), options, FieldTable::default())
        .await
        .context("consume")?;
    loop {
        let first = tokio::select! {
            next = deliveries.next() => next,
            () = stop.requested() => return Ok(()),
        };
        let Some(first) = first else { bail!("RabbitMQ cancelled the consumer") };
        let mut batch = vec![first.context("delivery")?];
        while batch.len() < BATCH
            && let Some(Some(next)) = deliveries.next().now_or_never()
        {
            batch.push(next.context("delivery")?);
        }
        handle(broker, model, &batch).await?;
        if let Some(last) = batch.last() {
            last.ack(BasicAckOptions { multiple: true }).await.context("acknowledge")?;
        }
    }
}

/// Apply what can be applied and set the rest aside.
async fn handle(broker: &Broker, model: &ReadModel, deliveries: &[Delivery]) -> Result<()> {
    let mut readable = Vec::with_capacity(deliveries.len());
    for delivery in deliveries {
        match read(&delivery.data) {
            Ok(event) => readable.push((delivery, event)),
            Err(failure) => set_aside(broker, delivery, &failure).await?,
        }
    }
    match apply(model, readable.iter().map(|(_, event)| event)).await {
        Ok(()) => Ok(()),
        Err(Failure::Database(reason)) => bail!("the database: {reason}"),
        // One of them is to blame: each by itself, then, and only that one goes aside.
        Err(_) => {
            for (delivery, event) in &readable {
                match apply(model, std::iter::once(event)).await {
                    Ok(()) => {}
                    Err(Failure::Database(reason)) => bail!("the database: {reason}"),
                    Err(failure) => set_aside(broker, delivery, &failure).await?,
                }
            }
            Ok(())
        }
    }
}

fn read(body: &[u8]) -> Result<Event, Failure> {
    Event::parse(body).map_err(|error| match error {
        Unreadable::Unknown(_) => Failure::Unknown(error.to_string()),
        Unreadable::Form(_) | Unreadable::Contradiction(_) => Failure::Message(error.to_string()),
    })
}

async fn apply(model: &ReadModel, events: impl Iterator<Item = &Event> + Clone) -> Result<(), Failure> {
    let mut batch = Batch::default();
    for event in events.clone() {
        batch.add(event)?;
    }
    let newer = model.apply_all(&batch).await?;
    let now = Utc::now();
    let mut count = 0;
    for event in events {
        let lag = (now - event.time()).as_seconds_f64();
        metrics::histogram!("reporting_lag_seconds").record(lag);
        tracing::debug!(event = %event.id(), kind = event.kind(), lag, traceparent = event.traceparent(), "event");
        count += 1;
    }
    metrics::counter!("reporting_events_total").increment(count);
    metrics::counter!("reporting_newer_total").increment(newer);
    Ok(())
}

/// Send a message that cannot be applied to its next tier, or to the dead.
async fn set_aside(broker: &Broker, delivery: &Delivery, failure: &Failure) -> Result<()> {
    let (headers, failed) = marked(delivery.properties.headers().as_ref(), Utc::now(), failure);
    let (exchange, key) = match (failure, after(failed)) {
        (Failure::Unknown(_), _) | (_, Route::Dead) => (DEAD, QUEUE),
        (_, Route::Retry(tier)) => (RETRY, tier),
    };
    let id = delivery.properties.message_id().as_ref().map(ToString::to_string);
    tracing::warn!(message = id, failed, exchange, reason = %failure, "a message cannot be applied");
    metrics::counter!("reporting_set_aside_total", "exchange" => exchange).increment(1);
    let properties = delivery.properties.clone().with_headers(headers);
    let answer = broker.send(exchange, key, &delivery.data, properties).await?.answer().await?;
    ensure!(answer == Answer::Confirmed, "the broker did not take a message for {exchange}: {answer:?}");
    Ok(())
}
