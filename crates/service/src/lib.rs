//! What the native workers (bridge, reporting, runtime) share: configuration from the environment,
//! logging, health and metrics, sessions that begin again, and an orderly stop.

pub mod config;
pub mod health;
pub mod logging;
pub mod sessions;
pub mod shutdown;
