//! `GET /api/v1/reports/summary?from&to&group_by=project,month&…`: totals by one to three things.

mod written;

use api::sql::Database;
use api::{Call, Caller, Problem, Reply, query};
use chrono::NaiveDate;
use domain::WeekStart;
use http::StatusCode;
use serde::{Deserialize, Serialize};

use crate::by::By;
use crate::groups::{Group, Totals};
use crate::rollup;

crate::filtered_query! {
    struct SummaryWish {
        /// By what to group: one to three different ones of user, client, project, task, tag, billable, day, week, month and
        /// year, the first one outermost.
        #[cfg_attr(feature = "openapi", param(value_type = String, example = "project,month", pattern = "^(user|client|project|task|tag|billable|day|week|month|year)(,(user|client|project|task|tag|billable|day|week|month|year)){0,2}$"))]
        group_by: GroupBy,
        /// Where weeks begin: `monday`, `sunday`, or `iso` (Monday, with the week's number). Says nothing to other groups.
        #[serde(default)]
        #[cfg_attr(feature = "openapi", param(value_type = Option<String>, nullable = false,
            pattern = "^(monday|sunday|iso)$"))]
        week_start: WeekStart,
    }
}

/// `project,month`
#[derive(Deserialize)]
#[serde(try_from = "String")]
struct GroupBy(Vec<By>);

impl TryFrom<String> for GroupBy {
    type Error = serde::de::value::Error;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        use serde::de::IntoDeserializer as _;
        text.split(',')
            .map(|name| By::deserialize(name.into_deserializer()))
            .collect::<Result<_, _>>()
            .map(Self)
    }
}

/// Tracked time in groups.
#[derive(Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Summary, example = json!({
    "from": "2026-05-01", "to": "2026-05-31", "group_by": ["project", "month"],
    "totals": {"seconds": 9000, "rounded_seconds": 9000, "amounts": []},
    "groups": [
        {"keys": [{"by": "project", "key": "c0a1f6d2-3b44-4e0f-9a77-5d1e8b2c4f01", "name": "Atlas", "color": "#4f6bed"},
                  {"by": "month", "key": "2026-05", "name": null, "color": null}],
         "seconds": 8400, "rounded_seconds": 8400, "amounts": []},
        {"keys": [{"by": "project", "key": null, "name": null, "color": null},
                  {"by": "month", "key": "2026-05", "name": null, "color": null}],
         "seconds": 600, "rounded_seconds": 600, "amounts": []},
    ],
})))]
pub struct SummaryView {
    /// The first day.
    from: NaiveDate,
    /// The last day, included.
    to: NaiveDate,
    /// By what it is grouped.
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 3))]
    group_by: Vec<By>,
    /// Where weeks begin, if it is grouped by week.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, nullable = false,
        pattern = "^(monday|sunday|iso)$"))]
    week_start: Option<WeekStart>,
    /// All of it. Time with two tags is in it once, also where it is under both.
    totals: Totals,
    /// What has time, level by level: what is of the calendar in the order of time, all else by falling time.
    #[cfg_attr(feature = "openapi", schema(max_items = 10_000))]
    groups: Vec<Group>,
}

/// Tracked time by one to three things
///
/// Each second counts on the day that the calendar of its entry's zone shows; a week, a month or a year has the days of
/// the span only; what runs still is not in it. docs/time.md has examples. A project counts under the client that it has
/// now. With a tag as filter, `tag` groups by that one only.
#[cfg_attr(feature = "openapi", utoipa::path(
    get, path = "/api/v1/reports/summary", tag = "reports", params(SummaryWish),
    responses((status = 200, description = "The groups", body = SummaryView)),
))]
pub(crate) async fn read_summary(db: &impl Database, call: Call) -> Result<Reply, Problem> {
    Reply::written(StatusCode::OK, summary(db, &call.caller, &call.query).await?.into_json())
}

/// The summary that `query` asks for, as `caller` may see it.
///
/// # Errors
/// `malformed`, `invalid`, `forbidden` and `too-many-groups`, as the operation refuses.
pub async fn summary(
    db: &impl Database,
    caller: &Caller,
    query_string: &str,
) -> Result<SummaryView, Problem> {
    let wish: SummaryWish = query(query_string)?;
    let scope = wish.scope(caller)?;
    let SummaryWish { from, to, group_by: GroupBy(group_by), week_start, .. } = wish;
    By::check(&group_by)?;
    let groups = rollup::groups(db, &scope, &group_by, week_start).await?;
    // Only under tags can a second come twice.
    let totals = match group_by.contains(&By::Tag) && scope.tag.is_none() {
        true => rollup::totals(db, &scope).await?,
        false => Totals::of(&groups),
    };
    let week_start = group_by.contains(&By::Week).then_some(week_start);
    Ok(SummaryView { from, to, group_by, week_start, totals, groups })
}
