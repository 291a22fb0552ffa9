//! `DELETE /api/v1/saved-reports/:id`

use api::sql::Database;
use api::{Call, Done, Problem, REPORTING_APP, Reply};
use serde_json::json;

use crate::reports::{ReportView, own_expected};

/// Delete a saved report
///
/// Its links end with it.
#[cfg_attr(feature = "openapi", utoipa::path(
    delete, path = "/api/v1/saved-reports/{id}", tag = "reports",
    responses(
        (status = 204, description = "It is deleted"),
        (status = 409, description = "contended"),
    ),
))]
pub(crate) async fn delete_saved_report(db: &impl Database, call: Call) -> Result<Reply, Problem> {
    let written = REPORTING_APP.write(db, &call, "delete_report", async || {
        let old = own_expected(db, &call).await?;
        Ok(json!({ "id": old.id, "version": old.version }))
    });
    let done: Done<ReportView> = written.await?;
    Ok(done.marked(Reply::no_content()))
}
