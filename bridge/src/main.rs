//! Outbox to RabbitMQ.
fn main() {}
