//! `DELETE /api/v1/timer`: stop, now or at a chosen instant.

use api::sql::Database;
use api::{Call, Done, Instant, Problem, ProblemType, Reply, expect, query, write};
use chrono::{DateTime, Utc};
use domain::entry::stopped_at;
use http::StatusCode;
use serde::Deserialize;
use serde_json::Value as Json;

use super::tag;
use crate::EntryView;
use crate::store::running;
use crate::views::arguments;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
struct StopTimer {
    /// When it ended, for a timer that was forgotten; now where nothing is said.
    #[cfg_attr(feature = "openapi", param(nullable = false, value_type = Option<DateTime<Utc>>))]
    end: Option<Instant>,
}

/// Stop the timer
///
/// A stop that would overlap a later entry is refused with the end that it could have. A timer that is stopped in the
/// second in which it began gets a length of one second.
#[cfg_attr(feature = "openapi", utoipa::path(
    delete, path = "/api/v1/timer", tag = "timer", params(StopTimer),
    responses(
        (status = 200, description = "The entry, ended", body = EntryView),
        (status = 409, description = "no-timer, overlap, locked, contended"),
    ),
))]
pub(crate) async fn stop_timer(db: &impl Database, call: Call) -> Result<Reply, Problem> {
    let wish: StopTimer = query(&call.query)?;
    let written = write(db, &call, "change_entry", async || {
        let entry = running(db, call.caller.id).await?;
        expect(&call, tag(entry.as_ref()))?;
        let entry = entry.ok_or(ProblemType::NoTimer)?;
        let end = wish.end.map_or(call.now, |Instant(at)| at);
        ended(&entry, stopped_at(entry.start, end, call.now), call.now)
    });
    let done: Done<EntryView> = written.await?;
    Ok(done.reply(StatusCode::OK)?.tagged(done.value.version))
}

/// The arguments that end a running entry.
pub(super) fn ended(entry: &EntryView, end: DateTime<Utc>, now: DateTime<Utc>) -> Result<Json, Problem> {
    let mut draft = entry.draft()?;
    draft.end = Some(end);
    Ok(arguments(entry.id, Some(entry.version), &draft.checked(now)?))
}
