//! The bridge's parts: one step of the relay, RabbitMQ behind a port, and the wake-up call.

mod changes;
mod rabbitmq;
mod relay;

pub use changes::Changes;
pub use relay::{Message, Outcome, Publisher, Relay};
