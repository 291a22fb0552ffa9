//! Events of what entries name: projects, clients, tasks and tags. One form for all four.

use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

use crate::envelope::{Actor, Envelope, Head, Unreadable, check};

const V1: &str = "/schemas/catalogue-event-v1.json";

/// An event of a project, client, task or tag.
pub type CatalogueEvent = Envelope<CatalogueChange>;

/// Which of the four it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// What time is spent on.
    Project,
    /// For whom projects are.
    Client,
    /// A part of a project.
    Task,
    /// A word on an entry.
    Tag,
}

impl Kind {
    /// All four.
    pub const ALL: [Self; 4] = [Self::Project, Self::Client, Self::Task, Self::Tag];

    /// The name in event types and routing keys.
    pub fn name(self) -> &'static str {
        match self {
            Self::Project => "project",
            Self::Client => "client",
            Self::Task => "task",
            Self::Tag => "tag",
        }
    }
}

/// What happened, complete: a reader needs nothing else.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct CatalogueChange {
    /// The project, client, task or tag.
    pub id: Uuid,
    /// In whose log the event is: who made the change.
    pub user_id: Uuid,
    /// The version after the change; a reader keeps the highest.
    pub version: i64,
    /// The number of this event in that log, without gaps.
    pub user_seq: i64,
    /// Who did it.
    pub actor: Actor,
    /// The state before; none for a new one.
    pub before: Option<ItemState>,
    /// The state after; none for a deleted one.
    pub after: Option<ItemState>,
}

impl CatalogueChange {
    /// The last state that is known: after a deletion, the one before it.
    pub fn last(&self) -> Option<&ItemState> {
        self.after.as_ref().or(self.before.as_ref())
    }
}

/// A project, client, task or tag at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ItemState {
    /// Its name.
    pub name: String,
    /// `#rrggbb`.
    pub color: String,
    /// Whether it is offered no more; what names it stays.
    pub archived: bool,
    /// A project's client, if it has one.
    pub client_id: Option<Uuid>,
    /// A task's project.
    pub project_id: Option<Uuid>,
}

impl ItemState {
    /// What it belongs to: a project's client, a task's project.
    pub fn parent(&self) -> Option<Uuid> {
        self.client_id.or(self.project_id)
    }

    fn fits(&self, kind: Kind) -> bool {
        match kind {
            Kind::Project => self.project_id.is_none(),
            Kind::Task => self.client_id.is_none() && self.project_id.is_some(),
            Kind::Client | Kind::Tag => self.parent().is_none(),
        }
    }
}

pub(crate) fn read(
    document: Value,
    head: &Head,
    kind: Kind,
    verb: &str,
) -> Result<CatalogueEvent, Unreadable> {
    if head.dataschema != V1 || !matches!(verb, "created" | "changed" | "deleted") {
        return Err(head.unknown());
    }
    let event: CatalogueEvent = serde_json::from_value(document)?;
    let data = &event.data;
    check(event.subject, data.id, data.version, verb, data.after.is_some())?;
    if data.last().is_none() {
        return Err(Unreadable::Contradiction("it tells of no state at all"));
    }
    if ![&data.before, &data.after].into_iter().flatten().all(|state| state.fits(kind)) {
        return Err(Unreadable::Contradiction("a task belongs to a project, a project at most to a client"));
    }
    Ok(event)
}
