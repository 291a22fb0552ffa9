//! RabbitMQ: persistent, mandatory messages with publisher confirms.

use std::time::Duration;

use anyhow::{Context, Result, anyhow};
use futures::future::try_join_all;
use lapin::options::{BasicPublishOptions, ConfirmSelectOptions};
use lapin::types::{AMQPValue, FieldTable};
use lapin::{BasicProperties, Channel, Confirmation, Connection, ConnectionProperties};
use tokio::time::timeout;

use crate::{Message, Publisher};

const EXCHANGE: &str = "timetracker.events";
/// A broker that has not confirmed by then is taken for gone.
const CONFIRM: Duration = Duration::from_secs(30);
const CONNECT: Duration = Duration::from_secs(10);
const PERSISTENT: u8 = 2;

/// A connection with one channel in confirm mode.
pub struct RabbitMq {
    // Dropping the connection closes the channel.
    _connection: Connection,
    channel: Channel,
}

impl RabbitMq {
    /// Connect.
    ///
    /// # Errors
    /// The broker does not answer within 10 s, or refuses.
    pub async fn connect(url: &str) -> Result<Self> {
        let connection = timeout(CONNECT, Connection::connect(url, ConnectionProperties::default()))
            .await
            .map_err(|_| anyhow!("RabbitMQ does not answer"))?
            .context("RabbitMQ")?;
        let channel = connection.create_channel().await.context("channel")?;
        channel.confirm_select(ConfirmSelectOptions::default()).await.context("publisher confirms")?;
        Ok(Self { _connection: connection, channel })
    }

    async fn publish_all(&self, messages: &[Message]) -> Result<Vec<Result<(), String>>> {
        let mut waiting = Vec::with_capacity(messages.len());
        for message in messages {
            let options = BasicPublishOptions { mandatory: true, ..BasicPublishOptions::default() };
            let confirm = self
                .channel
                .basic_publish(
                    EXCHANGE.into(),
                    message.routing_key.as_str().into(),
                    options,
                    &message.body,
                    properties(message),
                )
                .await
                .context("publish")?;
            waiting.push(confirm);
        }
        let confirmations = try_join_all(waiting).await.context("confirm")?;
        Ok(confirmations
            .into_iter()
            .map(|confirmation| match confirmation {
                Confirmation::Ack(None) => Ok(()),
                Confirmation::Ack(Some(returned)) => Err(format!("returned: {}", returned.reply_text)),
                Confirmation::Nack(_) => Err("refused by the broker (nack)".to_owned()),
                Confirmation::NotRequested => {
                    Err("not confirmed: the channel is not in confirm mode".to_owned())
                }
            })
            .collect())
    }
}

impl Publisher for RabbitMq {
    async fn publish(&self, messages: &[Message]) -> Result<Vec<Result<(), String>>> {
        timeout(CONFIRM, self.publish_all(messages))
            .await
            .map_err(|_| anyhow!("RabbitMQ does not confirm"))?
    }
}

fn properties(message: &Message) -> BasicProperties {
    let mut headers = FieldTable::default();
    if let Some(traceparent) = &message.traceparent {
        headers.insert("traceparent".into(), AMQPValue::LongString(traceparent.as_str().into()));
    }
    BasicProperties::default()
        .with_delivery_mode(PERSISTENT)
        .with_content_type("application/cloudevents+json".into())
        .with_message_id(message.id.to_string().into())
        .with_headers(headers)
}
