//! An entry's time by day, in its own zone: each second counts on the day that the zone's calendar shows at
//! that second. A day of 23 or 25 hours comes out as such, because what is cut is the line of instants,
//! where no hour is missing or doubled.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Offset, TimeZone, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

const DAY: i64 = 86_400;

/// The part of an entry that falls on one calendar day of its zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayShare {
    /// The day in the entry's zone.
    pub date: NaiveDate,
    /// Whole seconds on that day, more than zero.
    pub seconds: i64,
}

/// Cut `start..end` by the days of `zone`; days in order, none of them empty.
/// Instants are counted in whole seconds, so the shares add up to the whole.
pub fn split_by_day(start: DateTime<Utc>, end: DateTime<Utc>, zone: Tz) -> Vec<DayShare> {
    let mut shares = BTreeMap::<NaiveDate, i64>::new();
    let (mut from, end) = (start.timestamp(), end.timestamp());
    while from < end {
        let offset = offset_at(from, zone);
        let midnight = from + DAY - (from + offset).rem_euclid(DAY);
        let until = first_change(from, midnight.min(end), zone);
        let Some(local) = DateTime::from_timestamp(from + offset, 0) else { break };
        // A day may come in two pieces: clocks that go back just after midnight return to it.
        *shares.entry(local.date_naive()).or_default() += until - from;
        from = until;
    }
    shares.into_iter().map(|(date, seconds)| DayShare { date, seconds }).collect()
}

/// Seconds that the zone's clocks are ahead of UTC.
fn offset_at(instant: i64, zone: Tz) -> i64 {
    DateTime::from_timestamp(instant, 0).map_or(0, |instant| {
        i64::from(zone.offset_from_utc_datetime(&instant.naive_utc()).fix().local_minus_utc())
    })
}

/// The first second of `from..until` (a day at most) at which the clocks are set, or `until`. Found by halving:
/// no zone sets its clocks twice within a day.
fn first_change(from: i64, until: i64, zone: Tz) -> i64 {
    let offset = offset_at(from, zone);
    let (mut same, mut other) = (from, until);
    if offset_at(until, zone) == offset {
        return until;
    }
    while other - same > 1 {
        let middle = same + (other - same) / 2;
        if offset_at(middle, zone) == offset {
            same = middle;
        } else {
            other = middle;
        }
    }
    other
}

#[cfg(test)]
mod tests;
