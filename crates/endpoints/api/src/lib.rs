//! What every endpoint shares: who calls, what came in, what goes out, and how a refusal reads.
//! Nothing here knows Spin, so endpoints run in plain `cargo test`.

mod answer;
mod body;
mod caller;
pub mod cursor;
mod endpoint;
pub mod etag;
pub mod instant;
mod like;
mod page;
mod path;
mod problem;
mod query;
mod request_id;
pub mod sql;
mod stream;
mod whose;
mod write;

pub use answer::{MAX_BODY, Opened, answer, head_as_get, needs_no_login, not_offered, path_match, refused};
pub use body::{ObjectOf, double_option, json_body, present};
pub use caller::{Caller, TraceParent};
pub use endpoint::{Access, Call, Endpoint, IdempotencyKey, Operation, Reply};
pub use instant::Instant;
pub use like::like;
pub use page::{Limit, next_link};
pub use path::path_id;
pub use problem::{Problem, ProblemType};
pub use query::query;
pub use request_id::{REQUEST_ID, request_id};
pub use stream::{Outlet, Streaming};
pub use whose::Whose;
pub use write::{Done, Door, REPORTING_APP, expect, refusal, write};
