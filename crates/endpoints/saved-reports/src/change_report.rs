//! `PATCH /api/v1/saved-reports/:id`: what is absent stays; a definition is replaced as a whole.

use api::sql::Database;
use api::{Call, Done, ObjectOf, Problem, REPORTING_APP, Reply, json_body, present};
use http::StatusCode;
use serde::{Deserialize, Deserializer};
use serde_json::json;

use crate::definition::Definition;
use crate::reports::{ReportView, name, own_expected};

/// What is to change; what is absent stays.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = SavedReportChange, example = json!({
    "name": "This month by project"})))]
pub struct ChangeReport {
    /// Unique among one's own, whatever its case.
    #[serde(deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(nullable = false, min_length = 1, max_length = 100))]
    name: Option<String>,
    /// What it asks, all of it.
    #[serde(deserialize_with = "definition")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    definition: Option<Definition>,
}

/// It may be absent, but is an object where it is not.
fn definition<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Definition>, D::Error> {
    ObjectOf::deserialize(deserializer).map(|ObjectOf(definition)| Some(definition))
}

/// Change a saved report
///
/// Its links show what it asks now.
#[cfg_attr(feature = "openapi", utoipa::path(
    patch, path = "/api/v1/saved-reports/{id}", tag = "reports", request_body = ChangeReport,
    responses(
        (status = 200, description = "The saved report, as it is now", body = ReportView),
        (status = 409, description = "name-taken, contended"),
    ),
))]
pub(crate) async fn change_saved_report(db: &impl Database, call: Call) -> Result<Reply, Problem> {
    let wish: ChangeReport = json_body(&call.body)?;
    let new_name = wish.name.as_deref().map(name).transpose()?;
    let new_definition = wish.definition.map(Definition::checked).transpose()?;
    let written = REPORTING_APP.write(db, &call, "change_report", async || {
        let old = own_expected(db, &call).await?;
        Ok(json!({
            "id": old.id, "version": old.version,
            "name": new_name.as_ref().unwrap_or(&old.name),
            "definition": new_definition.as_ref().unwrap_or(&old.definition),
        }))
    });
    let done: Done<ReportView> = written.await?;
    Ok(done.reply(StatusCode::OK)?.tagged(done.value.version))
}
