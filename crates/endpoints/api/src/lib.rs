//! What every endpoint shares: who calls, what came in, what goes out, and how a refusal reads.
//! Nothing here knows Spin, so endpoints run in plain `cargo test`.

mod answer;
mod body;
mod caller;
pub mod cursor;
mod endpoint;
pub mod etag;
mod like;
mod page;
mod path;
mod problem;
mod query;
pub mod sql;
mod stream;
mod whose;
mod write;

pub use answer::{MATCHED_ID, MAX_BODY, REQUEST_ID, answer, not_offered, refused};
pub use body::{ObjectOf, double_option, json_body, present};
pub use caller::{Caller, TraceParent};
pub use endpoint::{Call, Endpoint, IdempotencyKey, Operation, Reply};
pub use like::like;
pub use page::{Limit, next_link};
pub use path::path_id;
pub use problem::{Problem, ProblemType};
pub use query::query;
pub use stream::{Outlet, Streaming};
pub use whose::Whose;
pub use write::{Done, expect, refusal, write};
