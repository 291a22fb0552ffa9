//! Demo data: one call fills a fresh system with a believable half-year of several people, one call removes exactly
//! that. `plan` invents it, without I/O; `tracking.fill_demo` and `tracking.remove_demo` (migrations/functions) write.

mod fill_demo_data;
mod plan;
mod read_demo_data;
mod remove_demo_data;
mod views;

use api::sql::Database;
use api::{Call, Endpoint, Operation, Problem, ProblemType, Reply};
use http::Method;

/// `/api/v1/demo-data`
pub struct DemoData;

impl Endpoint for DemoData {
    const ROUTE: &'static str = "/api/v1/demo-data";
    const OPERATIONS: &'static [Operation] =
        &[Operation::user(Method::GET), Operation::admin(Method::POST), Operation::admin(Method::DELETE)];

    async fn answer<D: Database>(db: &D, call: Call) -> Result<Reply, Problem> {
        match call.method {
            Method::GET => read_demo_data::read_demo_data(db, call).await,
            Method::POST => fill_demo_data::fill_demo_data(db, call).await,
            Method::DELETE => remove_demo_data::remove_demo_data(db, call).await,
            _ => Err(ProblemType::MethodNotAllowed.into()),
        }
    }
}

/// The operations of this crate, for the API's document.
#[cfg(feature = "openapi")]
pub fn openapi() -> utoipa::openapi::OpenApi {
    use utoipa::OpenApi as _;
    #[derive(utoipa::OpenApi)]
    #[openapi(paths(
        read_demo_data::read_demo_data,
        fill_demo_data::fill_demo_data,
        remove_demo_data::remove_demo_data,
    ))]
    struct Operations;
    Operations::openapi()
}
