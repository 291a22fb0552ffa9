//! `GET /api/v1/reports/summary?from&to&group_by=day|week|project&week_start=monday|sunday|iso`.

use api::sql::Database;
use api::{Call, Problem, ProblemType, Reply, query};
use chrono::{Datelike, NaiveDate};
use domain::WeekStart;
use serde::{Deserialize, Serialize};

use crate::groups::{Group, Span, by_day, by_project, by_week};

/// The longest span of one summary, in days: ten years.
const MAX_DAYS: i64 = 3660;

/// By what a summary is grouped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
enum GroupBy {
    /// One group a calendar day.
    Day,
    /// One group a week.
    Week,
    /// One group a project.
    Project,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
struct SummaryWish {
    /// The first day.
    #[cfg_attr(feature = "openapi", param(example = "2026-05-01"))]
    from: NaiveDate,
    /// The last day, included; at most ten years after the first.
    #[cfg_attr(feature = "openapi", param(example = "2026-05-31"))]
    to: NaiveDate,
    /// By what to group.
    #[cfg_attr(feature = "openapi", param(inline))]
    group_by: GroupBy,
    /// Where weeks begin: `monday`, `sunday`, or `iso` (Monday, with the week's number). Says nothing to other groups.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", param(value_type = Option<String>, nullable = false,
        pattern = "^(monday|sunday|iso)$"))]
    week_start: WeekStart,
}

/// Tracked time in groups.
#[derive(Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({
    "from": "2026-05-01", "to": "2026-05-31", "group_by": "project", "seconds": 9000,
    "groups": [
        {"key": "c0a1f6d2-3b44-4e0f-9a77-5d1e8b2c4f01", "name": "Atlas", "color": "#4f6bed", "seconds": 8400},
        {"key": null, "name": null, "color": null, "seconds": 600},
    ],
})))]
struct SummaryView {
    /// The first day.
    from: NaiveDate,
    /// The last day, included.
    to: NaiveDate,
    /// By what it is grouped.
    group_by: GroupBy,
    /// Where weeks begin, if it is grouped by week.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, nullable = false,
        pattern = "^(monday|sunday|iso)$"))]
    week_start: Option<WeekStart>,
    /// All of it.
    seconds: i64,
    /// Days and weeks in order, projects by falling time; those without time are left out.
    groups: Vec<Group>,
}

/// One's tracked time by day, week or project
///
/// Each second counts on the day that the calendar of its entry's zone shows; a week has the days of the span only;
/// what runs still is not in it. docs/time.md has examples.
#[cfg_attr(feature = "openapi", utoipa::path(
    get, path = "/api/v1/reports/summary", tag = "reports", params(SummaryWish),
    responses((status = 200, description = "The groups", body = SummaryView)),
))]
pub(crate) async fn read_summary(db: &impl Database, call: Call) -> Result<Reply, Problem> {
    let SummaryWish { from, to, group_by, week_start } = query(&call.query)?;
    check(from, to)?;
    let span = Span { user: call.caller.id, from, to };
    let groups = match group_by {
        GroupBy::Day => by_day(db, &span).await?,
        GroupBy::Week => by_week(db, &span, week_start).await?,
        GroupBy::Project => by_project(db, &span).await?,
    };
    let seconds = groups.iter().map(|group| group.seconds).sum();
    let week_start = (group_by == GroupBy::Week).then_some(week_start);
    Reply::ok(&SummaryView { from, to, group_by, week_start, seconds, groups })
}

fn check(from: NaiveDate, to: NaiveDate) -> Result<(), Problem> {
    let invalid = |field: &str, words: String| Err(Problem::new(ProblemType::Invalid, words).field(field));
    for (field, date) in [("from", from), ("to", to)] {
        // chrono knows years that PostgreSQL does not.
        if !(1..=9999).contains(&date.year()) {
            return invalid(field, "A day of the years 1 to 9999, such as 2026-05-04.".to_owned());
        }
    }
    if to < from {
        return invalid("to", "`to` must not be before `from`.".to_owned());
    }
    if (to - from).num_days() >= MAX_DAYS {
        return invalid("to", format!("At most {MAX_DAYS} days."));
    }
    Ok(())
}
