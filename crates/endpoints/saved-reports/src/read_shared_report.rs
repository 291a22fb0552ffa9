//! `GET /api/v1/shared-reports/:token`: a saved report for whoever has its link.

use api::sql::{Database, Error, Row};
use api::{Call, Problem, Reply};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use domain::WeekStart;
use endpoints_reports::{SummaryView, summary};
use serde::Serialize;
use uuid::Uuid;

use crate::reports::ReportView;
use crate::shares::hash;

const FIND: &str = include_str!("sql/find_shared_report.sql");

/// A saved report, as its link shows it.
#[derive(Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = SharedReport, example = json!({
    "name": "Last month by project", "from": "2026-04-01", "to": "2026-04-30", "summary": {
    "from": "2026-04-01", "to": "2026-04-30", "group_by": ["project"],
    "totals": {"seconds": 0, "rounded_seconds": 0, "amounts": []}, "groups": []}})))]
pub struct SharedView {
    /// The report's name.
    name: String,
    /// The first day.
    from: NaiveDate,
    /// The last day, included.
    to: NaiveDate,
    /// What the summary report answers its owner.
    summary: SummaryView,
}

/// What a link leads to.
struct Shared {
    report: ReportView,
    zone: Tz,
    week_start: WeekStart,
}

/// Read a shared report
///
/// Without login: whoever has the link sees what the report's owner may see now. A link that is unknown, expired or
/// revoked is not found, and neither is one whose owner has left, was disabled, or may not see the report any more.
#[cfg_attr(feature = "openapi", utoipa::path(
    get, path = "/api/v1/shared-reports/{token}", tag = "reports",
    params(("token" = String, Path, description = "The link's secret.", pattern = "^[A-Za-z0-9_-]{43}$",
        example = "fSH2G0t0Rhq9uCwq3lq1vYHh2b1sQk1nq0mB9b2bQ1c")),
    responses((status = 200, description = "The report", body = SharedView)),
))]
pub(crate) async fn read_shared_report(db: &impl Database, call: Call) -> Result<Reply, Problem> {
    let rows = db.query(FIND, vec![hash(&call.id).into(), call.now.into()]).await?;
    let shared = shared(rows.first().ok_or_else(Problem::not_found)?)?;
    let asked = &shared.report.definition;
    let today = call.now.with_timezone(&shared.zone).date_naive();
    let week_start = asked.week_start.unwrap_or(shared.week_start);
    let (from, to) = asked.days(today, week_start).ok_or_else(Problem::not_found)?;
    let query = asked.query(from, to, week_start);
    let summary = summary(db, &call.caller, &query).await.map_err(not_there)?;
    Reply::ok(&SharedView { name: shared.report.name, from, to, summary })
}

/// A report that its owner may not see, or that asks too much, is none to others: what is wrong with it is no stranger's
/// business.
fn not_there(problem: Problem) -> Problem {
    match problem.kind.status().is_client_error() {
        true => Problem::not_found(),
        false => problem,
    }
}

/// Who made a link, if it opens a report.
pub(crate) async fn link_owner(
    db: &impl Database,
    secret: &str,
    now: DateTime<Utc>,
) -> Result<Uuid, Problem> {
    let rows = db.query(FIND, vec![hash(secret).into(), now.into()]).await?;
    Ok(rows.first().ok_or_else(Problem::not_found)?.get(1)?)
}

fn shared(row: Row<'_>) -> Result<Shared, Error> {
    let (zone, week_start): (String, String) = (row.get(2)?, row.get(3)?);
    Ok(Shared {
        report: row.read(0)?,
        zone: zone.parse().map_err(|_| Error::Fault(format!("stored zone {zone}")))?,
        week_start: serde_json::from_value(week_start.into())
            .map_err(|error| Error::Fault(format!("stored week_start: {error}")))?,
    })
}
