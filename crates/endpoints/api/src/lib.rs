//! What every endpoint shares: who calls, what came in, what goes out, and how a refusal reads.
//! Nothing here knows Spin, so endpoints run in plain `cargo test`.

mod body;
mod caller;
pub mod cursor;
mod endpoint;
mod path;
mod problem;
mod query;
pub mod sql;

pub use body::{double_option, json_body};
pub use caller::{Caller, TraceParent};
pub use endpoint::{Call, Clock, Endpoint, Reply};
pub use path::path_id;
pub use problem::{Problem, ProblemType};
pub use query::query;
