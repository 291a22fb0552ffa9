//! What all events have in common.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

/// What every event's type begins with.
const PREFIX: &str = "timetracker.";

/// A CloudEvents 1.0 envelope around what happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Envelope<T> {
    /// Always `1.0`.
    pub specversion: String,
    /// The event's own id: the same at each repeat.
    pub id: Uuid,
    /// Who says it.
    pub source: String,
    /// `timetracker.time_entry.created`, `timetracker.project.changed`, …
    #[serde(rename = "type")]
    pub kind: String,
    /// The id of what it happened to.
    pub subject: Uuid,
    /// When it was committed.
    pub time: DateTime<Utc>,
    /// Always `application/json`.
    pub datacontenttype: String,
    /// The form of `data` that the message was written in.
    pub dataschema: String,
    /// The W3C trace that the change belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub traceparent: Option<String>,
    /// What happened.
    pub data: T,
}

/// Who made a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// Keycloak's user id.
    pub id: Uuid,
    /// The name at that time.
    pub name: String,
}

/// Why a message is no event that this version understands.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// Not JSON, or a field is missing or wrong.
    #[error("not an event: {0}")]
    Form(#[from] serde_json::Error),
    /// An event of another type, or in a form of another generation.
    #[error("not an event that is understood here: {0}")]
    Unknown(String),
    /// The parts contradict each other.
    #[error("an event that contradicts itself: {0}")]
    Contradiction(&'static str),
}

/// What decides how the rest is read.
#[derive(Deserialize)]
pub(crate) struct Head {
    specversion: String,
    #[serde(rename = "type")]
    kind: String,
    pub(crate) dataschema: String,
}

impl Head {
    pub(crate) fn read(document: &Value) -> Result<Self, Unreadable> {
        let head = Self::deserialize(document)?;
        if head.specversion == "1.0" { Ok(head) } else { Err(head.unknown()) }
    }

    /// What happened, if it happened to something of this name.
    pub(crate) fn verb_of(&self, aggregate: &str) -> Option<&str> {
        self.kind.strip_prefix(PREFIX)?.strip_prefix(aggregate)?.strip_prefix('.')
    }

    pub(crate) fn unknown(&self) -> Unreadable {
        Unreadable::Unknown(format!("{} in {} ({})", self.kind, self.dataschema, self.specversion))
    }
}

/// What must hold in every event of a versioned thing.
pub(crate) fn check(
    subject: Uuid,
    id: Uuid,
    version: i64,
    verb: &str,
    living: bool,
) -> Result<(), Unreadable> {
    if subject != id {
        return Err(Unreadable::Contradiction("the subject is not what the data tell of"));
    }
    if version < 1 {
        return Err(Unreadable::Contradiction("versions begin at 1"));
    }
    if living == (verb == "deleted") {
        return Err(Unreadable::Contradiction("what is deleted has no state after it, all else has one"));
    }
    Ok(())
}
