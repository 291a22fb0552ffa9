//! A saved report, as the endpoints tell of it and read it.

use api::sql::Database;
use api::{Call, Problem, ProblemType, expect, path_id};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::definition::Definition;

const FIND: &str = "SELECT reporting_app.report_json(r) FROM reporting_app.saved_reports r \
    WHERE owner = $1::uuid AND id = $2::uuid";

/// Longest name, in characters.
const MAX_NAME: usize = 100;

/// The collection's path.
pub(crate) const PATH: &str = "/api/v1/saved-reports";

/// A report that somebody keeps.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = SavedReport, example = json!({
    "id": "1d8e3f5a-9d2c-4b43-a1c1-2f9f6f1b0c02", "name": "Last month by project",
    "definition": {"span": "last_month", "group_by": ["project"]}, "version": 1,
    "created_at": "2026-05-04T08:30:02.120000Z", "updated_at": "2026-05-04T08:30:02.120000Z"})))]
pub struct ReportView {
    /// Its id.
    pub(crate) id: Uuid,
    /// Unique among one's own, whatever its case.
    pub(crate) name: String,
    /// What it asks.
    pub(crate) definition: Definition,
    /// Rises with each change; the ETag.
    pub(crate) version: i64,
    /// When it was saved.
    created_at: DateTime<Utc>,
    /// When it was last changed.
    updated_at: DateTime<Utc>,
}

/// The caller's report that the path names.
pub(crate) async fn own(db: &impl Database, call: &Call) -> Result<ReportView, Problem> {
    let id = path_id(&call.id)?;
    let rows = db.query(FIND, vec![call.caller.id.into(), id.into()]).await?;
    Ok(rows.first().ok_or_else(Problem::not_found)?.read(0)?)
}

/// The same, at the version that the call is meant for.
pub(crate) async fn own_expected(db: &impl Database, call: &Call) -> Result<ReportView, Problem> {
    let report = own(db, call).await?;
    expect(call, report.version)?;
    Ok(report)
}

pub(crate) fn name(text: &str) -> Result<String, Problem> {
    domain::text::name(text, MAX_NAME)
        .map_err(|error| Problem::new(ProblemType::Invalid, format!("{error}.")).field("name"))
}
