//! Real servers for tests. `cargo xtask test` starts them and says in the environment where they are;
//! a test that needs one and is run without fails and says so: it is never skipped in silence.

mod caller;
mod database;
mod sql;
pub mod tracking;

pub use caller::{Answer, call, caller, caller_with, send};
pub use database::Database;
pub use sql::{NativeSql, rows};

/// A variable that `cargo xtask test` sets.
///
/// # Panics
/// When it is not set.
pub fn required(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set: run `cargo xtask test`"))
}
