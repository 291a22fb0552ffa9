//! The routes and what they answer.

use api::sql::Database;
use api::{Call, Endpoint, Operation, Problem, ProblemType, Reply};
use chrono::{DateTime, Utc};
use http::Method;
use uuid::Uuid;

macro_rules! routes {
    ($($(#[$doc:meta])* $name:ident $route:literal $($operation:ident $method:ident => $answer:path),+;)*) => {$(
        $(#[$doc])*
        pub struct $name;

        impl Endpoint for $name {
            const ROUTE: &'static str = $route;
            const OPERATIONS: &'static [Operation] = &[$(Operation::$operation(Method::$method)),+];

            async fn answer<D: Database>(db: &D, call: Call) -> Result<Reply, Problem> {
                match call.method {
                    $(Method::$method => $answer(db, call).await,)+
                    _ => Err(ProblemType::MethodNotAllowed.into()),
                }
            }
        }
    )*};
}

routes! {
    /// `/api/v1/saved-reports`
    SavedReports "/api/v1/saved-reports"
        user GET => crate::list_reports::list_saved_reports, user POST => crate::create_report::create_saved_report;
    /// `/api/v1/saved-reports/:id`
    SavedReport "/api/v1/saved-reports/:id"
        user GET => crate::read_report::read_saved_report, user PATCH => crate::change_report::change_saved_report,
        user DELETE => crate::delete_report::delete_saved_report;
    /// `/api/v1/saved-reports/:id/share`
    Share "/api/v1/saved-reports/:id/share" user POST => crate::share_report::share_saved_report;
    /// `/api/v1/saved-reports/:id/shares`
    Shares "/api/v1/saved-reports/:id/shares" user GET => crate::list_shares::list_shares;
    /// `/api/v1/shares/:id`
    ShareLink "/api/v1/shares/:id" user DELETE => crate::revoke_share::revoke_share;
    /// `/api/v1/shares`
    AllShares "/api/v1/shares" admin GET => crate::list_all_shares::list_all_shares;
}

/// `/api/v1/shared-reports/:token`
pub struct SharedReport;

impl Endpoint for SharedReport {
    const ROUTE: &'static str = "/api/v1/shared-reports/:token";
    const OPERATIONS: &'static [Operation] = &[Operation::link(Method::GET)];

    async fn link_owner<D: Database>(db: &D, secret: &str, now: DateTime<Utc>) -> Result<Uuid, Problem> {
        crate::read_shared_report::link_owner(db, secret, now).await
    }

    async fn answer<D: Database>(db: &D, call: Call) -> Result<Reply, Problem> {
        crate::read_shared_report::read_shared_report(db, call).await
    }
}
