//! Looks for changes, for all streams of an instance at once: one small query a second, whoever of them is first to
//! find it due. There is no task of its own that could be left behind, and no stream wakes another: each comes by
//! several times a second and takes what is there for it.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use api::Outlet;
use api::sql::{Database, Error};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use uuid::Uuid;

use crate::sse::Change;

const CHANGES: &str = include_str!("sql/changes.sql");

/// The time between two looks.
const BETWEEN: TimeDelta = TimeDelta::seconds(1);

/// The most changes that one look takes for one stream.
const AT_ONCE: usize = 100;

/// The streams of an instance.
#[derive(Default)]
pub(crate) struct Hub {
    seats: RefCell<BTreeMap<i64, Seat>>,
    given: Cell<i64>,
    looked: Cell<Option<DateTime<Utc>>>,
    looking: Cell<bool>,
}

/// One stream.
struct Seat {
    reader: Uuid,
    after: i64,
    inbox: Vec<Change>,
}

/// A stream's place in the hub, given up when it is dropped.
pub(crate) struct Place {
    hub: Rc<Hub>,
    seat: i64,
}

thread_local! {
    static HUB: Rc<Hub> = Rc::default();
}

pub(crate) fn of_this_instance() -> Rc<Hub> {
    HUB.with(Rc::clone)
}

impl Hub {
    /// Take a place for the changes of `reader` after the number `after`.
    pub(crate) fn join(self: &Rc<Self>, reader: Uuid, after: i64) -> Place {
        let seat = self.given.get() + 1;
        self.given.set(seat);
        self.seats.borrow_mut().insert(seat, Seat { reader, after, inbox: Vec::new() });
        Place { hub: Rc::clone(self), seat }
    }

    /// Look for changes if it is time to, unless another stream is at it. A look that fails is made again at its next
    /// time: the streams are there, and end by themselves.
    pub(crate) async fn look(&self, outlet: &impl Outlet) {
        let now = outlet.now();
        // A clock that was set back must not stop us.
        let recently = |last: DateTime<Utc>| (TimeDelta::zero()..BETWEEN).contains(&(now - last));
        if self.looking.get() || self.looked.get().is_some_and(recently) {
            return;
        }
        let _turn = Turn::begin(&self.looking);
        self.looked.set(Some(now));
        let _ = self.fetch(&outlet.database()).await;
    }

    /// Fetch what is new into the inboxes.
    async fn fetch(&self, db: &impl Database) -> Result<(), Error> {
        // Who has not taken what is there gets no more yet: a slow reader does not fill our memory.
        let wanted: Vec<_> = self
            .seats
            .borrow()
            .iter()
            .filter(|(_, seat)| seat.inbox.is_empty())
            .map(|(number, seat)| json!({ "seat": number, "reader": seat.reader, "after": seat.after }))
            .collect();
        if wanted.is_empty() {
            return Ok(());
        }
        let limit = i64::try_from(AT_ONCE).unwrap_or(i64::MAX);
        let rows = db.query(CHANGES, vec![json!(wanted).into(), limit.into()]).await?;
        for row in rows.iter() {
            let change = Change { number: row.get(1)?, kind: row.get(2)?, data: row.read(3)? };
            // A stream may have ended meanwhile.
            if let Some(seat) = self.seats.borrow_mut().get_mut(&row.get(0)?) {
                seat.after = change.number;
                seat.inbox.push(change);
            }
        }
        Ok(())
    }
}

impl Place {
    /// What came for this stream. Where the inbox was full there is more, so the next look is due.
    pub(crate) fn take(&self) -> Vec<Change> {
        let mut seats = self.hub.seats.borrow_mut();
        let taken = seats.get_mut(&self.seat).map(|seat| std::mem::take(&mut seat.inbox)).unwrap_or_default();
        if taken.len() >= AT_ONCE {
            self.hub.looked.set(None);
        }
        taken
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.hub.seats.borrow_mut().remove(&self.seat);
    }
}

/// Whoever looks keeps the others from it, and ends that however the look ends.
struct Turn<'a>(&'a Cell<bool>);

impl<'a> Turn<'a> {
    fn begin(looking: &'a Cell<bool>) -> Self {
        looking.set(true);
        Self(looking)
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.0.set(false);
    }
}
