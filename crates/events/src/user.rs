//! Events of people: what reports call them, and the preferences that reports keep to.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::envelope::{Actor, Envelope, Head, Unreadable, check};

const V1: &str = "/schemas/user-event-v1.json";

/// An event of a person.
pub type UserEvent = Envelope<UserChange>;

/// What is new of a person, complete.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserChange {
    /// The person.
    pub user_id: Uuid,
    /// The same as `user_seq`: a reader keeps the highest.
    pub version: i64,
    /// The number of this event among the person's, without gaps.
    pub user_seq: i64,
    /// Who did it.
    pub actor: Actor,
    /// The state before; none for a new person.
    pub before: Option<UserState>,
    /// The state after.
    pub after: UserState,
}

/// A person at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserState {
    /// The login.
    pub username: String,
    /// The name.
    pub name: String,
    /// The IANA zone of new entries, and of "today".
    pub zone: String,
    /// `en`, `fr` or `de`.
    pub locale: String,
    /// `iso`, `monday` or `sunday`.
    pub week_start: String,
    /// What a day should have, in minutes.
    pub daily_target_minutes: i64,
}

pub(crate) fn read(document: Value, head: &Head, verb: &str) -> Result<UserEvent, Unreadable> {
    if head.dataschema != V1 || !matches!(verb, "created" | "changed") {
        return Err(head.unknown());
    }
    let event: UserEvent = serde_json::from_value(document)?;
    check(event.subject, event.data.user_id, event.data.version, verb, true)?;
    Ok(event)
}
