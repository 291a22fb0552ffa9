//! What the use cases need of a store. All of it is about one person: a store never shows another's entry.

use std::future::Future;

use api::sql::Error;
use api::{Caller, TraceParent};
use chrono::{DateTime, Utc};
use domain::{Entry, Fields};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Which entries to list; newest first.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Filter {
    /// Entries that end after this, or still run.
    pub from: Option<DateTime<Utc>>,
    /// Entries that start before this.
    pub to: Option<DateTime<Utc>>,
    /// Go on after this entry.
    pub after: Option<Position>,
}

/// Where an entry stands in the list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Position {
    /// Its start.
    pub start: DateTime<Utc>,
    /// Its id, for entries that start together.
    pub id: Uuid,
}

/// What came of a write.
#[derive(Debug, Clone, PartialEq)]
pub enum Written {
    /// It was written; the entry as it is now.
    Done(Entry),
    /// There is no such living entry of this person.
    NotFound,
    /// The entry has another version by now.
    Stale,
    /// It would overlap this entry.
    Overlap(Option<Uuid>),
    /// This entry is running already.
    Running(Option<Uuid>),
}

/// A person's time entries.
pub trait TimeEntries {
    /// Write a new entry.
    fn create(
        &self,
        caller: &Caller,
        trace: &TraceParent,
        id: Uuid,
        fields: Fields,
    ) -> impl Future<Output = Result<Written, Error>>;

    /// Replace the fields of an entry that still has `version`.
    fn change(
        &self,
        caller: &Caller,
        trace: &TraceParent,
        id: Uuid,
        version: i64,
        fields: Fields,
    ) -> impl Future<Output = Result<Written, Error>>;

    /// Delete an entry; answers whether there was one.
    fn delete(
        &self,
        caller: &Caller,
        trace: &TraceParent,
        id: Uuid,
    ) -> impl Future<Output = Result<bool, Error>>;

    /// Read an entry.
    fn find(&self, user: Uuid, id: Uuid) -> impl Future<Output = Result<Option<Entry>, Error>>;

    /// List at most `limit` entries, newest first.
    fn list(
        &self,
        user: Uuid,
        filter: &Filter,
        limit: usize,
    ) -> impl Future<Output = Result<Vec<Entry>, Error>>;
}
