//! Serves a Spin manifest (version 2) and its components with Spin's semantics where no `spin` is installed.

pub mod app;
mod bindings;
mod component;
mod engine;
mod files;
mod instance;
mod key_value;
pub mod manifest;
mod metrics;
mod outbound;
mod postgres;
mod routes;
pub mod server;
mod serving;
pub mod testing;
pub mod traces;
mod variables;
pub mod watch;

pub use instance::ReuseSettings;
pub use instance::limits::Limits;
pub use postgres::pool::PoolSettings;
