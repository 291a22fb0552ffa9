//! `POST /api/v1/time-entries`: an entry with an end, or one that runs.

use api::{Call, Problem, Reply, json_body};
use chrono::{DateTime, Utc};
use domain::Fields;
use http::StatusCode;
use http::header::LOCATION;
use serde::Deserialize;
use uuid::Uuid;

use crate::TimeEntries;
use crate::views::{EntryView, done, zone};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CreateEntry {
    start: DateTime<Utc>,
    end: Option<DateTime<Utc>>,
    zone: Option<String>,
    #[serde(default)]
    description: String,
    project: Option<String>,
}

pub(crate) async fn create_entry(entries: &impl TimeEntries, call: Call) -> Result<Reply, Problem> {
    let wish: CreateEntry = json_body(&call.body)?;
    let zone = zone(wish.zone.as_deref().unwrap_or("UTC"))?;
    let fields = Fields::new(wish.start, wish.end, zone, &wish.description, wish.project.as_deref())?;
    let written = entries.create(&call.caller, &call.trace, Uuid::new_v4(), fields).await?;
    let entry = done(written)?;
    Ok(Reply::json(StatusCode::CREATED, &EntryView::from(&entry))?
        .header(LOCATION, &format!("/api/v1/time-entries/{}", entry.id)))
}
