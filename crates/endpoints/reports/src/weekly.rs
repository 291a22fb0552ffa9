//! `GET /api/v1/reports/weekly?week=2026-05-04`: the timesheet of one week, a line for each project and task.

use api::sql::Database;
use api::{Call, Problem, ProblemType, Reply, Whose, query};
use chrono::{Days, NaiveDate};
use domain::{Week, WeekStart};
use serde::{Deserialize, Serialize};

use crate::by::{By, KeyValue};
use crate::entry_lines::Named;
use crate::filters::{Scope, Span, in_calendar};
use crate::groups::Group;
use crate::preferences::preferences;
use crate::rollup;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
struct WeeklyWish {
    /// Any day of the week.
    #[cfg_attr(feature = "openapi", param(example = "2026-05-04"))]
    week: NaiveDate,
    /// Where weeks begin: `monday`, `sunday`, or `iso` (Monday, with the week's number). As in one's profile where nothing
    /// is said.
    #[cfg_attr(feature = "openapi", param(value_type = Option<String>, nullable = false,
        pattern = "^(monday|sunday|iso)$"))]
    week_start: Option<WeekStart>,
    /// Whose time: a user's id, or `all`. One's own where nothing is said; others' is for managers and admins.
    #[cfg_attr(feature = "openapi", param(nullable = false, value_type = Option<String>,
        pattern = "^(all|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$"))]
    user: Option<Whose>,
}

/// A week's timesheet.
#[derive(Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Timesheet, example = json!({
    "name": "2026-W19", "week_start": "iso", "days": ["2026-05-04", "2026-05-05", "2026-05-06", "2026-05-07",
        "2026-05-08", "2026-05-09", "2026-05-10"],
    "rows": [{"project": {"id": "c0a1f6d2-3b44-4e0f-9a77-5d1e8b2c4f01", "name": "Atlas", "color": "#4f6bed"},
        "task": null, "cells": [3600, 600, 0, 0, 0, 0, 0], "seconds": 4200}],
    "totals": [3600, 600, 0, 0, 0, 0, 0], "seconds": 4200})))]
pub(crate) struct WeeklyView {
    /// The week's name by ISO 8601, `2026-W19`; null where weeks are not numbered.
    name: Option<String>,
    /// Where the week begins.
    #[cfg_attr(feature = "openapi", schema(value_type = String, pattern = "^(monday|sunday|iso)$"))]
    week_start: WeekStart,
    /// Its days.
    days: [NaiveDate; 7],
    /// A row for each project and task that has time: projects by falling time, and so the tasks of each.
    rows: Vec<TimesheetRow>,
    /// The sums of the columns.
    totals: [i64; 7],
    /// All of it.
    seconds: i64,
}

/// A project's task in a week.
#[derive(Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub(crate) struct TimesheetRow {
    /// The project; null for time without one.
    project: Option<Named>,
    /// The task; null for time without one.
    task: Option<Named>,
    /// Seconds, day by day.
    cells: [i64; 7],
    /// All of it.
    seconds: i64,
}

/// One week's timesheet
///
/// Seconds by project and task, day by day.
#[cfg_attr(feature = "openapi", utoipa::path(
    get, path = "/api/v1/reports/weekly", tag = "reports", params(WeeklyWish),
    responses((status = 200, description = "The timesheet", body = WeeklyView)),
))]
pub(crate) async fn read_weekly(db: &impl Database, call: Call) -> Result<Reply, Problem> {
    let wish: WeeklyWish = query(&call.query)?;
    let user = Whose::owner(wish.user, &call.caller)?;
    let week_start = match wish.week_start {
        Some(week_start) => week_start,
        None => preferences(db, call.caller.id).await?.week_start,
    };
    let week = Week::of(wish.week, week_start);
    let span = Span { from: week.first(), to: week.last() };
    if !in_calendar(span.from) || !in_calendar(span.to) {
        let words = "A day of a week in the years 1 to 9999, such as 2026-05-04.";
        return Err(Problem::new(ProblemType::Invalid, words).field("week"));
    }
    let groups =
        rollup::groups(db, &Scope::of(user, span), &[By::Project, By::Task, By::Day], week_start).await?;
    let mut rows: Vec<(TimesheetRow, [KeyValue; 2])> = Vec::new();
    let mut totals = [0; 7];
    for Group { keys, totals: time } in groups {
        let [project, task, day] = &keys[..] else { continue };
        let row = match rows.last().is_some_and(|(_, keys)| *keys == [project.key, task.key]) {
            true => rows.last_mut(),
            false => {
                let row =
                    TimesheetRow { project: project.named(), task: task.named(), cells: [0; 7], seconds: 0 };
                rows.push((row, [project.key, task.key]));
                rows.last_mut()
            }
        };
        let KeyValue::Day(day) = day.key else { continue };
        let at = usize::try_from((day - span.from).num_days()).unwrap_or_default();
        if let (Some((row, _)), Some(total)) = (row, totals.get_mut(at)) {
            row.cells[at] += time.seconds;
            row.seconds += time.seconds;
            *total += time.seconds;
        }
    }
    let day = |after| span.from.checked_add_days(Days::new(after)).unwrap_or(span.to);
    Reply::ok(&WeeklyView {
        name: week.name(),
        week_start,
        days: [0, 1, 2, 3, 4, 5, 6].map(day),
        rows: rows.into_iter().map(|(row, _)| row).collect(),
        seconds: totals.iter().sum(),
        totals,
    })
}
