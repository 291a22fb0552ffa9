//! The reporting worker's parts: the read model, what to do with messages, dead letters, and the model built anew.

mod batch;
mod consumer;
pub mod dead_letters;
mod failures;
mod model;
mod rebuild;

pub use batch::Batch;
pub use consumer::consume;
pub use failures::{Failure, Route, after};
pub use model::{ReadModel, Verified};
pub use rebuild::{Progress, rebuild};

/// The form of the read model's tables that this version works with; an older one is built anew before anything is
/// consumed. Raise it whenever a migration changes the tables or a function changes what they hold.
pub const FORM: i64 = 1;
