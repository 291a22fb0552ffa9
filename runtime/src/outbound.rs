//! Where a component may connect to, and its outbound HTTP.

pub mod hosts;
pub mod http;
