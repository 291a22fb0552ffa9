//! The use cases over a store in memory: fast, and held to the same suite as PostgreSQL.

#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

mod suite;

use std::cell::RefCell;

use api::sql::Error;
use api::{Caller, TraceParent};
use chrono::Utc;
use domain::{Entry, Fields};
use endpoints_time_entries::{Filter, TimeEntries, Written};
use uuid::Uuid;

#[derive(Default)]
struct InMemory(RefCell<Vec<Entry>>);

impl InMemory {
    /// The rules that PostgreSQL keeps by its constraints.
    fn conflict(&self, user: Uuid, except: Uuid, fields: &Fields) -> Option<Written> {
        let entries = self.0.borrow();
        let mut others = entries.iter().filter(|entry| entry.user_id == user && entry.id != except);
        let Some(end) = fields.end() else {
            return others
                .find(|other| other.fields.end().is_none())
                .map(|other| Written::Running(Some(other.id)));
        };
        others
            .filter(|other| {
                other
                    .fields
                    .end()
                    .is_some_and(|other_end| other.fields.start() < end && fields.start() < other_end)
            })
            .min_by_key(|other| other.fields.start())
            .map(|other| Written::Overlap(Some(other.id)))
    }
}

impl TimeEntries for InMemory {
    async fn create(
        &self,
        caller: &Caller,
        _: &TraceParent,
        id: Uuid,
        fields: Fields,
    ) -> Result<Written, Error> {
        if let Some(conflict) = self.conflict(caller.id, id, &fields) {
            return Ok(conflict);
        }
        let now = Utc::now();
        let entry = Entry { id, user_id: caller.id, version: 1, fields, created_at: now, updated_at: now };
        self.0.borrow_mut().push(entry.clone());
        Ok(Written::Done(entry))
    }

    async fn change(
        &self,
        caller: &Caller,
        _: &TraceParent,
        id: Uuid,
        version: i64,
        fields: Fields,
    ) -> Result<Written, Error> {
        let Some(old) = self.find(caller.id, id).await? else { return Ok(Written::NotFound) };
        if old.version != version {
            return Ok(Written::Stale);
        }
        if let Some(conflict) = self.conflict(caller.id, id, &fields) {
            return Ok(conflict);
        }
        let new = Entry { version: version + 1, fields, updated_at: Utc::now(), ..old };
        self.0.borrow_mut().retain(|entry| entry.id != id);
        self.0.borrow_mut().push(new.clone());
        Ok(Written::Done(new))
    }

    async fn delete(&self, caller: &Caller, _: &TraceParent, id: Uuid) -> Result<bool, Error> {
        let there = self.find(caller.id, id).await?.is_some();
        self.0.borrow_mut().retain(|entry| entry.id != id || entry.user_id != caller.id);
        Ok(there)
    }

    async fn find(&self, user: Uuid, id: Uuid) -> Result<Option<Entry>, Error> {
        Ok(self.0.borrow().iter().find(|entry| entry.id == id && entry.user_id == user).cloned())
    }

    async fn list(&self, user: Uuid, filter: &Filter, limit: usize) -> Result<Vec<Entry>, Error> {
        let mut found: Vec<Entry> = self
            .0
            .borrow()
            .iter()
            .filter(|entry| entry.user_id == user)
            .filter(|entry| filter.from.is_none_or(|from| entry.fields.end().is_none_or(|end| end > from)))
            .filter(|entry| filter.to.is_none_or(|to| entry.fields.start() < to))
            .filter(|entry| {
                filter
                    .after
                    .as_ref()
                    .is_none_or(|after| (entry.fields.start(), entry.id) < (after.start, after.id))
            })
            .cloned()
            .collect();
        found.sort_by_key(|entry| std::cmp::Reverse((entry.fields.start(), entry.id)));
        found.truncate(limit);
        Ok(found)
    }
}

async fn store() -> InMemory {
    InMemory::default()
}

suite::tests!(store);
