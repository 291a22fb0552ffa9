//! `POST /api/v1/timer/switch`: stop what runs and start something else, in one step.

use api::sql::Database;
use api::{Call, Done, Instant, Problem, Reply, json_body, write};
use chrono::{DateTime, Utc};
use domain::entry::stopped_at;
use http::StatusCode;
use http::header::LOCATION;
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::stop::ended;
use crate::EntryView;
use crate::store::{running, zone_of};
use crate::views::{EntryWish, arguments};

/// What to time.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = NewTimer, example = json!({
    "description": "Write the report", "billable": true})))]
pub struct TimerWish {
    /// From when on; now where nothing is said.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<DateTime<Utc>>))]
    pub(crate) start: Option<Instant>,
    /// An IANA zone; that of the profile where nothing is said.
    #[cfg_attr(feature = "openapi", schema(max_length = 64))]
    pub(crate) zone: Option<String>,
    /// What is done.
    #[cfg_attr(feature = "openapi", schema(max_length = 1000))]
    pub(crate) description: String,
    /// What it is done for.
    pub(crate) project_id: Option<Uuid>,
    /// Which task of the project.
    pub(crate) task_id: Option<Uuid>,
    /// Its tags.
    #[cfg_attr(feature = "openapi", schema(max_items = 20))]
    pub(crate) tag_ids: Vec<Uuid>,
    /// Whether somebody pays for it.
    pub(crate) billable: bool,
}

impl TimerWish {
    /// The entry that runs then.
    pub(crate) fn entry(&self, now: DateTime<Utc>) -> EntryWish {
        EntryWish {
            start: self.start.unwrap_or(Instant(now)),
            end: None,
            zone: self.zone.clone(),
            description: self.description.clone(),
            project_id: self.project_id,
            task_id: self.task_id,
            tag_ids: self.tag_ids.clone(),
            billable: self.billable,
        }
    }
}

/// What a switch did.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = SwitchedTimer, example = json!({
    "stopped": null, "started": {"id": "5b1f2f9e-8f0f-4f0e-9d53-0c1c9a9b7a10",
        "user_id": "0b6f0f3e-6f6e-4c59-9e43-1f6d3f8f2f10", "start": "2026-05-04T07:00:00Z", "end": null,
        "zone": "Europe/Zurich", "seconds": null, "description": "Write the report", "project_id": null, "task_id": null,
        "tag_ids": [], "billable": true, "version": 1, "created_at": "2026-05-04T07:00:00.120000Z",
        "updated_at": "2026-05-04T07:00:00.120000Z"}})))]
pub struct Switched {
    /// The entry that ran before, ended where the new one begins; null where none ran.
    stopped: Option<EntryView>,
    /// The entry that runs now.
    started: EntryView,
}

/// Switch the timer
///
/// Stops what runs and starts the new one at the same instant: both or neither.
#[cfg_attr(feature = "openapi", utoipa::path(
    post, path = "/api/v1/timer/switch", tag = "timer", request_body = TimerWish,
    responses(
        (status = 201, description = "What was stopped and what runs now", body = Switched),
        (status = 409, description = "overlap, locked, contended"),
    ),
))]
pub(crate) async fn switch_timer(db: &impl Database, call: Call) -> Result<Reply, Problem> {
    let wish: TimerWish = json_body(&call.body)?;
    switch(db, &call, async || Ok(wish.entry(call.now))).await
}

/// Switch to what `wish` makes.
pub(crate) async fn switch(
    db: &impl Database,
    call: &Call,
    wish: impl AsyncFn() -> Result<EntryWish, Problem>,
) -> Result<Reply, Problem> {
    let written = write(db, call, "switch_timer", async || {
        let mut wish = wish().await?;
        let (mut now, mut stop) = (call.now, None);
        if let Some(entry) = running(db, call.caller.id).await? {
            let end = stopped_at(entry.start, wish.start.0, now);
            stop = Some(ended(&entry, end, now)?);
            // After several switches in one second this is some seconds from now, where no time is taken yet.
            wish.start = Instant(end);
            now = now.max(end);
        }
        let started = wish.checked(zone_of(db, call.caller.id, &wish).await?, now)?;
        Ok(json!({ "stop": stop, "start": arguments(Uuid::new_v4(), None, &started) }))
    });
    let done: Done<Switched> = written.await?;
    let started = &done.value.started;
    let place = format!("/api/v1/time-entries/{}", started.id);
    Ok(done.reply(StatusCode::CREATED)?.tagged(started.version).header(LOCATION, &place))
}
