//! `GET /api/v1/reports/dashboard`: how one's day and week are going.

use api::sql::Database;
use api::{Call, Problem, Reply, query};
use chrono::{Days, NaiveDate};
use domain::Week;
use serde::{Deserialize, Serialize};

use crate::by::By;
use crate::days::{DayTotal, days};
use crate::entry_lines::Named;
use crate::filters::{Scope, Span};
use crate::preferences::preferences;
use crate::rollup;

/// How far back a streak is counted, in days.
const STREAK_DAYS: u64 = 365;
/// The days whose projects count, and how many of them are named.
const TOP_DAYS: u64 = 30;
const TOP: usize = 5;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NoWish {}

/// One's time by now.
#[derive(Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Dashboard, example = json!({
    "zone": "Europe/Zurich", "today": {"day": "2026-05-05", "seconds": 600},
    "week": {"first": "2026-05-04", "last": "2026-05-10", "name": "2026-W19", "seconds": 4200},
    "daily_target_seconds": 28800, "left_seconds": 28200, "streak_days": 2,
    "last_days": [{"day": "2026-04-29", "seconds": 0}, {"day": "2026-04-30", "seconds": 0},
        {"day": "2026-05-01", "seconds": 0}, {"day": "2026-05-02", "seconds": 0}, {"day": "2026-05-03", "seconds": 0},
        {"day": "2026-05-04", "seconds": 3600}, {"day": "2026-05-05", "seconds": 600}],
    "top_projects": [{"project": {"id": "c0a1f6d2-3b44-4e0f-9a77-5d1e8b2c4f01", "name": "Atlas", "color": "#4f6bed"},
        "seconds": 4200}]})))]
pub(crate) struct DashboardView {
    /// The IANA zone of one's profile: it says which day is today. UTC where nothing is known yet.
    zone: String,
    /// Today's time. What runs still is not in it.
    today: DayTotal,
    /// This week's time, by the week of one's profile.
    week: WeekTotal,
    /// How much one wants to work on a day; null where nothing is known yet.
    daily_target_seconds: Option<i64>,
    /// What is left of that today; null where there is no target.
    left_seconds: Option<i64>,
    /// On how many days in a row, up to today or yesterday, something was tracked; at most 365.
    #[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 365))]
    streak_days: u64,
    /// The last seven days, the last one today.
    #[cfg_attr(feature = "openapi", schema(min_items = 7, max_items = 7))]
    last_days: Vec<DayTotal>,
    /// The five projects with the most time in the last 30 days.
    #[cfg_attr(feature = "openapi", schema(max_items = 5))]
    top_projects: Vec<ProjectTotal>,
}

/// A week's time.
#[derive(Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ReportWeek))]
pub(crate) struct WeekTotal {
    /// Its first day.
    first: NaiveDate,
    /// Its last day.
    last: NaiveDate,
    /// Its name by ISO 8601, `2026-W19`; null where weeks are not numbered.
    name: Option<String>,
    /// Tracked time.
    seconds: i64,
}

/// A project's time.
#[derive(Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ReportProject))]
pub(crate) struct ProjectTotal {
    /// The project.
    project: Named,
    /// Tracked time.
    seconds: i64,
}

/// How one's day and week are going
///
/// One's own time, by the zone and the week of one's profile.
#[cfg_attr(feature = "openapi", utoipa::path(
    get, path = "/api/v1/reports/dashboard", tag = "reports",
    responses((status = 200, description = "One's time by now", body = DashboardView)),
))]
pub(crate) async fn read_dashboard(db: &impl Database, call: Call) -> Result<Reply, Problem> {
    let NoWish {} = query(&call.query)?;
    let me = Some(call.caller.id);
    let wishes = preferences(db, call.caller.id).await?;
    let today = call.now.with_timezone(&wishes.zone).date_naive();
    let back = |count| today.checked_sub_days(Days::new(count)).unwrap_or(today);
    let week = Week::of(today, wishes.week_start);

    let span = Span { from: back(STREAK_DAYS), to: week.last() };
    let days = days(db, &Scope::of(me, span)).await?;
    let on = |day| days.iter().find(|total| total.day == day).map_or(0, |total| total.seconds);
    let top = Scope::of(me, Span { from: back(TOP_DAYS - 1), to: today });
    let top = rollup::groups(db, &top, &[By::Project], wishes.week_start).await?;

    let in_week = days.iter().filter(|total| (week.first()..=week.last()).contains(&total.day));
    let begin = if on(today) > 0 { 0 } else { 1 };
    let streak_days = (begin..begin + STREAK_DAYS).take_while(|count| on(back(*count)) > 0).count();
    Reply::ok(&DashboardView {
        zone: wishes.zone.name().to_owned(),
        today: DayTotal { day: today, seconds: on(today) },
        week: WeekTotal {
            first: week.first(),
            last: week.last(),
            name: week.name(),
            seconds: in_week.map(|total| total.seconds).sum(),
        },
        daily_target_seconds: wishes.daily_target_seconds,
        left_seconds: wishes.daily_target_seconds.map(|target| (target - on(today)).max(0)),
        streak_days: streak_days as u64,
        last_days: (0..7).rev().map(back).map(|day| DayTotal { day, seconds: on(day) }).collect(),
        top_projects: top
            .iter()
            .filter_map(|group| {
                Some(ProjectTotal { project: group.keys[0].named()?, seconds: group.totals.seconds })
            })
            .take(TOP)
            .collect(),
    })
}
