//! RabbitMQ as the native workers use it: the names of its exchanges and queues, which `rabbitmq/definitions.json`
//! creates, and a channel that publishes persistent, mandatory messages with publisher confirms.

mod channel;
mod topology;

pub use channel::{Answer, Broker, Sending};
pub use topology::{DEAD, DEAD_QUEUE, EVENTS, QUEUE, RETRY, RETRY_TIERS, queues};
