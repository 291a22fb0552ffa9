//! One person's half-year, entry by entry: what was worked on, and what was written of it.

use std::collections::HashMap;

use api::{Problem, ProblemType};
use chrono::{DateTime, Days, NaiveDate, Utc};
use domain::Draft;
use fastrand::Rng;
use uuid::Uuid;

use super::catalogue::{MEETINGS, TEAM, Task};
use super::day::{Kind, Stretch, day};
use super::people::Habits;
use super::{Entry, Ids, Offer, calendar};

/// How far back it goes, in days.
const SPAN: u64 = 182;

/// Writes one person's entries.
pub(super) struct Writer<'a> {
    pub(super) rng: Rng,
    pub(super) ids: &'a mut Ids,
    pub(super) habits: &'a Habits,
    pub(super) offers: &'a [Offer],
    pub(super) tags: &'a HashMap<&'static str, Uuid>,
    pub(super) now: DateTime<Utc>,
    /// What was worked on last: people go on with a thing before they begin another one.
    pub(super) last: Option<Choice<'a>>,
}

/// A task of a project, with its id.
type Choice<'a> = (&'a Offer, &'a (&'static Task, Uuid));

impl<'a> Writer<'a> {
    /// The entries up to yesterday, which is the last day that has passed in the person's zone.
    pub(super) fn half_year(&mut self) -> Result<Vec<Entry>, Problem> {
        let today = self.now.with_timezone(&self.habits.zone).date_naive();
        let (from, to) = (today - Days::new(SPAN), today - Days::new(1));
        let dates = calendar::workdays(&mut self.rng, self.habits.country, from, to);
        let night = self.habits.night.then(|| night(&dates)).flatten();
        let mut entries = Vec::new();
        for date in dates {
            for stretch in day(&mut self.rng, self.habits, date, night == Some(date)) {
                entries.push(self.entry(stretch)?);
            }
        }
        Ok(entries)
    }

    fn entry(&mut self, stretch: Stretch) -> Result<Entry, Problem> {
        let Some((offer, (task, task_id))) = self.choose(stretch.kind) else {
            return Err(Problem::new(ProblemType::Internal, "nothing to work on"));
        };
        // Somebody always forgets to say what it was.
        let silent = stretch.kind == Kind::Work && self.rng.u32(..100) < 4;
        let phrase = self.rng.choice(task.phrases).filter(|_| !silent);
        let tags = self.tags_of(stretch.kind, offer, task);
        let draft = Draft {
            start: stretch.start,
            end: Some(stretch.end),
            zone: self.habits.zone,
            description: phrase.copied().unwrap_or_default().to_owned(),
            project_id: Some(offer.id),
            task_id: (!silent).then_some(*task_id),
            tag_ids: tags,
            billable: offer.paid && !task.unpaid,
        };
        let fields = draft.checked(self.now);
        let fields = fields.map_err(|error| Problem::new(ProblemType::Internal, error.to_string()))?;
        let days = fields.days();
        let Draft { start, end, zone, description, project_id, task_id, tag_ids, billable } =
            fields.draft().clone();
        let (id, user_id, zone) = (self.ids.next(), self.habits.person, zone.name());
        Ok(Entry { id, user_id, start, end, zone, description, project_id, task_id, tag_ids, billable, days })
    }

    /// What is worked on in a stretch.
    fn choose(&mut self, kind: Kind) -> Option<Choice<'a>> {
        if kind == Kind::StandUp {
            let team = self.offers.iter().find(|offer| offer.project.name == TEAM)?;
            return Some((team, team.tasks.iter().find(|(task, _)| task.name == MEETINGS)?));
        }
        if kind == Kind::Work && self.last.is_some() && self.rng.u32(..5) < 2 {
            return self.last;
        }
        self.last = self.draw(kind);
        self.last
    }

    /// One of one's projects, each as often as habit has it, and one of its tasks.
    fn draw(&mut self, kind: Kind) -> Option<Choice<'a>> {
        let weights = self.habits.projects;
        let tickets: u32 = weights.iter().map(|(_, weight)| weight).sum();
        let mut ticket = self.rng.u32(..tickets);
        let (name, _) = weights.iter().find(|(_, weight)| {
            let drawn = ticket < *weight;
            ticket = ticket.saturating_sub(*weight);
            drawn
        })?;
        let offer = self.offers.iter().find(|offer| offer.project.name == *name)?;
        // The stand-up is in the morning, and nobody meets a client late at night.
        let fits = |(task, _): &&(&Task, Uuid)| {
            task.name != MEETINGS && (kind != Kind::Late || task.tag != Some("meeting"))
        };
        let tasks: Vec<_> = offer.tasks.iter().filter(fits).collect();
        Some((offer, self.rng.choice(tasks)?))
    }

    fn tags_of(&mut self, kind: Kind, offer: &Offer, task: &Task) -> Vec<Uuid> {
        let mut names: Vec<&str> = task.tag.into_iter().collect();
        if offer.paid && task.tag == Some("meeting") && self.rng.u32(..3) == 0 {
            names.push("on site");
        }
        match kind {
            Kind::Late => names.push("late"),
            Kind::Work if offer.paid && self.rng.u32(..100) < 5 => names.push("urgent"),
            _ => {}
        }
        names.iter().filter_map(|name| self.tags.get(name).copied()).collect()
    }
}

/// The day on which somebody works through midnight: one of the last, with a day of work after it.
fn night(dates: &[NaiveDate]) -> Option<NaiveDate> {
    let mut pairs = dates.windows(2).rev().skip(5);
    pairs.find(|pair| pair[0] + Days::new(1) == pair[1]).map(|pair| pair[0])
}
