//! The broker's side: fetch, apply, acknowledge. A message is acknowledged only once it is applied, or
//! once the broker has confirmed it in a retry tier or the dead-letter queue: at no moment is it nowhere.

use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail, ensure};
use chrono::Utc;
use events::Event;
use futures::StreamExt as _;
use lapin::message::Delivery;
use lapin::options::{
    BasicAckOptions, BasicConsumeOptions, BasicPublishOptions, BasicQosOptions, ConfirmSelectOptions,
};
use lapin::types::FieldTable;
use lapin::{Channel, Confirmation, Connection, ConnectionProperties};
use service::health::Readiness;
use tokio::time::timeout;

use crate::failures::{attempts, marked};
use crate::{Applied, Failure, ReadModel, Route, after};

const QUEUE: &str = "reporting";
const RETRY: &str = "timetracker.retry";
const DEAD: &str = "timetracker.dead";
const PREFETCH: u16 = 100;
const CONNECT: Duration = Duration::from_secs(10);

/// Consume until the broker or the database breaks off.
///
/// # Errors
/// Always, once it ends: why it did.
pub async fn consume(url: &str, model: &ReadModel, readiness: &Readiness) -> Result<()> {
    let connection = timeout(CONNECT, Connection::connect(url, ConnectionProperties::default()))
        .await
        .map_err(|_| anyhow!("RabbitMQ does not answer"))?
        .context("RabbitMQ")?;
    let channel = connection.create_channel().await.context("channel")?;
    channel.confirm_select(ConfirmSelectOptions::default()).await.context("publisher confirms")?;
    channel.basic_qos(PREFETCH, BasicQosOptions::default()).await.context("prefetch")?;
    let mut deliveries = channel
        .basic_consume(
            QUEUE.into(),
            "reporting".into(),
            BasicConsumeOptions::default(),
            FieldTable::default(),
        )
        .await
        .context("consume")?;
    tracing::info!("consuming");
    readiness.set(true);
    while let Some(delivery) = deliveries.next().await {
        handle(&channel, model, delivery.context("delivery")?).await?;
    }
    bail!("RabbitMQ cancelled the consumer")
}

async fn handle(channel: &Channel, model: &ReadModel, delivery: Delivery) -> Result<()> {
    match apply(model, &delivery.data).await {
        Ok(applied) => {
            let result = if applied == Applied::Newer { "newer" } else { "known" };
            metrics::counter!("reporting_events_total", "result" => result).increment(1);
        }
        Err(Failure::Database(reason)) => bail!("the database: {reason}"),
        Err(Failure::Message(reason)) => set_aside(channel, &delivery, &reason).await?,
    }
    delivery.ack(BasicAckOptions::default()).await.context("acknowledge")?;
    Ok(())
}

async fn apply(model: &ReadModel, body: &[u8]) -> Result<Applied, Failure> {
    let event = Event::parse(body).map_err(|error| Failure::Message(error.to_string()))?;
    let applied = model.apply(&event).await?;
    let lag = (Utc::now() - event.time()).as_seconds_f64();
    metrics::histogram!("reporting_lag_seconds").record(lag);
    tracing::debug!(event = %event.id(), kind = event.kind(), ?applied, lag, traceparent = event.traceparent(), "event");
    Ok(applied)
}

/// Send a message that cannot be applied to its next tier, or to the dead.
async fn set_aside(channel: &Channel, delivery: &Delivery, reason: &str) -> Result<()> {
    let headers = delivery.properties.headers().as_ref();
    let failed = attempts(headers).saturating_add(1);
    let (exchange, key) = match after(failed) {
        Route::Retry(tier) => (RETRY, tier),
        Route::Dead => (DEAD, QUEUE),
    };
    let id = delivery.properties.message_id().as_ref().map(ToString::to_string);
    tracing::warn!(message = id, failed, exchange, reason, "a message cannot be applied");
    metrics::counter!("reporting_set_aside_total", "exchange" => exchange).increment(1);
    let properties = delivery.properties.clone().with_headers(marked(headers, failed, reason));
    let options = BasicPublishOptions { mandatory: true, ..BasicPublishOptions::default() };
    let confirmation = channel
        .basic_publish(exchange.into(), key.into(), options, &delivery.data, properties)
        .await
        .context("set aside")?
        .await
        .context("set aside")?;
    ensure!(
        matches!(confirmation, Confirmation::Ack(None)),
        "the broker did not take a message for {exchange}: {confirmation:?}"
    );
    Ok(())
}
