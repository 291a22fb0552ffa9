//! A half-year that never was. Pure: the same seed, day and caller give the same half-year.

mod calendar;
mod catalogue;
mod day;
mod people;
mod writer;

use std::collections::HashMap;

use api::Problem;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use domain::DayShare;
use fastrand::Rng;
use serde::Serialize;
use uuid::Uuid;

use catalogue::{CLIENTS, OWN, Project, TAGS, Task};
use people::{Person, habits, invented};
use writer::Writer;

/// All that is to be written: the argument of `tracking.fill_demo`.
#[derive(Debug, Serialize)]
pub(crate) struct Plan {
    people: Vec<Person>,
    /// What is named before what names it.
    items: Vec<Item>,
    entries: Vec<Entry>,
}

/// A client, project, task or tag.
#[derive(Debug, Clone, Serialize)]
struct Item {
    id: Uuid,
    kind: &'static str,
    name: &'static str,
    color: &'static str,
    parent_id: Option<Uuid>,
}

/// A time entry that keeps the rules of `domain`.
#[derive(Debug, Serialize)]
struct Entry {
    id: Uuid,
    user_id: Uuid,
    start: DateTime<Utc>,
    end: Option<DateTime<Utc>>,
    zone: &'static str,
    description: String,
    project_id: Option<Uuid>,
    task_id: Option<Uuid>,
    tag_ids: Vec<Uuid>,
    billable: bool,
    days: Vec<DayShare>,
}

/// Makes ids: new ones for each filling, since what was removed keeps its own for ever.
struct Ids {
    filling: Uuid,
    given: u32,
}

impl Ids {
    fn next(&mut self) -> Uuid {
        self.given += 1;
        Uuid::new_v5(&self.filling, &self.given.to_be_bytes())
    }
}

/// What can be worked on, with its ids.
struct Offer {
    project: &'static Project,
    id: Uuid,
    paid: bool,
    tasks: Vec<(&'static Task, Uuid)>,
}

impl Plan {
    /// The half-year up to yesterday. All ids but those of invented people come from `filling`; `zone` is the caller's.
    ///
    /// # Errors
    /// Internal, where an entry breaks a rule of `domain`.
    pub(crate) fn new(
        seed: u64,
        filling: Uuid,
        caller: Uuid,
        zone: Tz,
        now: DateTime<Utc>,
    ) -> Result<Self, Problem> {
        let mut ids = Ids { filling, given: 0 };
        let mut items = Vec::new();
        let offers = offers(&mut ids, &mut items);
        let tags = tags(&mut ids, &mut items);
        let mut entries = Vec::new();
        for (index, habits) in habits(caller, zone).into_iter().enumerate() {
            // Each has chance of their own: one more entry of one person changes nothing for the others.
            let rng = Rng::with_seed(seed.wrapping_add(index as u64));
            let mut writer =
                Writer { rng, ids: &mut ids, habits: &habits, offers: &offers, tags: &tags, now, last: None };
            entries.extend(writer.half_year()?);
        }
        Ok(Self { people: invented(), items, entries })
    }
}

fn offers(ids: &mut Ids, items: &mut Vec<Item>) -> Vec<Offer> {
    let mut offers = Vec::new();
    for client in &CLIENTS {
        let id = ids.next();
        items.push(Item { id, kind: "client", name: client.name, color: client.color, parent_id: None });
        offers.extend(client.projects.iter().map(|project| offer(project, Some(id), ids, items)));
    }
    offers.extend(OWN.iter().map(|project| offer(project, None, ids, items)));
    offers
}

fn offer(project: &'static Project, client: Option<Uuid>, ids: &mut Ids, items: &mut Vec<Item>) -> Offer {
    let (id, color) = (ids.next(), project.color);
    items.push(Item { id, kind: "project", name: project.name, color, parent_id: client });
    let tasks: Vec<_> = project.tasks.iter().map(|task| (task, ids.next())).collect();
    let named = tasks.iter().map(|(task, task_id)| (*task_id, task.name));
    items.extend(named.map(|(task_id, name)| Item {
        id: task_id,
        kind: "task",
        name,
        color,
        parent_id: Some(id),
    }));
    Offer { project, id, paid: client.is_some(), tasks }
}

fn tags(ids: &mut Ids, items: &mut Vec<Item>) -> HashMap<&'static str, Uuid> {
    let made = TAGS.map(|(name, color)| Item { id: ids.next(), kind: "tag", name, color, parent_id: None });
    items.extend(made.iter().cloned());
    made.into_iter().map(|tag| (tag.name, tag.id)).collect()
}

#[cfg(test)]
mod tests;
