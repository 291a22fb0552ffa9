//! RabbitMQ to the read model.
fn main() {}
