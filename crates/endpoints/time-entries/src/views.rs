//! Entries as the API shows them and as callers ask for them.

use api::sql::{Columns, Error};
use api::{Instant, Problem, ProblemType};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use domain::entry::seen_by_us;
use domain::{Draft, Fields};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use uuid::Uuid;

/// A time entry. Instants are RFC 3339 in UTC, whole seconds for `start` and `end`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = TimeEntry, example = json!({
    "id": "5b1f2f9e-8f0f-4f0e-9d53-0c1c9a9b7a10", "user_id": "0b6f0f3e-6f6e-4c59-9e43-1f6d3f8f2f10",
    "start": "2026-05-04T07:00:00Z", "end": "2026-05-04T08:30:00Z", "zone": "Europe/Zurich", "seconds": 5400,
    "description": "Plan the week", "project_id": "7b7e3f5a-9d2c-4b43-a1c1-2f9f6f1b0c02", "task_id": null,
    "tag_ids": [], "billable": true, "version": 1,
    "created_at": "2026-05-04T08:30:02.120000Z", "updated_at": "2026-05-04T08:30:02.120000Z"})))]
pub struct EntryView {
    /// Its id.
    pub id: Uuid,
    /// Its owner.
    pub user_id: Uuid,
    /// When it began.
    #[serde(serialize_with = "api::instant::serialize")]
    pub start: DateTime<Utc>,
    /// When it ended; null while it runs.
    #[serde(serialize_with = "api::instant::serialize")]
    pub end: Option<DateTime<Utc>>,
    /// The IANA zone whose midnights cut it.
    pub zone: String,
    /// Its length; null while it runs.
    pub seconds: Option<i64>,
    /// What was done.
    pub description: String,
    /// What it was done for.
    pub project_id: Option<Uuid>,
    /// Which task of the project.
    pub task_id: Option<Uuid>,
    /// Its tags.
    pub tag_ids: Vec<Uuid>,
    /// Whether somebody pays for it.
    pub billable: bool,
    /// Rises with each change; the ETag of the entry.
    pub version: i64,
    /// When it was first written.
    #[serde(serialize_with = "api::instant::serialize")]
    pub created_at: DateTime<Utc>,
    /// When it was last written.
    #[serde(serialize_with = "api::instant::serialize")]
    pub updated_at: DateTime<Utc>,
}

impl EntryView {
    /// Read `sql/entry_columns.sql`; its owner comes before, unless it is known.
    pub(crate) fn read(columns: &mut Columns<'_>, owner: Option<Uuid>) -> Result<Self, Error> {
        let user_id = owner.map_or_else(|| columns.read(), Ok)?;
        let (id, start) = (columns.read()?, columns.read()?);
        let end: Option<DateTime<Utc>> = columns.read()?;
        Ok(Self {
            id,
            user_id,
            start,
            end,
            zone: columns.read()?,
            seconds: end.map(|end| (end - start).num_seconds()),
            description: columns.read()?,
            project_id: columns.read()?,
            task_id: columns.read()?,
            tag_ids: columns.read()?,
            billable: columns.read()?,
            version: columns.read()?,
            created_at: columns.read()?,
            updated_at: columns.read()?,
        })
    }

    /// What was said of it, to be changed and checked anew.
    ///
    /// # Errors
    /// Internal: what is stored has a zone.
    pub(crate) fn draft(&self) -> Result<Draft, Problem> {
        Ok(Draft {
            start: self.start,
            end: self.end,
            zone: zone(&self.zone).map_err(|_| Problem::from(ProblemType::Internal))?,
            description: self.description.clone(),
            project_id: self.project_id,
            task_id: self.task_id,
            tag_ids: self.tag_ids.clone(),
            billable: self.billable,
        })
    }
}

/// What a person says of an entry beside its time.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = NewTimeEntry, example = json!({
    "start": "2026-05-04T09:00:00+02:00", "end": "2026-05-04T10:30:00+02:00", "zone": "Europe/Zurich",
    "description": "Plan the week"})))]
pub struct EntryWish {
    /// When it began, with its offset.
    #[cfg_attr(feature = "openapi", schema(value_type = DateTime<Utc>))]
    pub(crate) start: Instant,
    /// When it ended; absent or null for a running entry.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<DateTime<Utc>>))]
    pub(crate) end: Option<Instant>,
    /// An IANA zone; that of the profile where nothing is said.
    #[cfg_attr(feature = "openapi", schema(max_length = 64))]
    pub(crate) zone: Option<String>,
    /// What was done.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 1000))]
    pub(crate) description: String,
    /// What it was done for.
    pub(crate) project_id: Option<Uuid>,
    /// Which task of the project.
    pub(crate) task_id: Option<Uuid>,
    /// Its tags.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_items = 20))]
    pub(crate) tag_ids: Vec<Uuid>,
    /// Whether somebody pays for it.
    #[serde(default)]
    pub(crate) billable: bool,
}

impl EntryWish {
    /// The zone that it names.
    pub(crate) fn named_zone(&self) -> Result<Option<Tz>, Problem> {
        self.zone.as_deref().map(zone).transpose()
    }

    /// The checked fields.
    pub(crate) fn checked(&self, zone: Tz, now: DateTime<Utc>) -> Result<Fields, Problem> {
        let (Instant(start), end) = (self.start, self.end.map(|Instant(at)| at));
        let draft = Draft {
            start: if end.is_none() { seen_by_us(start, now) } else { start },
            end,
            zone,
            description: self.description.clone(),
            project_id: self.project_id,
            task_id: self.task_id,
            tag_ids: self.tag_ids.clone(),
            billable: self.billable,
        };
        Ok(draft.checked(now)?)
    }
}

/// Read an IANA zone.
pub(crate) fn zone(name: &str) -> Result<Tz, Problem> {
    name.parse().map_err(|_| {
        Problem::new(ProblemType::Invalid, "An IANA time zone such as Europe/Zurich.").field("zone")
    })
}

/// The arguments of `tracking.create_entry`, and with a version those of `tracking.change_entry`.
pub(crate) fn arguments(id: Uuid, version: Option<i64>, fields: &Fields) -> Json {
    let draft = fields.draft();
    json!({
        "id": id,
        "version": version,
        "start": draft.start,
        "end": draft.end,
        "zone": draft.zone.name(),
        "description": draft.description,
        "project_id": draft.project_id,
        "task_id": draft.task_id,
        "tag_ids": draft.tag_ids,
        "billable": draft.billable,
        "days": fields.days(),
    })
}
