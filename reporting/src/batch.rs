//! Events as `reporting.apply` takes them: many in one call.

use chrono::{DateTime, Utc};
use events::{CatalogueChange, Event, Kind, UserChange};
use serde_json::{Value, json};

use crate::Failure;

/// Events that are applied together, in one transaction.
#[derive(Debug, Default)]
pub struct Batch {
    entries: Vec<Value>,
    items: Vec<Value>,
    people: Vec<Value>,
    last_event_at: Option<DateTime<Utc>>,
}

impl Batch {
    /// Add an event.
    ///
    /// # Errors
    /// [`Failure::Message`] for one that tells of nothing.
    pub fn add(&mut self, event: &Event) -> Result<(), Failure> {
        match event {
            Event::TimeEntry(event) => self.entries.push(
                serde_json::to_value(&event.data).map_err(|error| Failure::Message(error.to_string()))?,
            ),
            Event::Catalogue(kind, event) => self.items.push(item(*kind, &event.data)?),
            Event::User(event) => self.people.push(person(&event.data)),
        }
        self.last_event_at = self.last_event_at.max(Some(event.time()));
        Ok(())
    }

    pub(crate) fn to_json(&self) -> Value {
        json!({ "entries": self.entries, "items": self.items, "people": self.people,
            "last_event_at": self.last_event_at })
    }
}

fn item(kind: Kind, data: &CatalogueChange) -> Result<Value, Failure> {
    // What is deleted keeps its last name: time that was spent on it is still told by it.
    let last = data.last().ok_or_else(|| Failure::Message("it tells of no state at all".to_owned()))?;
    Ok(json!({ "kind": kind.name(), "id": data.id, "version": data.version, "name": last.name,
        "color": last.color, "archived": last.archived, "parent": last.parent(), "deleted": data.after.is_none() }))
}

fn person(data: &UserChange) -> Value {
    json!({ "id": data.user_id, "version": data.version, "username": data.after.username,
        "name": data.after.name, "zone": data.after.zone, "locale": data.after.locale,
        "week_start": data.after.week_start, "daily_target_minutes": data.after.daily_target_minutes })
}
