//! The event contract: what the Time Entry Service commits to its outbox and the reporting consumer reads.
//!
//! The envelope is CloudEvents 1.0 in its structured JSON mode. It is written by one database function
//! (`migrations/functions/tracking.record_event.sql`), so this crate only reads it; the files in `golden/`
//! pin the form for both sides.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The topic exchange of all events.
pub const EXCHANGE: &str = "timetracker.events";
/// What every type of a time entry's events begins with.
const TIME_ENTRY: &str = "timetracker.time_entry.";

/// An event of a time entry.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TimeEntryEvent {
    /// Always `1.0`.
    pub specversion: String,
    /// The event's own id: the same at each repeat.
    pub id: Uuid,
    /// Who says it.
    pub source: String,
    /// `timetracker.time_entry.created`, `.changed` or `.deleted`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The entry's id.
    pub subject: Uuid,
    /// When it was committed.
    pub time: DateTime<Utc>,
    /// Always `application/json`.
    pub datacontenttype: String,
    /// The form of `data`.
    pub dataschema: String,
    /// The W3C trace that the change belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub traceparent: Option<String>,
    /// What happened.
    pub data: TimeEntryChange,
}

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
    /// The time after the change, by day in the entry's zone; empty while it runs and once it is deleted.
    pub days: Vec<Day>,
}

/// Who made a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// Keycloak's user id.
    pub id: Uuid,
    /// The name at that time.
    pub name: String,
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
    pub project: Option<String>,
}

/// One day's share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Day {
    /// The day in the entry's zone.
    pub date: NaiveDate,
    /// Seconds on that day.
    pub seconds: i64,
}

/// Why a message is no event that this version understands.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// Not JSON, or a field is missing or wrong.
    #[error("not an event of a time entry: {0}")]
    Form(#[from] serde_json::Error),
    /// An event of another kind or another generation of the envelope.
    #[error("not an event that is understood here: {0}")]
    Kind(String),
    /// The parts contradict each other.
    #[error("an event that contradicts itself: {0}")]
    Contradiction(&'static str),
}

impl TimeEntryEvent {
    /// Read a message's body.
    ///
    /// # Errors
    /// See [`Unreadable`]. Fields that are not known are passed over: a later version may add some.
    pub fn parse(body: &[u8]) -> Result<Self, Unreadable> {
        let event: Self = serde_json::from_slice(body)?;
        if event.specversion != "1.0" || !event.kind.starts_with(TIME_ENTRY) {
            return Err(Unreadable::Kind(format!("{} ({})", event.kind, event.specversion)));
        }
        let data = &event.data;
        if data.entry_id != event.subject {
            return Err(Unreadable::Contradiction("the subject is not the entry"));
        }
        if data.version < 1 {
            return Err(Unreadable::Contradiction("versions begin at 1"));
        }
        if data.after.is_none() && !data.days.is_empty() {
            return Err(Unreadable::Contradiction("a deleted entry has no time"));
        }
        if data.days.iter().any(|day| day.seconds <= 0) {
            return Err(Unreadable::Contradiction("a day's share is more than zero"));
        }
        Ok(event)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOLDEN: [&str; 3] = [
        include_str!("../golden/time-entry-created.json"),
        include_str!("../golden/time-entry-changed.json"),
        include_str!("../golden/time-entry-deleted.json"),
    ];

    #[test]
    fn golden_events_are_read_and_nothing_of_them_is_lost() {
        for golden in GOLDEN {
            let event = TimeEntryEvent::parse(golden.as_bytes()).unwrap();
            let expected: serde_json::Value = serde_json::from_str(golden).unwrap();
            let again = serde_json::to_value(&event).unwrap();
            assert_eq!(instants(again), instants(expected));
        }
    }

    /// chrono leaves out zero microseconds that PostgreSQL writes.
    fn instants(value: serde_json::Value) -> String {
        value.to_string().replace(".000000Z", "Z")
    }

    #[test]
    fn what_contradicts_itself_is_refused() {
        let changes: [(&str, &str); 5] = [
            ("/specversion", "\"0.3\""),
            ("/type", "\"timetracker.project.created\""),
            ("/subject", "\"0b6f0f3e-6f6e-4c59-9e43-1f6d3f8f2f10\""),
            ("/data/version", "0"),
            ("/data/days/0/seconds", "-5"),
        ];
        for (pointer, value) in changes {
            let mut event: serde_json::Value = serde_json::from_str(GOLDEN[0]).unwrap();
            *event.pointer_mut(pointer).unwrap() = serde_json::from_str(value).unwrap();
            assert!(TimeEntryEvent::parse(event.to_string().as_bytes()).is_err(), "{pointer}");
        }
        let mut zombie: serde_json::Value = serde_json::from_str(GOLDEN[0]).unwrap();
        zombie["data"]["after"] = serde_json::Value::Null;
        assert!(TimeEntryEvent::parse(zombie.to_string().as_bytes()).is_err());
    }

    #[test]
    fn what_is_no_event_is_refused() {
        for body in [&b""[..], b"{", b"[]", b"{}", b"\xff"] {
            assert!(matches!(TimeEntryEvent::parse(body), Err(Unreadable::Form(_))));
        }
    }
}
