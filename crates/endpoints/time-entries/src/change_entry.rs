//! `PATCH /api/v1/time-entries/:id`: a JSON merge patch (RFC 7396). What is absent stays; `null` clears,
//! so that `{"end": null}` lets an entry run again.

use api::{Call, Problem, Reply, double_option, json_body, path_id};
use chrono::{DateTime, Utc};
use domain::Fields;
use http::StatusCode;
use serde::Deserialize;

use crate::views::{EntryView, done, zone};
use crate::{TimeEntries, Written};

/// How often a change is tried again when somebody else's came between reading and writing.
const TRIES: usize = 5;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChangeEntry {
    start: Option<DateTime<Utc>>,
    #[serde(default, deserialize_with = "double_option")]
    end: Option<Option<DateTime<Utc>>>,
    zone: Option<String>,
    description: Option<String>,
    #[serde(default, deserialize_with = "double_option")]
    project: Option<Option<String>>,
}

impl ChangeEntry {
    fn applied_to(&self, old: &Fields) -> Result<Fields, Problem> {
        let zone = self.zone.as_deref().map_or(Ok(old.zone()), zone)?;
        let project = self.project.as_ref().map_or(old.project(), Option::as_deref);
        Ok(Fields::new(
            self.start.unwrap_or(old.start()),
            self.end.unwrap_or(old.end()),
            zone,
            self.description.as_deref().unwrap_or(old.description()),
            project,
        )?)
    }
}

pub(crate) async fn change_entry(entries: &impl TimeEntries, call: Call) -> Result<Reply, Problem> {
    let id = path_id(&call.id)?;
    let wish: ChangeEntry = json_body(&call.body)?;
    let mut written = Written::Stale;
    for _ in 0..TRIES {
        let old = entries.find(call.caller.id, id).await?.ok_or_else(Problem::not_found)?;
        let fields = wish.applied_to(&old.fields)?;
        if fields == old.fields {
            return Reply::json(StatusCode::OK, &EntryView::from(&old));
        }
        written = entries.change(&call.caller, &call.trace, id, old.version, fields).await?;
        if written != Written::Stale {
            break;
        }
    }
    Reply::json(StatusCode::OK, &EntryView::from(&done(written)?))
}
