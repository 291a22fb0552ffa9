//! Weeks: seven days from the day that a person calls the first. Pure calendar, no zone: an entry has been
//! cut into days of its own zone before (see [`crate::days`]).

use chrono::{Datelike, NaiveDate, NaiveWeek, Weekday};
use serde::{Deserialize, Serialize};

/// Where weeks begin, and whether they are numbered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum WeekStart {
    /// Monday to Sunday.
    Monday,
    /// Sunday to Saturday.
    Sunday,
    /// Monday to Sunday, numbered as in ISO 8601: week 1 is the one with the year's first Thursday.
    #[default]
    Iso,
}

impl WeekStart {
    fn weekday(self) -> Weekday {
        match self {
            Self::Monday | Self::Iso => Weekday::Mon,
            Self::Sunday => Weekday::Sun,
        }
    }
}

/// Seven days in a row.
#[derive(Debug, Clone, Copy)]
pub struct Week {
    days: NaiveWeek,
    start: WeekStart,
}

impl Week {
    /// The week that a day is in.
    pub fn of(date: NaiveDate, start: WeekStart) -> Self {
        Self { days: date.week(start.weekday()), start }
    }

    /// Its first day. At the ends of chrono's calendar (in 262 000 years) a week is cut short.
    pub fn first(&self) -> NaiveDate {
        self.days.checked_first_day().unwrap_or(NaiveDate::MIN)
    }

    /// Its last day.
    pub fn last(&self) -> NaiveDate {
        self.days.checked_last_day().unwrap_or(NaiveDate::MAX)
    }

    /// Its name by ISO 8601, `2026-W19`; none where weeks are not numbered. The year is the one that most of
    /// its days are in.
    pub fn name(&self) -> Option<String> {
        (self.start == WeekStart::Iso).then(|| {
            let iso = self.first().iso_week();
            format!("{:04}-W{:02}", iso.year(), iso.week())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn week(day: &str, start: WeekStart) -> (String, String, Option<String>) {
        let week = Week::of(date(day), start);
        (week.first().to_string(), week.last().to_string(), week.name())
    }

    fn from_to(first: &str, last: &str, name: Option<&str>) -> (String, String, Option<String>) {
        (first.to_owned(), last.to_owned(), name.map(str::to_owned))
    }

    #[test]
    fn weeks_begin_where_a_person_says() {
        use WeekStart::{Iso, Monday, Sunday};
        assert_eq!(week("2026-05-10", Monday), from_to("2026-05-04", "2026-05-10", None));
        assert_eq!(week("2026-05-10", Sunday), from_to("2026-05-10", "2026-05-16", None));
        assert_eq!(week("2026-05-10", Iso), from_to("2026-05-04", "2026-05-10", Some("2026-W19")));
        assert_eq!(week("2026-05-09", Sunday), from_to("2026-05-03", "2026-05-09", None));
    }

    #[test]
    fn at_a_years_end_the_week_belongs_to_the_year_of_its_thursday() {
        for (day, first, name) in [
            ("2024-12-29", "2024-12-23", "2024-W52"),
            ("2024-12-30", "2024-12-30", "2025-W01"),
            ("2025-01-01", "2024-12-30", "2025-W01"),
            // A year of 53 weeks: it begins on a Thursday.
            ("2026-01-01", "2025-12-29", "2026-W01"),
            ("2026-12-31", "2026-12-28", "2026-W53"),
            ("2027-01-03", "2026-12-28", "2026-W53"),
            ("2027-01-04", "2027-01-04", "2027-W01"),
            // 1 January on a Saturday and on a Sunday.
            ("2022-01-01", "2021-12-27", "2021-W52"),
            ("2023-01-01", "2022-12-26", "2022-W52"),
            // A leap day.
            ("2024-02-29", "2024-02-26", "2024-W09"),
        ] {
            let week = Week::of(date(day), WeekStart::Iso);
            assert_eq!((week.first(), week.name().as_deref()), (date(first), Some(name)), "{day}");
        }
        assert_eq!(week("2027-01-01", WeekStart::Sunday), from_to("2026-12-27", "2027-01-02", None));
        assert_eq!(week("2027-01-01", WeekStart::Monday), from_to("2026-12-28", "2027-01-03", None));
    }

    #[test]
    fn the_ends_of_the_calendar_are_no_trap() {
        for start in [WeekStart::Monday, WeekStart::Sunday, WeekStart::Iso] {
            for day in [NaiveDate::MIN, NaiveDate::MAX] {
                let week = Week::of(day, start);
                assert!((week.first()..=week.last()).contains(&day), "{day} {start:?}");
            }
        }
    }

    /// The table in docs/time.md: a day, and the first day of its week by each start.
    #[test]
    fn the_documents_examples_are_right() {
        let mut examples = 0;
        for line in include_str!("../../../docs/time.md").lines() {
            let cells: Vec<&str> = line.split('|').map(str::trim).collect();
            let [_, day, iso, monday, sunday, _] = cells[..] else { continue };
            let Ok(day) = day.parse() else { continue };
            let first = |start| Week::of(day, start).first().to_string();
            let named = Week::of(day, WeekStart::Iso).name().unwrap();
            assert_eq!(format!("{} {named}", first(WeekStart::Iso)), iso, "{line}");
            assert_eq!(
                (first(WeekStart::Monday).as_str(), first(WeekStart::Sunday).as_str()),
                (monday, sunday)
            );
            examples += 1;
        }
        assert_eq!(examples, 4);
    }

    fn any_start() -> impl Strategy<Value = WeekStart> {
        prop::sample::select(&[WeekStart::Monday, WeekStart::Sunday, WeekStart::Iso][..])
    }

    proptest! {
        #[test]
        fn every_day_is_in_exactly_one_week_and_weeks_adjoin(
            days in -100_000i32..100_000,
            start in any_start(),
        ) {
            let day = NaiveDate::from_epoch_days(days).unwrap();
            let week = Week::of(day, start);
            prop_assert!((week.first()..=week.last()).contains(&day));
            prop_assert_eq!((week.last() - week.first()).num_days(), 6);
            prop_assert_eq!(week.first().weekday(), start.weekday());
            // All of its days say the same week, its neighbours say another one.
            for other in week.first().iter_days().take(7) {
                prop_assert_eq!(Week::of(other, start).first(), week.first());
            }
            let next = Week::of(week.last().succ_opt().unwrap(), start);
            prop_assert_eq!(next.first(), week.last().succ_opt().unwrap());
            let before = Week::of(week.first().pred_opt().unwrap(), start);
            prop_assert_eq!(before.last(), week.first().pred_opt().unwrap());
        }

        #[test]
        fn iso_names_are_of_the_week_and_of_no_other(days in -100_000i32..100_000) {
            let week = Week::of(NaiveDate::from_epoch_days(days).unwrap(), WeekStart::Iso);
            let next = Week::of(week.last().succ_opt().unwrap(), WeekStart::Iso);
            prop_assert_eq!(Week::of(week.last(), WeekStart::Iso).name(), week.name());
            prop_assert!(week.name() != next.name());
            // Thursday's year, counted by hand.
            let thursday = week.first() + chrono::TimeDelta::days(3);
            let name = format!("{:04}-W{:02}", thursday.year(), thursday.ordinal0() / 7 + 1);
            prop_assert_eq!(week.name(), Some(name));
        }
    }
}
