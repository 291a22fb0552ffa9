//! Messages to RabbitMQ: persistent, mandatory, with publisher confirms.

use std::time::Duration;

use anyhow::{Result, anyhow};
use broker::{Answer, Broker, EVENTS};
use futures::future::try_join_all;
use lapin::BasicProperties;
use lapin::types::{AMQPValue, FieldTable};
use tokio::time::timeout;

use crate::{Message, Publisher};

/// A broker that has not confirmed by then is taken for gone.
const CONFIRM: Duration = Duration::from_secs(30);
const PERSISTENT: u8 = 2;

impl Publisher for Broker {
    async fn publish(&self, messages: &[Message]) -> Result<Vec<Answer>> {
        let all = async {
            let mut waiting = Vec::with_capacity(messages.len());
            for message in messages {
                let sending =
                    self.send(EVENTS, &message.routing_key, &message.body, properties(message)).await?;
                waiting.push(sending.answer());
            }
            try_join_all(waiting).await
        };
        timeout(CONFIRM, all).await.map_err(|_| anyhow!("RabbitMQ does not confirm"))?
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
