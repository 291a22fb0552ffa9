//! `GET /api/v1/saved-reports`: by name, a page at a time.

use api::sql::Database;
use api::{Call, Limit, Problem, Reply, cursor, next_link, query};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::reports::{PATH, ReportView};

const LIST: &str = include_str!("sql/list_reports.sql");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
struct ListReports {
    /// How many at most.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", param(value_type = Option<u8>, minimum = 1, maximum = 200, nullable = false))]
    limit: Limit,
    /// Where the page before ended: its `next_cursor`.
    #[cfg_attr(feature = "openapi", param(nullable = false, pattern = "^[A-Za-z0-9_-]+$"))]
    cursor: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct Position {
    name: String,
    id: Uuid,
}

/// A page of saved reports, by name.
#[derive(Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = SavedReportPage, example = json!({
    "items": [], "next_cursor": null})))]
pub struct ReportPage {
    /// The reports.
    items: Vec<ReportView>,
    /// Where the next page begins; null on the last one.
    next_cursor: Option<String>,
}

/// List one's saved reports
#[cfg_attr(feature = "openapi", utoipa::path(
    get, path = "/api/v1/saved-reports", tag = "reports", params(ListReports),
    responses((status = 200, description = "A page of saved reports", body = ReportPage)),
))]
pub(crate) async fn list_saved_reports(db: &impl Database, call: Call) -> Result<Reply, Problem> {
    let wish: ListReports = query(&call.query)?;
    let after = cursor::read(wish.cursor.as_deref(), |position: &Position| !position.name.contains('\0'))?;
    let (name, id) = after.map(|position| (position.name, position.id)).unzip();
    let parameters = vec![call.caller.id.into(), name.into(), id.into(), wish.limit.and_one().into()];
    let rows = db.query(LIST, parameters).await?;
    let reports: Vec<ReportView> = rows.iter().map(|row| row.read(0)).collect::<Result<_, _>>()?;
    let position = |report: &ReportView| Position { name: report.name.clone(), id: report.id };
    let (items, next_cursor) = wish.limit.page(reports, position)?;
    let page = ReportPage { items, next_cursor };
    Ok(next_link(Reply::ok(&page)?, PATH, &call.query, page.next_cursor.as_deref()))
}
