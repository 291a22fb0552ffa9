//! `GET /api/v1/reports/calendar?year=2026`: how much was tracked on each day of a year.

use api::sql::Database;
use api::{Call, Problem, ProblemType, Reply, Whose, query};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::days::{DayTotal, days};
use crate::filters::{Scope, Span, in_calendar};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
struct CalendarWish {
    /// The year.
    #[cfg_attr(feature = "openapi", param(minimum = 1, maximum = 9999, example = 2026))]
    year: i32,
    /// Whose time: a user's id, or `all`. One's own where nothing is said; others' is for managers and admins.
    #[cfg_attr(feature = "openapi", param(nullable = false, value_type = Option<String>,
        pattern = "^(all|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$"))]
    user: Option<Whose>,
}

/// A year, day by day.
#[derive(Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ReportCalendar, example = json!({
    "year": 2026, "seconds": 9000,
    "days": [{"day": "2026-05-04", "seconds": 8400}, {"day": "2026-05-05", "seconds": 600}]})))]
pub(crate) struct CalendarView {
    /// The year.
    year: i32,
    /// All of it.
    seconds: i64,
    /// The days that have time, in order.
    #[cfg_attr(feature = "openapi", schema(max_items = 366))]
    days: Vec<DayTotal>,
}

/// Tracked time on each day of a year
///
/// Days without time are left out.
#[cfg_attr(feature = "openapi", utoipa::path(
    get, path = "/api/v1/reports/calendar", tag = "reports", params(CalendarWish),
    responses((status = 200, description = "The days", body = CalendarView)),
))]
pub(crate) async fn read_calendar(db: &impl Database, call: Call) -> Result<Reply, Problem> {
    let CalendarWish { year, user } = query(&call.query)?;
    let user = Whose::owner(user, &call.caller)?;
    let span = NaiveDate::from_ymd_opt(year, 1, 1)
        .zip(NaiveDate::from_ymd_opt(year, 12, 31))
        .filter(|(first, _)| in_calendar(*first))
        .map(|(from, to)| Span { from, to })
        .ok_or_else(|| Problem::new(ProblemType::Invalid, "1 to 9999.").field("year"))?;
    let days = days(db, &Scope::of(user, span)).await?;
    let seconds = days.iter().map(|day| day.seconds).sum();
    Reply::ok(&CalendarView { year, seconds, days })
}
