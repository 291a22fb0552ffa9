//! The reporting consumer's parts: what to do with one message, the read model, and the broker.

mod consumer;
mod failures;
mod read_model;

pub use consumer::consume;
pub use failures::{Failure, Route, after};
pub use read_model::{Applied, ReadModel};
