//! What the end-to-end tests share. They run against the real system that `cargo xtask test` started, the
//! way a person or a program uses it: through the gateway, over HTTPS, with real tokens.

mod control;
mod gateway;
mod http;
mod login;
pub mod truth;
mod wait;
pub mod wire;

pub use control::{Control, Frozen};
pub use gateway::Gateway;
pub use http::{Answer, Client};
pub use login::{login, login_at, mistyped};
pub use wait::{eventually, free_day};
