//! Reports, read from the model that `reporting` keeps: a use case per file. `filters` is what they share of their
//! queries, `rollup` adds up, `entry_lines` lists.

mod by;
mod calendar;
mod dashboard;
mod days;
mod detailed;
mod entry_lines;
mod filters;
mod groups;
mod preferences;
mod rollup;
mod summary;
mod weekly;

use api::sql::Database;
use api::{Call, Endpoint, Operation, Problem, Reply};
use http::Method;

pub use by::By;
pub use entry_lines::{EntryLine, Filter, Named, Person, Position, page};
pub use filters::{Scope, Span};
pub use summary::{SummaryView, summary};

/// Each report has one operation, for everybody: whose time it shows is decided by its parameter `user`.
macro_rules! reports {
    ($($route:literal $endpoint:ident $read:path)*) => {$(
        #[doc = concat!("`", $route, "`")]
        pub struct $endpoint;

        impl Endpoint for $endpoint {
            const ROUTE: &'static str = $route;
            const OPERATIONS: &'static [Operation] = &[Operation::user(Method::GET)];

            async fn answer<D: Database>(db: &D, call: Call) -> Result<Reply, Problem> {
                $read(db, call).await
            }
        }
    )*};
}

reports! {
    "/api/v1/reports/summary" Summary summary::read_summary
    "/api/v1/reports/detailed" Detailed detailed::read_detailed
    "/api/v1/reports/weekly" Weekly weekly::read_weekly
    "/api/v1/reports/calendar" Calendar calendar::read_calendar
    "/api/v1/reports/dashboard" Dashboard dashboard::read_dashboard
}

/// The operations of this crate, for the API's document.
#[cfg(feature = "openapi")]
pub fn openapi() -> utoipa::openapi::OpenApi {
    use utoipa::OpenApi as _;
    #[derive(utoipa::OpenApi)]
    #[openapi(paths(
        summary::read_summary,
        detailed::read_detailed,
        weekly::read_weekly,
        calendar::read_calendar,
        dashboard::read_dashboard,
    ))]
    struct Operations;
    Operations::openapi()
}
