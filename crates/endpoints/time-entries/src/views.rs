//! An entry as the API shows it, and how refusals of a write read.

use api::{Problem, ProblemType};
use chrono::{DateTime, SecondsFormat, Utc};
use chrono_tz::Tz;
use domain::Entry;
use serde::Serialize;
use uuid::Uuid;

use crate::Written;

/// A time entry in an answer. Instants are RFC 3339 in UTC.
#[derive(Debug, Serialize)]
pub struct EntryView {
    id: Uuid,
    user_id: Uuid,
    start: String,
    end: Option<String>,
    zone: &'static str,
    seconds: Option<i64>,
    description: String,
    project: Option<String>,
    version: i64,
    created_at: String,
    updated_at: String,
}

impl From<&Entry> for EntryView {
    fn from(entry: &Entry) -> Self {
        let fields = &entry.fields;
        Self {
            id: entry.id,
            user_id: entry.user_id,
            start: instant(fields.start()),
            end: fields.end().map(instant),
            zone: fields.zone().name(),
            seconds: fields.seconds(),
            description: fields.description().to_owned(),
            project: fields.project().map(str::to_owned),
            version: entry.version,
            created_at: instant(entry.created_at),
            updated_at: instant(entry.updated_at),
        }
    }
}

fn instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

/// Read an IANA zone.
pub(crate) fn zone(name: &str) -> Result<Tz, Problem> {
    name.parse().map_err(|_| {
        Problem::new(ProblemType::Invalid, format!("`{name}` is no IANA time zone such as Europe/Zurich."))
            .field("zone")
    })
}

/// The entry, or why there is none. `Stale` never comes here: the use case tries again.
pub(crate) fn done(written: Written) -> Result<Entry, Problem> {
    let conflict = |problem: Problem, id: Option<Uuid>| match id {
        Some(id) => problem.with("conflict", id.to_string()),
        None => problem,
    };
    match written {
        Written::Done(entry) => Ok(entry),
        Written::NotFound => Err(Problem::not_found()),
        Written::Stale => Err(Problem::new(ProblemType::Contended, "Read the entry again, then change it.")),
        Written::Overlap(id) => Err(conflict(
            Problem::new(ProblemType::Overlap, "Two entries cannot share time: move the start or the end.")
                .field("start"),
            id,
        )),
        Written::Running(id) => Err(conflict(
            Problem::new(ProblemType::TimerRunning, "Stop the running entry first.").field("end"),
            id,
        )),
    }
}
