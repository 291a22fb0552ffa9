//! `PATCH /api/v1/time-entries/:id`: a JSON merge patch (RFC 7396). What is absent stays; `null` clears,
//! so that `{"end": null}` lets an entry run again.

use api::sql::Database;
use api::{Call, Done, Instant, Problem, Reply, double_option, expect, json_body, path_id, present, write};
use chrono::{DateTime, Utc};
use domain::entry::seen_by_us;
use domain::{Draft, Fields};
use http::StatusCode;
use serde::Deserialize;
use uuid::Uuid;

use crate::EntryView;
use crate::store::find;
use crate::views::{arguments, zone};

/// What is to change; what is absent stays.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = TimeEntryChange, example = json!({
    "description": "Plan the month", "project_id": null})))]
pub struct ChangeEntry {
    /// When it began.
    #[serde(deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(nullable = false, value_type = Option<DateTime<Utc>>))]
    start: Option<Instant>,
    /// When it ended; null lets it run again.
    #[serde(deserialize_with = "double_option")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<DateTime<Utc>>))]
    end: Option<Option<Instant>>,
    /// An IANA zone.
    #[serde(deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(nullable = false, max_length = 64))]
    zone: Option<String>,
    /// What was done.
    #[serde(deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(nullable = false, max_length = 1000))]
    description: Option<String>,
    /// What it was done for; a project that is taken away takes its task with it.
    #[serde(deserialize_with = "double_option")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Uuid>))]
    project_id: Option<Option<Uuid>>,
    /// Which task of the project.
    #[serde(deserialize_with = "double_option")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Uuid>))]
    task_id: Option<Option<Uuid>>,
    /// All its tags.
    #[serde(deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(nullable = false, max_items = 20))]
    tag_ids: Option<Vec<Uuid>>,
    /// Whether somebody pays for it.
    #[serde(deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    billable: Option<bool>,
}

impl ChangeEntry {
    /// The fields after the change.
    pub(crate) fn applied_to(&self, old: &EntryView, now: DateTime<Utc>) -> Result<Fields, Problem> {
        let old = old.draft()?;
        let project_id = self.project_id.unwrap_or(old.project_id);
        // The task of another project means nothing.
        let kept_task = old.task_id.filter(|_| project_id == old.project_id);
        let end = self.end.map_or(old.end, |end| end.map(|Instant(at)| at));
        let start =
            self.start.map_or(old.start, |Instant(at)| if end.is_none() { seen_by_us(at, now) } else { at });
        let draft = Draft {
            start,
            end,
            zone: self.zone.as_deref().map_or(Ok(old.zone), zone)?,
            description: self.description.clone().unwrap_or(old.description),
            project_id,
            task_id: self.task_id.unwrap_or(kept_task),
            tag_ids: self.tag_ids.clone().unwrap_or(old.tag_ids),
            billable: self.billable.unwrap_or(old.billable),
        };
        Ok(draft.checked(now)?)
    }
}

/// Change an entry
///
/// A JSON merge patch: what is absent stays, `null` clears. A change of nothing is no new version.
#[cfg_attr(feature = "openapi", utoipa::path(
    patch, path = "/api/v1/time-entries/{id}", tag = "time entries", request_body = ChangeEntry,
    responses(
        (status = 200, description = "The entry, as it is now", body = EntryView),
        (status = 409, description = "overlap, timer-running, locked, contended"),
    ),
))]
pub(crate) async fn change_entry(db: &impl Database, call: Call) -> Result<Reply, Problem> {
    let id = path_id(&call.id)?;
    let wish: ChangeEntry = json_body(&call.body)?;
    let written = write(db, &call, "change_entry", async || {
        let old = find(db, Some(call.caller.id), id).await?;
        expect(&call, old.version)?;
        Ok(arguments(id, Some(old.version), &wish.applied_to(&old, call.now)?))
    });
    let done: Done<EntryView> = written.await?;
    Ok(done.reply(StatusCode::OK)?.tagged(done.value.version))
}
