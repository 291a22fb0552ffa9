//! A time entry and the rules that one entry must keep by itself. What concerns several entries (overlap,
//! one running timer) is the database's to keep, since only it sees concurrent requests.

use chrono::{DateTime, Datelike as _, Days, SubsecRound as _, TimeDelta, TimeZone as _, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

use crate::days::{DayShare, split_by_day};
use crate::text::{self, TextError};

/// Longest description, in characters.
pub const MAX_DESCRIPTION: usize = 1000;
/// The most tags of one entry.
pub const MAX_TAGS: usize = 20;
/// The longest entry on a day of 24 hours ([`latest_end`]): what is longer is most often a forgotten timer.
pub const MAX_LENGTH: TimeDelta = TimeDelta::hours(24);
/// The shortest entry: instants are whole seconds.
pub const MIN_LENGTH: TimeDelta = TimeDelta::seconds(1);
/// How far a client's clock may be ahead of ours.
pub const CLOCK_SKEW: TimeDelta = TimeDelta::seconds(60);

/// What a person says of an entry, unchecked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// When it began.
    pub start: DateTime<Utc>,
    /// When it ended; none while it runs.
    pub end: Option<DateTime<Utc>>,
    /// The zone whose midnights cut it.
    pub zone: Tz,
    /// What was done; may be empty.
    pub description: String,
    /// What it was done for.
    pub project_id: Option<Uuid>,
    /// Which task of the project.
    pub task_id: Option<Uuid>,
    /// Its tags.
    pub tag_ids: Vec<Uuid>,
    /// Whether somebody pays for it.
    pub billable: bool,
}

/// What a person says of an entry. Made by [`Draft::checked`] only, so one that exists keeps the rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fields(Draft);

