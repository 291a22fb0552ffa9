//! What is set once and asked everywhere: a person's profile (`/api/v1/me`) and the line before which time is
//! settled (`/api/v1/lock`).

mod lock;
mod me;

use api::sql::Database;
use api::{Call, Endpoint, Operation, Problem, ProblemType, Reply};
use http::Method;

/// `/api/v1/me`
pub struct Me;

impl Endpoint for Me {
    const ROUTE: &'static str = "/api/v1/me";
    const OPERATIONS: &'static [Operation] = &[Operation::user(Method::GET), Operation::user(Method::PATCH)];

    async fn answer<D: Database>(db: &D, call: Call) -> Result<Reply, Problem> {
        match call.method {
            Method::GET => me::read_me(db, call).await,
            Method::PATCH => me::change_me(db, call).await,
            _ => Err(ProblemType::MethodNotAllowed.into()),
        }
    }
}

/// `/api/v1/lock`
pub struct Lock;

impl Endpoint for Lock {
    const ROUTE: &'static str = "/api/v1/lock";
    const OPERATIONS: &'static [Operation] = &[Operation::user(Method::GET), Operation::admin(Method::PUT)];

    async fn answer<D: Database>(db: &D, call: Call) -> Result<Reply, Problem> {
        match call.method {
            Method::GET => lock::read_lock(db, call).await,
            Method::PUT => lock::set_lock(db, call).await,
            _ => Err(ProblemType::MethodNotAllowed.into()),
        }
    }
}

/// The operations of this crate, for the API's document.
#[cfg(feature = "openapi")]
pub fn openapi() -> utoipa::openapi::OpenApi {
    use utoipa::OpenApi as _;
    #[derive(utoipa::OpenApi)]
    #[openapi(paths(me::read_me, me::change_me, lock::read_lock, lock::set_lock))]
    struct Operations;
    Operations::openapi()
}
