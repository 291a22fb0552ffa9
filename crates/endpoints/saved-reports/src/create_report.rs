//! `POST /api/v1/saved-reports`

use api::sql::Database;
use api::{Call, Done, ObjectOf, Problem, REPORTING_APP, Reply, json_body};
use http::StatusCode;
use http::header::LOCATION;
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use crate::definition::Definition;
use crate::reports::{PATH, ReportView, name};

/// A report to keep.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = NewSavedReport, example = json!({
    "name": "Last month by project", "definition": {"span": "last_month", "group_by": ["project"]}})))]
pub struct NewReport {
    /// Unique among one's own, whatever its case.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 100))]
    name: String,
    /// What it asks.
    #[cfg_attr(feature = "openapi", schema(value_type = Definition))]
    definition: ObjectOf<Definition>,
}

/// Save a report
///
/// What it asks is checked in its form only: whether one may see it, and what is in it, is seen when it is read.
#[cfg_attr(feature = "openapi", utoipa::path(
    post, path = "/api/v1/saved-reports", tag = "reports", request_body = NewReport,
    responses(
        (status = 201, description = "The saved report", body = ReportView),
        (status = 409, description = "name-taken, contended"),
    ),
))]
pub(crate) async fn create_saved_report(db: &impl Database, call: Call) -> Result<Reply, Problem> {
    let wish: NewReport = json_body(&call.body)?;
    let (name, definition) = (name(&wish.name)?, wish.definition.0.checked()?);
    let written = REPORTING_APP.write(db, &call, "create_report", async || {
        Ok(json!({ "id": Uuid::new_v4(), "name": name, "definition": definition }))
    });
    let done: Done<ReportView> = written.await?;
    let place = format!("{PATH}/{}", done.value.id);
    Ok(done.reply(StatusCode::CREATED)?.tagged(done.value.version).header(LOCATION, &place))
}
