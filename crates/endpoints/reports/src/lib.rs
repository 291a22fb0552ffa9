//! Reports, read from the model that `reporting` keeps: a use case per file over SQL (`src/sql`).

mod groups;
mod summary;

use api::sql::Database;
use api::{Call, Endpoint, Operation, Problem, Reply};
use http::Method;

/// `/api/v1/reports/summary`
pub struct Summary;

impl Endpoint for Summary {
    const ROUTE: &'static str = "/api/v1/reports/summary";
    const OPERATIONS: &'static [Operation] = &[Operation::user(Method::GET)];

    async fn answer<D: Database>(db: &D, call: Call) -> Result<Reply, Problem> {
        summary::read_summary(db, call).await
    }
}

/// The operations of this crate, for the API's document.
#[cfg(feature = "openapi")]
pub fn openapi() -> utoipa::openapi::OpenApi {
    use utoipa::OpenApi as _;
    #[derive(utoipa::OpenApi)]
    #[openapi(paths(summary::read_summary))]
    struct Operations;
    Operations::openapi()
}
