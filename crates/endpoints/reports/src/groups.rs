//! The lines of a summary, and their order.

use std::cmp::Ordering;
use std::collections::HashMap;

use api::sql::{Columns, Error};
use serde::{Deserialize, Serialize};

use crate::by::{Key, KeyValue};

/// Time and money.
#[derive(Debug, Clone, Default, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ReportTotals))]
pub struct Totals {
    /// Tracked time.
    pub(crate) seconds: i64,
    /// The same after rounding, entry by entry.
    pub(crate) rounded_seconds: i64,
    /// What it is worth, by currency; empty where there are no rates.
    pub(crate) amounts: Vec<Amount>,
}

/// Money of one currency.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ReportAmount))]
pub(crate) struct Amount {
    /// ISO 4217
    pub currency: String,
    /// In the currency's smallest unit.
    pub amount: i64,
}

/// One line of a summary.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ReportGroup))]
pub struct Group {
    /// What it is about: as many as the summary is grouped by, in that order.
    pub(crate) keys: Vec<Key>,
    #[serde(flatten)]
    pub(crate) totals: Totals,
}

impl Totals {
    /// The sum of groups that have no second in common.
    pub(crate) fn of(groups: &[Group]) -> Self {
        let mut sum = Self::default();
        groups.iter().for_each(|group| sum.add(&group.totals));
        sum
    }

    pub(crate) fn add(&mut self, other: &Self) {
        self.seconds += other.seconds;
        self.rounded_seconds += other.rounded_seconds;
        for Amount { currency, amount } in &other.amounts {
            match self.amounts.binary_search_by(|known| known.currency.cmp(currency)) {
                Ok(at) => self.amounts[at].amount += amount,
                Err(at) => self.amounts.insert(at, Amount { currency: currency.clone(), amount: *amount }),
            }
        }
    }

    /// Read seconds, rounded seconds, currency and amount.
    pub(crate) fn read(columns: &mut Columns<'_>) -> Result<Self, Error> {
        let (seconds, rounded_seconds) = (columns.read()?, columns.read()?);
        let (currency, amount) = (columns.read::<Option<_>>()?, columns.read::<Option<_>>()?);
        let amounts = currency.zip(amount).map(|(currency, amount)| Amount { currency, amount });
        Ok(Self { seconds, rounded_seconds, amounts: amounts.into_iter().collect() })
    }
}

/// The keys of a group, or of a level above: it then ends early.
pub(crate) type Path = [Option<KeyValue>; LEVELS];

/// By how many things a report can be grouped at once.
pub(crate) const LEVELS: usize = 3;

pub(crate) fn path(keys: &[Key]) -> Path {
    std::array::from_fn(|level| keys.get(level).map(|key| key.key))
}

/// Level by level: what is of the calendar in the order of time, all else by falling time; where that is the same, by
/// name.
pub(crate) fn in_order(groups: Vec<Group>) -> Vec<Group> {
    let mut above: HashMap<Path, i64> = HashMap::new();
    for group in &groups {
        for level in 1..group.keys.len() {
            *above.entry(path(&group.keys[..level])).or_default() += group.totals.seconds;
        }
    }
    let time = |group: &Group, level: usize| match group.keys.len() == level + 1 {
        true => group.totals.seconds,
        false => above[&path(&group.keys[..=level])],
    };
    let mut timed: Vec<([i64; LEVELS], Group)> = groups
        .into_iter()
        .map(|group| {
            let times =
                std::array::from_fn(|level| if level < group.keys.len() { time(&group, level) } else { 0 });
            (times, group)
        })
        .collect();
    timed.sort_unstable_by(|(times, one), (others, other)| {
        let levels = times.iter().zip(&one.keys).zip(others.iter().zip(&other.keys));
        let mut orders = levels.map(|((time, key), (other_time, other_key))| match key.by.is_calendar() {
            true => key.key.cmp(&other_key.key),
            false => (other_time.cmp(time))
                .then_with(|| key.name.cmp(&other_key.name))
                .then_with(|| key.key.cmp(&other_key.key)),
        });
        orders.find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
    });
    timed.into_iter().map(|(_, group)| group).collect()
}
