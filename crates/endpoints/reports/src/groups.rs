//! The groups of a summary: by day and by project as the database adds them up, by week from the days.

use api::sql::{Database, Error, Value};
use chrono::NaiveDate;
use domain::{Week, WeekStart};
use serde::Serialize;
use uuid::Uuid;

const BY_DAY: &str = include_str!("sql/summary_by_day.sql");
const BY_PROJECT: &str = include_str!("sql/summary_by_project.sql");

/// One line of a summary.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub(crate) struct Group {
    /// A day, a week's first day (both `2026-05-04`), or a project's id; null for time without a project.
    pub key: Option<String>,
    /// A project's name, or an ISO week's (`2026-W19`); null where there is none.
    pub name: Option<String>,
    /// A project's colour; null where there is none.
    #[cfg_attr(feature = "openapi", schema(pattern = "^#[0-9a-f]{6}$"))]
    pub color: Option<String>,
    /// Tracked time.
    pub seconds: i64,
}

/// Whose time, and the first and last day of it, both included.
pub(crate) struct Span {
    pub user: Uuid,
    pub from: NaiveDate,
    pub to: NaiveDate,
}

impl Span {
    fn parameters(&self) -> Vec<Value> {
        vec![self.user.into(), self.from.into(), self.to.into()]
    }
}

/// Days in order; days without time are left out.
pub(crate) async fn by_day(db: &impl Database, span: &Span) -> Result<Vec<Group>, Error> {
    let days = days(db, span).await?;
    Ok(days.into_iter().map(|(day, seconds)| of_calendar(day, None, seconds)).collect())
}

/// Weeks in order, of the days in the span only; weeks without time are left out.
pub(crate) async fn by_week(db: &impl Database, span: &Span, start: WeekStart) -> Result<Vec<Group>, Error> {
    let mut weeks: Vec<(Week, i64)> = Vec::new();
    for (day, seconds) in days(db, span).await? {
        match weeks.last_mut().filter(|(week, _)| day <= week.last()) {
            Some((_, total)) => *total += seconds,
            None => weeks.push((Week::of(day, start), seconds)),
        }
    }
    Ok(weeks.into_iter().map(|(week, seconds)| of_calendar(week.first(), week.name(), seconds)).collect())
}

/// Projects by falling time.
pub(crate) async fn by_project(db: &impl Database, span: &Span) -> Result<Vec<Group>, Error> {
    let rows = db.query(BY_PROJECT, span.parameters()).await?;
    rows.iter()
        .map(|row| {
            Ok(Group { key: row.get(0)?, name: row.get(1)?, color: row.get(2)?, seconds: row.get(3)? })
        })
        .collect()
}

async fn days(db: &impl Database, span: &Span) -> Result<Vec<(NaiveDate, i64)>, Error> {
    let rows = db.query(BY_DAY, span.parameters()).await?;
    rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
}

fn of_calendar(first: NaiveDate, name: Option<String>, seconds: i64) -> Group {
    Group { key: Some(first.to_string()), name, color: None, seconds }
}
