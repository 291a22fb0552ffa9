use proptest::prelude::*;

use super::*;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn shares(start: &str, end: &str, zone: Tz) -> Vec<(String, i64)> {
    split_by_day(at(start), at(end), zone)
        .into_iter()
        .map(|share| (share.date.to_string(), share.seconds))
        .collect()
}

fn minutes(date: &str, minutes: i64) -> (String, i64) {
    (date.to_owned(), minutes * 60)
}

fn hours(date: &str, hours: i64) -> (String, i64) {
    minutes(date, hours * 60)
}

#[test]
fn an_entry_across_midnight_is_cut_in_its_own_zone() {
    let cut = shares("2026-01-10T22:00:00Z", "2026-01-11T01:00:00Z", Tz::Europe__Paris);
    assert_eq!(cut, [hours("2026-01-10", 1), hours("2026-01-11", 2)]);
    // To midnight is of the day before; from midnight, of the day after.
    let cut = shares("2026-01-10T22:00:00+01:00", "2026-01-11T00:00:00+01:00", Tz::Europe__Paris);
    assert_eq!(cut, [hours("2026-01-10", 2)]);
    let cut = shares("2026-01-11T00:00:00+01:00", "2026-01-11T02:00:00+01:00", Tz::Europe__Paris);
    assert_eq!(cut, [hours("2026-01-11", 2)]);
}

#[test]
fn an_entry_across_a_year_counts_in_both() {
    let cut = shares("2026-12-31T22:00:00-05:00", "2027-01-01T01:30:00-05:00", Tz::America__New_York);
    assert_eq!(cut, [hours("2026-12-31", 2), minutes("2027-01-01", 90)]);
    let cut = shares("2024-02-28T23:00:00Z", "2024-03-01T01:00:00Z", Tz::UTC);
    assert_eq!(cut, [hours("2024-02-28", 1), hours("2024-02-29", 24), hours("2024-03-01", 1)]);
}

#[test]
fn the_days_of_the_clock_change_have_23_and_25_hours() {
    let spring = shares("2026-03-29T00:00:00+01:00", "2026-03-30T00:00:00+02:00", Tz::Europe__Paris);
    assert_eq!(spring, [hours("2026-03-29", 23)]);
    let autumn = shares("2026-10-25T00:00:00+02:00", "2026-10-26T00:00:00+01:00", Tz::Europe__Paris);
    assert_eq!(autumn, [hours("2026-10-25", 25)]);
    let spring = shares("2026-03-08T00:00:00-05:00", "2026-03-09T00:00:00-04:00", Tz::America__New_York);
    assert_eq!(spring, [hours("2026-03-08", 23)]);
    // Lord Howe sets its clocks by half an hour.
    let spring = shares("2026-10-04T00:00:00+10:30", "2026-10-05T00:00:00+11:00", Tz::Australia__Lord_Howe);
    assert_eq!(spring, [minutes("2026-10-04", 23 * 60 + 30)]);
}

#[test]
fn an_entry_across_the_change_has_the_time_that_passed() {
    // 01:30 to 03:30 on the clock is one hour in spring, three in autumn.
    let spring = shares("2026-03-29T01:30:00+01:00", "2026-03-29T03:30:00+02:00", Tz::Europe__Paris);
    assert_eq!(spring, [hours("2026-03-29", 1)]);
    let autumn = shares("2026-10-25T01:30:00+02:00", "2026-10-25T03:30:00+01:00", Tz::Europe__Paris);
    assert_eq!(autumn, [hours("2026-10-25", 3)]);
    // From the first 02:30 to the second is an hour.
    let doubled = shares("2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00", Tz::Europe__Paris);
    assert_eq!(doubled, [hours("2026-10-25", 1)]);
    // The night before the change: the cut at midnight stands.
    let night = shares("2026-03-28T22:00:00+01:00", "2026-03-29T06:00:00+02:00", Tz::Europe__Paris);
    assert_eq!(night, [hours("2026-03-28", 2), hours("2026-03-29", 5)]);
    let night = shares("2026-10-24T22:00:00+02:00", "2026-10-25T06:00:00+01:00", Tz::Europe__Paris);
    assert_eq!(night, [hours("2026-10-24", 2), hours("2026-10-25", 7)]);
}

