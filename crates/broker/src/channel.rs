//! A connection with one channel in confirm mode.

use std::time::Duration;

use anyhow::{Context, Result, anyhow};
use lapin::options::{BasicPublishOptions, ConfirmSelectOptions};
use lapin::{BasicProperties, Channel, Confirmation, Connection, ConnectionProperties, PublisherConfirm};
use tokio::time::timeout;

use crate::topology;

const CONNECT: Duration = Duration::from_secs(10);

/// RabbitMQ, connected and with all that the definitions name.
pub struct Broker {
    // Dropping the connection closes the channel.
    _connection: Connection,
    channel: Channel,
}

/// What came of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// The broker has it, on disk.
    Confirmed,
    /// No queue wanted it.
    Returned(String),
    /// The broker could not take it.
    Refused(String),
}

/// A message on its way; [`Sending::answer`] waits for what comes of it.
pub struct Sending(PublisherConfirm);

impl Broker {
    /// Connect and look whether the topology is there.
    ///
    /// # Errors
    /// The broker does not answer within 10 s, refuses, or lacks an exchange or a queue.
    pub async fn connect(url: &str) -> Result<Self> {
        let connection = timeout(CONNECT, Connection::connect(url, ConnectionProperties::default()))
            .await
            .map_err(|_| anyhow!("RabbitMQ does not answer"))?
            .context("RabbitMQ")?;
        let channel = connection.create_channel().await.context("channel")?;
        topology::check(&channel).await?;
        channel.confirm_select(ConfirmSelectOptions::default()).await.context("publisher confirms")?;
        Ok(Self { _connection: connection, channel })
    }

    /// The channel, to consume from.
    pub fn channel(&self) -> &Channel {
        &self.channel
    }

    /// Publish a message, mandatory; its confirm comes later.
    ///
    /// # Errors
    /// The connection broke.
    pub async fn send(
        &self,
        exchange: &str,
        routing_key: &str,
        body: &[u8],
        properties: BasicProperties,
    ) -> Result<Sending> {
        let options = BasicPublishOptions { mandatory: true, ..BasicPublishOptions::default() };
        let confirm = self
            .channel
            .basic_publish(exchange.into(), routing_key.into(), options, body, properties)
            .await
            .context("publish")?;
        Ok(Sending(confirm))
    }

    /// How many messages wait in a queue.
    ///
    /// # Errors
    /// The connection broke.
    pub async fn waiting(&self, queue: &str) -> Result<u32> {
        topology::waiting(&self.channel, queue).await.with_context(|| format!("queue {queue}"))
    }
}

impl Sending {
    /// Wait for the broker's answer.
    ///
    /// # Errors
    /// The connection broke: whether the broker has the message is not known.
    pub async fn answer(self) -> Result<Answer> {
        Ok(match self.0.await.context("confirm")? {
            Confirmation::Ack(None) => Answer::Confirmed,
            Confirmation::Ack(Some(returned)) => {
                Answer::Returned(format!("returned: {}", returned.reply_text))
            }
            Confirmation::Nack(_) => Answer::Refused("refused by the broker (nack)".to_owned()),
            Confirmation::NotRequested => {
                Answer::Refused("not confirmed: the channel is not in confirm mode".to_owned())
            }
        })
    }
}
