//! How a day of work goes: from the morning to the evening, with a break at noon.

use std::ops::RangeInclusive;

use chrono::{DateTime, Datelike as _, NaiveDate, NaiveTime, TimeDelta, TimeZone as _, Utc, Weekday};
use chrono_tz::Tz;
use fastrand::Rng;

use super::people::Habits;

/// The most that anybody works on a day, the evening included, in minutes.
const MOST: i64 = 9 * 60 + 45;

/// What kind of work a stretch of time is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// The meeting that begins most days.
    StandUp,
    /// Something of one's projects.
    Work,
    /// The same, late.
    Late,
}

/// A stretch of time at one thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stretch {
    pub(super) start: DateTime<Utc>,
    pub(super) end: DateTime<Utc>,
    pub(super) kind: Kind,
}

/// The stretches of a day, in order, apart from each other. On a `night` day the last one ends after midnight.
pub(super) fn day(rng: &mut Rng, habits: &Habits, date: NaiveDate, night: bool) -> Vec<Stretch> {
    let Some(begin) = at(date, habits.begins + 5 * rng.i64(-3..=6), habits.zone) else { return Vec::new() };
    let short = if date.weekday() == Weekday::Fri { 40 } else { 0 };
    let whole = (habits.minutes - short + 5 * rng.i64(-12..=9)).clamp(5 * 60 + 15, 9 * 60);
    let whole = if night { whole.min(7 * 60) } else { whole };
    let mut stretches = worktime(rng, begin, habits.begins, whole);
    let evening = if night { Some((22 * 60 + 30, 165)) } else { evening(rng, whole) };
    let evening = evening.and_then(|(from, minutes)| Some((at(date, from, habits.zone)?, minutes)));
    let over = stretches.last().map_or(begin, |last| last.end);
    if let Some((start, minutes)) = evening.filter(|(start, _)| *start > over) {
        stretches.push(Stretch { start, end: start + TimeDelta::minutes(minutes), kind: Kind::Late });
    }
    stretches
}

/// `whole` minutes of work from `begin` on, which the clock shows as about `shown` minutes after midnight.
fn worktime(rng: &mut Rng, begin: DateTime<Utc>, shown: i64, whole: i64) -> Vec<Stretch> {
    let mut stretches = Vec::new();
    let mut noon = Some(12 * 60 + 5 * rng.i64(0..=9) - shown);
    let (mut passed, mut worked) = (0, 0);
    while worked < whole {
        let kind = if worked == 0 && rng.u32(..10) < 8 { Kind::StandUp } else { Kind::Work };
        let mut minutes = match kind {
            Kind::StandUp => 15,
            _ if rng.u32(..4) == 0 => minutes(rng, 25..=60),
            _ => minutes(rng, 75..=150),
        };
        // Nobody books a few minutes before the break or before going home.
        for bound in [whole - worked, noon.map_or(i64::MAX, |noon| noon - passed)] {
            if bound - minutes < 20 {
                minutes = bound.max(5);
            }
        }
        let start = begin + TimeDelta::minutes(passed);
        stretches.push(Stretch { start, end: start + TimeDelta::minutes(minutes), kind });
        worked += minutes;
        passed += minutes;
        if noon.is_some_and(|noon| passed >= noon) {
            noon = None;
            passed += self::minutes(rng, 30..=75);
        } else if rng.u32(..4) == 0 {
            passed += self::minutes(rng, 5..=15);
        }
    }
    stretches
}

/// Now and then an hour after dinner: when it begins, and how long it is.
fn evening(rng: &mut Rng, whole: i64) -> Option<(i64, i64)> {
    let (from, wish) = (minutes(rng, 20 * 60..=20 * 60 + 45), minutes(rng, 35..=90));
    let minutes = wish.min(MOST - whole);
    (rng.u32(..12) == 0 && minutes >= 30).then_some((from, minutes))
}

/// A number of minutes, in steps of five.
fn minutes(rng: &mut Rng, range: RangeInclusive<i64>) -> i64 {
    5 * rng.i64(range.start() / 5..=range.end() / 5)
}

/// The instant at which the zone's clocks show so many minutes after midnight.
fn at(date: NaiveDate, minutes: i64, zone: Tz) -> Option<DateTime<Utc>> {
    let shown = date.and_time(NaiveTime::MIN) + TimeDelta::minutes(minutes);
    zone.from_local_datetime(&shown).earliest().map(|instant| instant.to_utc())
}
