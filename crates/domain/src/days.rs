//! An entry's time, cut at the midnights of its own zone. A day of 23 or 25 hours comes out as such,
//! because the cut is made between instants, never by adding 24 hours.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

/// The part of an entry that falls on one calendar day of its zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayShare {
    /// The day in the entry's zone.
    pub date: NaiveDate,
    /// Whole seconds on that day, more than zero.
    pub seconds: i64,
}

/// Cut `start..end` at the midnights of `zone`; days in order, none of them empty.
/// Instants are counted in whole seconds, so the shares add up to the whole.
pub fn split_by_day(start: DateTime<Utc>, end: DateTime<Utc>, zone: Tz) -> Vec<DayShare> {
    let mut shares = Vec::new();
    let mut from = start;
    while from < end {
        let date = from.with_timezone(&zone).date_naive();
        let until = first_instant_after(date, zone).min(end);
        let seconds = until.timestamp() - from.timestamp();
        if seconds > 0 {
            shares.push(DayShare { date, seconds });
        }
        from = until;
    }
    shares
}

/// The first instant of the next calendar day. Where a change of the clocks skips midnight (Beirut,
/// Havana), the day begins at the first local time that exists; where midnight comes twice, at the first.
fn first_instant_after(date: NaiveDate, zone: Tz) -> DateTime<Utc> {
    let Some(next) = date.checked_add_days(Days::new(1)) else {
        return DateTime::<Utc>::MAX_UTC;
    };
    // Apia skipped a whole day in 2011: look on until some local time exists.
    let midnight = next.and_time(NaiveTime::MIN);
    (0..=48 * 4)
        .find_map(|quarter| {
            zone.from_local_datetime(&(midnight + chrono::TimeDelta::minutes(15 * quarter))).earliest()
        })
        .map_or(DateTime::<Utc>::MAX_UTC, |instant| instant.to_utc())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn shares(start: &str, end: &str, zone: Tz) -> Vec<(String, i64)> {
        split_by_day(at(start), at(end), zone)
            .into_iter()
            .map(|share| (share.date.to_string(), share.seconds))
            .collect()
    }

    fn day(date: &str, hours: i64) -> (String, i64) {
        (date.to_owned(), hours * 3600)
    }

    #[test]
    fn an_entry_across_midnight_is_cut_in_its_own_zone() {
        let cut = shares("2026-01-10T22:00:00Z", "2026-01-11T01:00:00Z", Tz::Europe__Paris);
        assert_eq!(cut, [day("2026-01-10", 1), day("2026-01-11", 2)]);
    }

    #[test]
    fn the_days_of_the_clock_change_have_23_and_25_hours() {
        let spring = shares("2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z", Tz::Europe__Paris);
        assert_eq!(spring, [day("2026-03-29", 23)]);
        let autumn = shares("2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z", Tz::Europe__Paris);
        assert_eq!(autumn, [day("2026-10-25", 25)]);
    }

    #[test]
    fn a_skipped_midnight_does_not_lose_time() {
        // Beirut goes from 24:00 straight to 01:00.
        let cut = shares("2026-03-28T21:00:00Z", "2026-03-28T23:00:00Z", Tz::Asia__Beirut);
        assert_eq!(cut, [day("2026-03-28", 1), day("2026-03-29", 1)]);
    }

    #[test]
    fn a_skipped_day_does_not_lose_time() {
        // Apia had no 2011-12-30.
        let cut = shares("2011-12-30T09:00:00Z", "2011-12-30T11:00:00Z", Tz::Pacific__Apia);
        assert_eq!(cut, [day("2011-12-29", 1), day("2011-12-31", 1)]);
    }

    #[test]
    fn offsets_of_45_minutes_cut_at_their_midnight() {
        let cut = shares("2026-05-01T18:00:00Z", "2026-05-01T18:30:00Z", Tz::Asia__Kathmandu);
        assert_eq!(cut, [("2026-05-01".to_owned(), 900), ("2026-05-02".to_owned(), 900)]);
    }

    proptest! {
        #[test]
        fn shares_add_up_and_days_rise(
            start in 0i64..2_000_000_000,
            length in 1i64..400_000,
            zone in prop::sample::select(&chrono_tz::TZ_VARIANTS[..]),
        ) {
            let begin = DateTime::from_timestamp(start, 0).unwrap();
            let end = DateTime::from_timestamp(start + length, 0).unwrap();
            let cut = split_by_day(begin, end, zone);
            prop_assert_eq!(cut.iter().map(|share| share.seconds).sum::<i64>(), length);
            prop_assert!(cut.iter().all(|share| share.seconds > 0));
            prop_assert!(cut.windows(2).all(|pair| pair[0].date < pair[1].date));
        }
    }
}
