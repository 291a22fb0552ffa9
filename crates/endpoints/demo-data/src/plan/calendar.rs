//! On which days somebody works.

use chrono::{Datelike as _, Days, NaiveDate, Weekday};
use fastrand::Rng;

/// Whose public holidays somebody has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Country {
    France,
    Switzerland,
    UnitedStates,
    India,
    Elsewhere,
}

impl Country {
    /// Holidays with a date of their own, as (month, day). Those that follow the moon or a weekday are left out.
    fn holidays(self) -> &'static [(u32, u32)] {
        match self {
            Self::France => &[(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)],
            Self::Switzerland => &[(1, 1), (1, 2), (8, 1), (12, 25), (12, 26)],
            Self::UnitedStates => &[(1, 1), (6, 19), (7, 4), (11, 11), (12, 25)],
            Self::India => &[(1, 1), (1, 26), (8, 15), (10, 2), (12, 25)],
            Self::Elsewhere => &[(1, 1), (5, 1), (12, 25), (12, 26)],
        }
    }
}

/// The days of `from..=to` on which somebody works: no weekends, no public holidays, one or two weeks of holidays,
/// a few days ill.
pub(super) fn workdays(rng: &mut Rng, country: Country, from: NaiveDate, to: NaiveDate) -> Vec<NaiveDate> {
    let weekday = |day: &NaiveDate| !matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
    let holiday = |day: &NaiveDate| country.holidays().contains(&(day.month(), day.day()));
    let mut days: Vec<NaiveDate> =
        from.iter_days().take_while(|day| *day <= to).filter(|day| weekday(day) && !holiday(day)).collect();
    // Whole weeks away, not in the first weeks and not in the last ones, which everybody looks at first.
    for _ in 0..rng.u32(1..=2) {
        let monday = from.week(Weekday::Mon).first_day() + Days::new(7 * rng.u64(4..=21));
        days.retain(|day| !(monday..monday + Days::new(7)).contains(day));
    }
    for _ in 0..rng.u32(1..=3) {
        if days.len() > 10 {
            days.remove(rng.usize(..days.len() - 5));
        }
    }
    days
}
