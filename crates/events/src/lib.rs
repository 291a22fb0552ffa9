//! The event contract: what the Time Entry Service commits to its outbox and its readers understand.
//!
//! The envelope is CloudEvents 1.0 in its structured JSON mode. It is written by one database function
//! (`migrations/functions/tracking.03_record_event.sql`), so this crate only reads it; the files in `golden/`
//! pin the form for both sides.

mod catalogue;
mod envelope;
mod time_entry;
mod user;

pub use catalogue::{CatalogueChange, CatalogueEvent, ItemState, Kind};
pub use envelope::{Actor, Envelope, Unreadable};
pub use time_entry::{Day, EntryState, TimeEntryChange, TimeEntryEvent};
pub use user::{UserChange, UserEvent, UserState};

use chrono::{DateTime, Utc};
use uuid::Uuid;

use envelope::Head;

/// An event that this version understands.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// Something happened to a time entry.
    TimeEntry(TimeEntryEvent),
    /// Something happened to a project, client, task or tag.
    Catalogue(Kind, CatalogueEvent),
    /// Something is new of a person.
    User(UserEvent),
}

impl Event {
    /// Read a message's body.
    ///
    /// # Errors
    /// See [`Unreadable`]. Fields that are not known are passed over: a later version may add some. A type
    /// or a `dataschema` that is not known is refused: what it means cannot be guessed.
    pub fn parse(body: &[u8]) -> Result<Self, Unreadable> {
        let document: serde_json::Value = serde_json::from_slice(body)?;
        let head = Head::read(&document)?;
        if let Some(verb) = head.verb_of("time_entry") {
            return time_entry::read(document, &head, verb).map(Self::TimeEntry);
        }
        if let Some(verb) = head.verb_of("user") {
            return user::read(document, &head, verb).map(Self::User);
        }
        let found = Kind::ALL.into_iter().find_map(|kind| Some((kind, head.verb_of(kind.name())?)));
        let (kind, verb) = found.ok_or_else(|| head.unknown())?;
        catalogue::read(document, &head, kind, verb).map(|event| Self::Catalogue(kind, event))
    }

    /// The event's own id: the same at each repeat.
    pub fn id(&self) -> Uuid {
        match self {
            Self::TimeEntry(event) => event.id,
            Self::Catalogue(_, event) => event.id,
            Self::User(event) => event.id,
        }
    }

    /// Its type: `timetracker.time_entry.created`, …
    pub fn kind(&self) -> &str {
        match self {
            Self::TimeEntry(event) => &event.kind,
            Self::Catalogue(_, event) => &event.kind,
            Self::User(event) => &event.kind,
        }
    }

    /// When it was committed.
    pub fn time(&self) -> DateTime<Utc> {
        match self {
            Self::TimeEntry(event) => event.time,
            Self::Catalogue(_, event) => event.time,
            Self::User(event) => event.time,
        }
    }

    /// The W3C trace that the change belongs to.
    pub fn traceparent(&self) -> Option<&str> {
        match self {
            Self::TimeEntry(event) => event.traceparent.as_deref(),
            Self::Catalogue(_, event) => event.traceparent.as_deref(),
            Self::User(event) => event.traceparent.as_deref(),
        }
    }
}

#[cfg(test)]
mod tests;
