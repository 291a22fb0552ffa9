//! Time by day, for the reports that show a calendar.

use api::Problem;
use api::sql::Database;
use chrono::NaiveDate;
use domain::WeekStart;
use serde::Serialize;

use crate::by::{By, Key, KeyValue};
use crate::filters::Scope;
use crate::rollup;

/// One day's time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ReportDay))]
pub(crate) struct DayTotal {
    /// The day.
    pub day: NaiveDate,
    /// Tracked time.
    pub seconds: i64,
}

/// The days of a scope that have time, in order.
pub(crate) async fn days(db: &impl Database, scope: &Scope) -> Result<Vec<DayTotal>, Problem> {
    let groups = rollup::groups(db, scope, &[By::Day], WeekStart::default()).await?;
    let total = |group: crate::groups::Group| match group.keys[..] {
        [Key { key: KeyValue::Day(day), .. }] => Some(DayTotal { day, seconds: group.totals.seconds }),
        _ => None,
    };
    Ok(groups.into_iter().filter_map(total).collect())
}
