//! What the native workers (bridge, reporting, runtime) share: configuration from the environment,
//! logging, health and metrics, and an orderly stop.

pub mod config;
pub mod health;
pub mod logging;
pub mod shutdown;
