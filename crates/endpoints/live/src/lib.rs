//! Live updates: `/api/v1/live` streams the caller's changes as server-sent events, from the log that every change is
//! written to. A person's events are numbered without gaps, so a reader goes on where it left off and misses nothing.

mod follow;
mod hub;
mod open_stream;
mod sse;

use api::sql::Database;
use api::{Call, Caller, Endpoint, Operation, Outlet, Problem, Reply, Streaming};
use http::Method;

/// `/api/v1/live`
pub struct Live;

impl Endpoint for Live {
    const ROUTE: &'static str = "/api/v1/live";
    const OPERATIONS: &'static [Operation] = &[Operation::user(Method::GET)];

    async fn answer<D: Database>(db: &D, call: Call) -> Result<Reply, Problem> {
        open_stream::open_stream(db, call).await
    }
}

impl Streaming for Live {
    async fn follow(outlet: impl Outlet, caller: Caller, opened: &[u8]) {
        follow::follow(&hub::of_this_instance(), outlet, caller.id, opened).await;
    }
}

/// The operations of this crate, for the API's document.
#[cfg(feature = "openapi")]
pub fn openapi() -> utoipa::openapi::OpenApi {
    use utoipa::OpenApi as _;
    #[derive(utoipa::OpenApi)]
    #[openapi(paths(open_stream::open_stream))]
    struct Operations;
    Operations::openapi()
}
