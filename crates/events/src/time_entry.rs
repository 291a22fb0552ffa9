//! Events of time entries: the current form is version 3, which tells of money and of rounded time by day.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::envelope::{Actor, Envelope, Head, Unreadable, check};

const V1: &str = "/schemas/time-entry-event-v1.json";
const V2: &str = "/schemas/time-entry-event-v2.json";
const V3: &str = "/schemas/time-entry-event-v3.json";

/// An event of a time entry.
pub type TimeEntryEvent = Envelope<TimeEntryChange>;

/// What happened to an entry, complete: a reader needs nothing else.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TimeEntryChange {
    /// The entry.
    pub entry_id: Uuid,
    /// Its owner.
    pub user_id: Uuid,
    /// The entry's version after the change; a reader keeps the highest.
    pub version: i64,
    /// The number of this event among the owner's, without gaps.
    pub user_seq: i64,
    /// Who did it.
    pub actor: Actor,
    /// The entry before; none for a new one.
    pub before: Option<EntryState>,
    /// The entry after; none for a deleted one.
    pub after: Option<EntryState>,
    /// What an hour costs, in the currency's smallest unit; none while there are no rates.
    #[serde(deserialize_with = "Option::deserialize")] // null is an answer, nothing is none
    pub rate: Option<i64>,
    /// The ISO 4217 currency of rate and amounts.
    #[serde(deserialize_with = "Option::deserialize")]
    pub currency: Option<String>,
    /// The time after the change, by day in the entry's zone; empty while it runs and once it is deleted.
    pub days: Vec<Day>,
}

/// An entry at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryState {
    /// When it began.
    pub start: DateTime<Utc>,
    /// When it ended; none while it runs.
    pub end: Option<DateTime<Utc>>,
    /// The IANA zone whose midnights cut it.
    pub zone: String,
    /// What was done.
    pub description: String,
    /// What it was done for.
    #[serde(deserialize_with = "Option::deserialize")]
    pub project_id: Option<Uuid>,
    /// The part of the project.
    #[serde(deserialize_with = "Option::deserialize")]
    pub task_id: Option<Uuid>,
    /// Its tags.
    pub tag_ids: Vec<Uuid>,
    /// Whether a client pays for it.
    pub billable: bool,
}

/// One day's share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Day {
    /// The day in the entry's zone.
    pub date: NaiveDate,
    /// Seconds on that day.
    pub seconds: i64,
    /// The same after rounding.
    pub rounded_seconds: i64,
    /// Its money, in the currency's smallest unit.
    #[serde(deserialize_with = "Option::deserialize")]
    pub amount: Option<i64>,
}

impl TimeEntryEvent {
    /// Read a message that is known to be of a time entry.
    ///
    /// # Errors
    /// As [`crate::Event::parse`]; an event of something else is unknown here.
    pub fn parse(body: &[u8]) -> Result<Self, Unreadable> {
        match crate::Event::parse(body)? {
            crate::Event::TimeEntry(event) => Ok(event),
            other => Err(Unreadable::Unknown(other.kind().to_owned())),
        }
    }
}

pub(crate) fn read(mut document: Value, head: &Head, verb: &str) -> Result<TimeEntryEvent, Unreadable> {
    if !matches!(verb, "created" | "changed" | "deleted" | "restored") {
        return Err(head.unknown());
    }
    match head.dataschema.as_str() {
        V1 => {
            name_nothing(&mut document);
            cost_nothing(&mut document);
        }
        V2 => cost_nothing(&mut document),
        V3 => {}
        _ => return Err(head.unknown()),
    }
    let event: TimeEntryEvent = serde_json::from_value(document)?;
    let data = &event.data;
    check(event.subject, data.entry_id, data.version, verb, data.after.is_some())?;
    if data.after.is_none() && !data.days.is_empty() {
        return Err(Unreadable::Contradiction("a deleted entry has no time"));
    }
    if data.days.iter().any(|day| day.seconds <= 0) {
        return Err(Unreadable::Contradiction("a day's share is more than zero"));
    }
    Ok(event)
}

/// Version 1 named its project by a text, which names nothing any more, and knew nothing else that
/// version 2 added.
fn name_nothing(document: &mut Value) {
    for moment in ["/data/before", "/data/after"] {
        if let Some(Value::Object(state)) = document.pointer_mut(moment) {
            state.insert("project_id".to_owned(), Value::Null);
            state.insert("task_id".to_owned(), Value::Null);
            state.insert("tag_ids".to_owned(), json!([]));
            state.insert("billable".to_owned(), json!(false));
        }
    }
}

/// Version 2 knew neither money nor rounding.
fn cost_nothing(document: &mut Value) {
    if let Some(Value::Object(data)) = document.pointer_mut("/data") {
        data.insert("rate".to_owned(), Value::Null);
        data.insert("currency".to_owned(), Value::Null);
    }
    if let Some(Value::Array(days)) = document.pointer_mut("/data/days") {
        for day in days.iter_mut().filter_map(Value::as_object_mut) {
            day.insert("rounded_seconds".to_owned(), day.get("seconds").cloned().unwrap_or_default());
            day.insert("amount".to_owned(), Value::Null);
        }
    }
}
