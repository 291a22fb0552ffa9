//! Names of exchanges and queues. A test holds them to `rabbitmq/definitions.json`, and every connection asks the
//! broker whether it has what the file says.

use anyhow::{Context, Result};
use lapin::Channel;
use lapin::options::{ExchangeDeclareOptions, QueueDeclareOptions};
use lapin::types::FieldTable;
use serde::Deserialize;

/// The topic exchange of all events.
pub const EVENTS: &str = "timetracker.events";
/// The exchange of further attempts: to a retry tier or straight to the reports' queue, by the queue's name.
pub const RETRY: &str = "timetracker.retry";
/// The exchange of what cannot be applied.
pub const DEAD: &str = "timetracker.dead";
/// Where the reports' events wait.
pub const QUEUE: &str = "reporting";
/// Where failed messages wait before the next attempt, in the order in which they go through them.
pub const RETRY_TIERS: [&str; 3] = ["reporting.retry.1s", "reporting.retry.10s", "reporting.retry.60s"];
/// Where messages wait that no attempt has helped.
pub const DEAD_QUEUE: &str = "reporting.dead";

#[derive(Deserialize)]
struct Definitions {
    exchanges: Vec<Named>,
    queues: Vec<Named>,
}

#[derive(Deserialize)]
struct Named {
    name: String,
    r#type: Option<String>,
}

fn definitions() -> Result<Definitions> {
    serde_json::from_str(include_str!("../../../rabbitmq/definitions.json"))
        .context("rabbitmq/definitions.json")
}

/// All queues.
pub fn queues() -> [&'static str; 5] {
    let [first, second, third] = RETRY_TIERS;
    [QUEUE, first, second, third, DEAD_QUEUE]
}

/// Ask the broker for each exchange and queue, without making any.
///
/// # Errors
/// One is not there. (The broker closes the channel then.)
pub(crate) async fn check(channel: &Channel) -> Result<()> {
    let advice =
        |what: &str, name: &str| format!("RabbitMQ has no {what} {name}: import rabbitmq/definitions.json");
    let definitions = definitions()?;
    for exchange in definitions.exchanges {
        let kind = match exchange.r#type.as_deref() {
            Some("topic") => lapin::ExchangeKind::Topic,
            Some("fanout") => lapin::ExchangeKind::Fanout,
            _ => lapin::ExchangeKind::Direct,
        };
        let options = ExchangeDeclareOptions { passive: true, ..ExchangeDeclareOptions::default() };
        let name = exchange.name.as_str();
        channel
            .exchange_declare(name.into(), kind, options, FieldTable::default())
            .await
            .with_context(|| advice("exchange", name))?;
    }
    for queue in definitions.queues {
        waiting(channel, &queue.name).await.with_context(|| advice("queue", &queue.name))?;
    }
    Ok(())
}

/// How many messages wait in a queue.
pub(crate) async fn waiting(channel: &Channel, queue: &str) -> Result<u32> {
    let options = QueueDeclareOptions { passive: true, ..QueueDeclareOptions::default() };
    Ok(channel.queue_declare(queue.into(), options, FieldTable::default()).await?.message_count())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_are_those_of_the_definitions() {
        let names = |list: Vec<Named>| {
            let mut names: Vec<String> = list.into_iter().map(|named| named.name).collect();
            names.sort();
            names
        };
        let Definitions { exchanges, queues: queues_defined } = definitions().unwrap();
        let sorted = |list: &[&str]| {
            let mut list: Vec<String> = list.iter().map(ToString::to_string).collect();
            list.sort();
            list
        };
        assert_eq!(names(exchanges), sorted(&[EVENTS, RETRY, DEAD]));
        assert_eq!(names(queues_defined), sorted(&queues()));
    }
}
