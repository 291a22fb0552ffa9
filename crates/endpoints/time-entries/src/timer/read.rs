//! `GET /api/v1/timer`: what runs, and whether it was forgotten.

use api::sql::Database;
use api::{Call, Problem, Reply};
use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

use super::tag;
use crate::EntryView;

const TIMER: &str = include_str!("../sql/timer.sql");

/// The timer.
#[derive(Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Timer, example = json!({
    "entry": null, "forgotten": null})))]
pub struct TimerView {
    /// The entry that runs; null where none does.
    entry: Option<EntryView>,
    /// When the running entry counts as forgotten, and what to do then; null where nothing runs.
    forgotten: Option<Reminder>,
}

/// When to ask whether the timer was forgotten. The time to wait is in the profile.
#[derive(Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({
    "at": "2026-05-04T17:00:00Z", "suggested_end": "2026-05-04T12:00:00Z"})))]
pub struct Reminder {
    /// From this instant on it counts as forgotten.
    at: DateTime<Utc>,
    /// An end that it can have: `DELETE /api/v1/timer?end=…`.
    suggested_end: DateTime<Utc>,
}

/// Read the timer
///
/// With it comes when the timer counts as forgotten and at which instant it could be ended.
#[cfg_attr(feature = "openapi", utoipa::path(
    get, path = "/api/v1/timer", tag = "timer",
    responses((status = 200, description = "What runs", body = TimerView)),
))]
pub(crate) async fn read_timer(db: &impl Database, call: Call) -> Result<Reply, Problem> {
    let rows = db.query(TIMER, vec![call.caller.id.into()]).await?;
    let Some(row) = rows.first() else {
        return Ok(Reply::ok(&TimerView { entry: None, forgotten: None })?.tagged(tag(None)));
    };
    let entry: EntryView = row.read(0)?;
    let at = entry.start + TimeDelta::minutes(row.get(1)?);
    let next: Option<DateTime<Utc>> = row.get(2)?;
    let suggested_end = next.map_or(at, |next| next.min(at));
    let tag = tag(Some(&entry));
    Ok(Reply::ok(&TimerView { entry: Some(entry), forgotten: Some(Reminder { at, suggested_end }) })?
        .tagged(tag))
}