#[test]
fn a_skipped_or_doubled_midnight_does_not_lose_or_make_time() {
    // Beirut goes from 24:00 straight to 01:00, and in autumn from 24:00 back to 23:00.
    let cut = shares("2026-03-28T23:00:00+02:00", "2026-03-29T02:00:00+03:00", Tz::Asia__Beirut);
    assert_eq!(cut, [hours("2026-03-28", 1), hours("2026-03-29", 1)]);
    let day = shares("2026-10-24T00:00:00+03:00", "2026-10-25T00:00:00+02:00", Tz::Asia__Beirut);
    assert_eq!(day, [hours("2026-10-24", 25)]);
    // Havana goes from 01:00 back to 00:00: midnight comes twice, and both are of the new day.
    let day = shares("2026-11-01T00:00:00-04:00", "2026-11-02T00:00:00-05:00", Tz::America__Havana);
    assert_eq!(day, [hours("2026-11-01", 25)]);
}

#[test]
fn a_day_to_which_the_clocks_return_gets_its_second_part_too() {
    // St. John's went from 00:01 back to 23:01 of the day before, in 2010 for the last time.
    let end = "2010-11-07T01:00:00-03:30";
    let whole = shares("2010-11-06T23:00:00-02:30", end, Tz::America__St_Johns);
    assert_eq!(whole, [minutes("2010-11-06", 60 + 59), minutes("2010-11-07", 1 + 60)]);
    // Begun in the second 23:30.
    let part = shares("2010-11-06T23:30:00-03:30", end, Tz::America__St_Johns);
    assert_eq!(part, [minutes("2010-11-06", 30), minutes("2010-11-07", 60)]);
}

#[test]
fn a_skipped_day_does_not_lose_time() {
    // Apia had no 2011-12-30.
    let cut = shares("2011-12-30T09:00:00Z", "2011-12-30T11:00:00Z", Tz::Pacific__Apia);
    assert_eq!(cut, [hours("2011-12-29", 1), hours("2011-12-31", 1)]);
}

#[test]
fn offsets_of_30_and_45_minutes_cut_at_their_midnight() {
    for (zone, offset) in [
        (Tz::Asia__Kolkata, "+05:30"),
        (Tz::Asia__Kathmandu, "+05:45"),
        (Tz::Australia__Eucla, "+08:45"),
        (Tz::Pacific__Marquesas, "-09:30"),
    ] {
        let cut =
            shares(&format!("2026-05-01T23:45:00{offset}"), &format!("2026-05-02T00:15:00{offset}"), zone);
        assert_eq!(cut, [minutes("2026-05-01", 15), minutes("2026-05-02", 15)], "{zone}");
    }
    // Chatham, 45 minutes off and with a change: 23 h.
    let cut = shares("2026-09-27T00:00:00+12:45", "2026-09-28T00:00:00+13:45", Tz::Pacific__Chatham);
    assert_eq!(cut, [hours("2026-09-27", 23)]);
}

#[test]
fn the_same_instants_keep_the_days_of_the_zone_they_were_tracked_in() {
    // Before and after somebody moved from Tokyo to Los Angeles and changed the profile's zone: an entry
    // carries its own, so the one that was tracked before stays where it was.
    let (start, end) = ("2026-06-15T14:00:00Z", "2026-06-15T16:00:00Z");
    let before = shares(start, end, Tz::Asia__Tokyo);
    let after = shares(start, end, Tz::America__Los_Angeles);
    assert_eq!(before, [hours("2026-06-15", 1), hours("2026-06-16", 1)]);
    assert_eq!(after, [hours("2026-06-15", 2)]);
}