/// A rule that the fields break.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FieldsError {
    /// An entry does not end before it starts.
    #[error("the end must be after the start")]
    EndBeforeStart,
    /// An entry lasts a second or more; instants are whole seconds.
    #[error("an entry lasts at least one second")]
    ZeroLength,
    /// An entry ends at its [`latest_end`] or earlier.
    #[error("an entry is at most one day long: 24 hours, or 25 where the clocks go back")]
    TooLong {
        /// The latest end that this start allows.
        latest_end: DateTime<Utc>,
    },
    /// Time is tracked when it has passed.
    #[error("this lies in the future")]
    InTheFuture(&'static str),
    /// Instants lie in 1970 or later: what lies before is a slip of the keyboard.
    #[error("not before 1970")]
    OutOfRange(&'static str),
    /// At most [`MAX_TAGS`] tags.
    #[error("at most {MAX_TAGS} tags")]
    TooManyTags,
    /// A task is one of a project's.
    #[error("a task needs its project")]
    TaskWithoutProject,
    /// A text breaks a rule.
    #[error("{1}")]
    Text(&'static str, TextError),
}

impl FieldsError {
    /// The name of the field to blame.
    pub fn field(&self) -> &'static str {
        match self {
            Self::EndBeforeStart | Self::ZeroLength | Self::TooLong { .. } => "end",
            Self::InTheFuture(field) | Self::OutOfRange(field) | Self::Text(field, _) => field,
            Self::TooManyTags => "tag_ids",
            Self::TaskWithoutProject => "project_id",
        }
    }
}

/// The latest end of an entry that begins at `start`: the same time on the next day in its zone, and at least
/// [`MAX_LENGTH`] later. So an entry can cover the 25 hours of a day on which the clocks go back.
pub fn latest_end(start: DateTime<Utc>, zone: Tz) -> DateTime<Utc> {
    let next_day = start.with_timezone(&zone).naive_local().checked_add_days(Days::new(1));
    let next_day = next_day.and_then(|local| zone.from_local_datetime(&local).latest());
    next_day.map_or(start + MAX_LENGTH, |local| local.to_utc().max(start + MAX_LENGTH))
}

/// The instant that a client means by `at`. A clock that is ahead of ours by [`CLOCK_SKEW`] or less means now: a timer
/// that began later could not be stopped until then.
pub fn seen_by_us(at: DateTime<Utc>, now: DateTime<Utc>) -> DateTime<Utc> {
    if at <= now + CLOCK_SKEW { at.min(now) } else { at }
}

/// When a timer that began at `start` is stopped by a client that says `at`. One that is stopped in the second in which
/// it began, or switched several times in one second, ran for [`MIN_LENGTH`].
pub fn stopped_at(start: DateTime<Utc>, at: DateTime<Utc>, now: DateTime<Utc>) -> DateTime<Utc> {
    let at = seen_by_us(at, now).trunc_subsecs(0);
    let begins_then = at == start || at == now.trunc_subsecs(0);
    if begins_then { at.max(start + MIN_LENGTH) } else { at }
}

impl Draft {
    /// Check the rules at the moment `now`. Instants are cut to whole seconds, texts are trimmed, tags are put in
    /// order and named once.
    ///
    /// # Errors
    /// The first rule that is broken.
    pub fn checked(mut self, now: DateTime<Utc>) -> Result<Fields, FieldsError> {
        self.start = passed(self.start, now, "start")?;
        self.end = self.end.map(|end| passed(end, now, "end")).transpose()?;
        match self.end {
            Some(end) if end < self.start => return Err(FieldsError::EndBeforeStart),
            Some(end) if end == self.start => return Err(FieldsError::ZeroLength),
            Some(end) => {
                let latest_end = latest_end(self.start, self.zone);
                if end > latest_end {
                    return Err(FieldsError::TooLong { latest_end });
                }
            }
            None => {}
        }
        self.description = text::checked(&self.description, 0..=MAX_DESCRIPTION)
            .map_err(|error| FieldsError::Text("description", error))?;
        self.tag_ids.sort_unstable();
        self.tag_ids.dedup();
        if self.tag_ids.len() > MAX_TAGS {
            return Err(FieldsError::TooManyTags);
        }
        if self.task_id.is_some() && self.project_id.is_none() {
            return Err(FieldsError::TaskWithoutProject);
        }
        Ok(Fields(self))
    }
}

fn passed(
    instant: DateTime<Utc>,
    now: DateTime<Utc>,
    field: &'static str,
) -> Result<DateTime<Utc>, FieldsError> {
    if instant.year() < 1970 {
        Err(FieldsError::OutOfRange(field))
    } else if instant > now + CLOCK_SKEW {
        Err(FieldsError::InTheFuture(field))
    } else {
        Ok(instant.trunc_subsecs(0))
    }
}

impl Fields {
    /// What was said, in order.
    pub fn draft(&self) -> &Draft {
        &self.0
    }

    /// Its days in its own zone; none while it runs.
    pub fn days(&self) -> Vec<DayShare> {
        self.0.end.map_or_else(Vec::new, |end| split_by_day(self.0.start, end, self.0.zone))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn draft(start: &str, end: Option<&str>) -> Draft {
        Draft {
            start: at(start),
            end: end.map(at),
            zone: Tz::UTC,
            description: String::new(),
            project_id: None,
            task_id: None,
            tag_ids: Vec::new(),
            billable: false,
        }
    }

    fn checked(draft: Draft) -> Result<Fields, FieldsError> {
        draft.checked(at("2026-01-12T00:00:00Z"))
    }

    const START: &str = "2026-01-10T09:00:00Z";

    #[test]
    fn an_entry_has_a_length() {
        let ending = |end: &str| checked(draft(START, Some(end)));
        assert_eq!(ending("2026-01-10T08:59:59Z"), Err(FieldsError::EndBeforeStart));
        assert_eq!(ending("2026-01-10T09:00:00.9Z"), Err(FieldsError::ZeroLength));
        assert_eq!(ending("2026-01-10T09:00:01Z").map(drop), Ok(()));
        assert_eq!(ending("2026-01-11T09:00:00Z").map(drop), Ok(()));
        let latest_end = at("2026-01-11T09:00:00Z");
        assert_eq!(ending("2026-01-11T09:00:01Z"), Err(FieldsError::TooLong { latest_end }));
    }

    #[test]
    fn the_future_is_not_tracked_but_clocks_may_differ() {
        let late = |start: &str, end: Option<&str>| checked(draft(start, end)).map(drop);
        assert_eq!(late("2026-01-11T23:00:00Z", Some("2026-01-12T00:01:00Z")), Ok(()));
        assert_eq!(late("2026-01-12T00:01:00Z", None), Ok(()));
        assert_eq!(late("2026-01-12T00:01:01Z", None), Err(FieldsError::InTheFuture("start")));
        let end = Some("2026-01-12T00:01:01Z");
        assert_eq!(late("2026-01-11T20:00:00Z", end), Err(FieldsError::InTheFuture("end")));
        assert_eq!(late("0026-01-10T09:00:00Z", None), Err(FieldsError::OutOfRange("start")));
    }

    #[test]
    fn an_entry_may_cover_a_day_of_25_hours() {
        let paris = |start: &str, end: &str| {
            let zone = Tz::Europe__Paris;
            Draft { zone, ..draft(start, Some(end)) }.checked(at("2026-12-01T00:00:00Z")).map(drop)
        };
        assert_eq!(paris("2026-10-25T00:00:00+02:00", "2026-10-26T00:00:00+01:00"), Ok(()));
        let latest_end = at("2026-10-26T00:00:00+01:00");
        let longer = paris("2026-10-25T00:00:00+02:00", "2026-10-26T00:00:01+01:00");
        assert_eq!(longer, Err(FieldsError::TooLong { latest_end }));
        // Where the clocks go forward, 24 hours stay allowed.
        assert_eq!(paris("2026-03-29T00:00:00+01:00", "2026-03-30T01:00:00+02:00"), Ok(()));
        // A day that a zone left out.
        let skipped = latest_end_in(Tz::Pacific__Apia, "2011-12-29T12:00:00-10:00");
        assert_eq!(skipped, at("2011-12-31T12:00:00+14:00"));
    }

    fn latest_end_in(zone: Tz, start: &str) -> DateTime<Utc> {
        latest_end(at(start), zone)
    }

    #[test]
    fn a_timer_can_always_be_stopped() {
        let now = at("2026-01-12T12:00:00.5Z");
        let stopped = |start: &str, seen: &str| stopped_at(at(start), at(seen), now);
        // Within the second in which it began.
        assert_eq!(stopped("2026-01-12T12:00:00Z", "2026-01-12T12:00:00.5Z"), at("2026-01-12T12:00:01Z"));
        // After it was switched to twice within that second.
        assert_eq!(stopped("2026-01-12T12:00:02Z", "2026-01-12T12:00:00.5Z"), at("2026-01-12T12:00:03Z"));
        // By a clock that is ahead.
        assert_eq!(stopped("2026-01-12T11:00:00Z", "2026-01-12T12:00:59Z"), at("2026-01-12T12:00:00Z"));
        // What a person chose stays, right or wrong.
        assert_eq!(stopped("2026-01-12T11:00:00Z", "2026-01-12T11:30:00Z"), at("2026-01-12T11:30:00Z"));
        assert_eq!(stopped("2026-01-12T11:00:00Z", "2026-01-12T10:30:00Z"), at("2026-01-12T10:30:00Z"));
        assert_eq!(stopped("2026-01-12T11:00:00Z", "2026-01-12T12:05:00Z"), at("2026-01-12T12:05:00Z"));
    }

    #[test]
    fn a_running_entry_has_no_days() {
        assert!(checked(draft(START, None)).unwrap().days().is_empty());
    }

    #[test]
    fn texts_are_trimmed_and_bounded() {
        let says = |description: &str| {
            checked(Draft { description: description.to_owned(), ..draft(START, None) })
                .map(|fields| fields.draft().description.clone())
        };
        assert_eq!(says("  write \n").unwrap(), "write");
        assert_eq!(says(&"é".repeat(1000)).unwrap().chars().count(), 1000);
        assert_eq!(says(&"é".repeat(1001)).unwrap_err().field(), "description");
        assert_eq!(says("a\0b").unwrap_err().field(), "description");
    }

    #[test]
    fn tags_are_named_once_and_tasks_need_their_project() {
        let (one, two) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let tagged = |tag_ids: Vec<Uuid>| checked(Draft { tag_ids, ..draft(START, None) });
        assert_eq!(tagged(vec![two, one, two]).unwrap().draft().tag_ids, [one, two]);
        assert_eq!(tagged((0..21).map(Uuid::from_u128).collect()), Err(FieldsError::TooManyTags));
        let task = Draft { task_id: Some(one), ..draft(START, None) };
        assert_eq!(checked(task), Err(FieldsError::TaskWithoutProject));
    }
}
