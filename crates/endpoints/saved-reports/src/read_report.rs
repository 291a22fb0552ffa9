//! `GET /api/v1/saved-reports/:id`

use api::sql::Database;
use api::{Call, Problem, Reply};

use crate::reports::own;

/// Read a saved report
#[cfg_attr(feature = "openapi", utoipa::path(
    get, path = "/api/v1/saved-reports/{id}", tag = "reports",
    responses((status = 200, description = "The saved report", body = crate::reports::ReportView)),
))]
pub(crate) async fn read_saved_report(db: &impl Database, call: Call) -> Result<Reply, Problem> {
    let report = own(db, &call).await?;
    Ok(Reply::ok(&report)?.tagged(report.version))
}