#[test]
fn nothing_has_no_days() {
    assert_eq!(shares("2026-06-15T14:00:00Z", "2026-06-15T14:00:00Z", Tz::UTC), []);
    assert_eq!(shares("2026-06-15T14:00:00Z", "2026-06-15T13:00:00Z", Tz::UTC), []);
}

/// The tables in docs/time.md whose heads name a zone.
#[test]
fn the_documents_examples_are_right() {
    let mut examples = 0;
    for line in include_str!("../../../../docs/time.md").lines() {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let [_, start, end, zone, counts, _] = cells[..] else { continue };
        let Ok(zone) = zone.parse::<Tz>() else { continue };
        let told: Vec<String> = shares(start, end, zone)
            .iter()
            .map(|(date, seconds)| format!("{date}: {}:{:02}", seconds / 3600, seconds % 3600 / 60))
            .collect();
        assert_eq!(told.join(", "), counts, "{line}");
        assert!(at(end) <= crate::entry::latest_end(at(start), zone), "it can be written: {line}");
        examples += 1;
    }
    assert_eq!(examples, 15);
}

/// What the days must be, second by second.
fn counted(start: i64, end: i64, zone: Tz) -> Vec<DayShare> {
    let mut days = BTreeMap::<NaiveDate, i64>::new();
    for second in start..end {
        let instant = DateTime::from_timestamp(second, 0).unwrap();
        *days.entry(instant.with_timezone(&zone).date_naive()).or_default() += 1;
    }
    days.into_iter().map(|(date, seconds)| DayShare { date, seconds }).collect()
}

fn cut(start: i64, end: i64, zone: Tz) -> Vec<DayShare> {
    let instant = |second| DateTime::from_timestamp(second, 0).unwrap();
    split_by_day(instant(start), instant(end), zone)
}

fn any_zone() -> impl Strategy<Value = Tz> {
    prop::sample::select(&chrono_tz::TZ_VARIANTS[..])
}

/// The instants from 1970 to 2033, a quarter of a day apart, between which the zone's clocks are set.
fn changes(zone: Tz) -> Vec<i64> {
    const STEP: usize = 21_600;
    (0..2_000_000_000)
        .step_by(STEP)
        .filter(|from| offset_at(*from, zone) != offset_at(from + STEP as i64, zone))
        .collect()
}

proptest! {
    #[test]
    fn shares_add_up_and_days_rise(start in 0i64..2_000_000_000, length in 1i64..400_000, zone in any_zone()) {
        let shares = cut(start, start + length, zone);
        prop_assert_eq!(shares.iter().map(|share| share.seconds).sum::<i64>(), length);
        prop_assert!(shares.iter().all(|share| share.seconds > 0));
        prop_assert!(shares.windows(2).all(|pair| pair[0].date < pair[1].date));
    }

    #[test]
    fn two_halves_have_the_days_of_the_whole(
        start in 0i64..2_000_000_000,
        first in 0i64..100_000,
        second in 0i64..100_000,
        zone in any_zone(),
    ) {
        let (middle, end) = (start + first, start + first + second);
        let mut halves = BTreeMap::<NaiveDate, i64>::new();
        for share in cut(start, middle, zone).into_iter().chain(cut(middle, end, zone)) {
            *halves.entry(share.date).or_default() += share.seconds;
        }
        let whole: BTreeMap<_, _> =
            cut(start, end, zone).into_iter().map(|share| (share.date, share.seconds)).collect();
        prop_assert_eq!(whole, halves);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn around_a_change_each_second_counts_where_the_calendar_shows_it(
        zone in any_zone(),
        which in any::<prop::sample::Index>(),
        lead in 0i64..21_600,
        length in 1i64..50_000,
    ) {
        let changes = changes(zone);
        // Zones whose clocks are never set are tried from a day of their own.
        let start = if changes.is_empty() { 1_767_225_600 } else { *which.get(&changes) } - lead;
        prop_assert_eq!(cut(start, start + length, zone), counted(start, start + length, zone));
    }
}
