//! The lines of a summary, and their order.

use std::cmp::Ordering;
use std::collections::HashMap;

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
    let rank = |group: &Group, level: usize| match group.keys.get(level) {
        None => 0,
        Some(Key { key: KeyValue::Day(day) | KeyValue::Month(day) | KeyValue::Year(day), .. }) => {
            i64::from(day.to_epoch_days())
        }
        Some(_) if group.keys.len() == level + 1 => -group.totals.seconds,
        Some(_) => -above[&path(&group.keys[..=level])],
    };
    // Groups are large: it is their numbers that are sorted, beside what mostly tells them apart.
    let mut order: Vec<([i64; LEVELS], usize)> =
        (0..).zip(&groups).map(|(at, group)| (std::array::from_fn(|level| rank(group, level)), at)).collect();
    order.sort_unstable_by(|(one, at), (other, other_at)| {
        let keys = groups[*at].keys.iter().zip(&groups[*other_at].keys);
        let levels = one.iter().zip(other).zip(keys);
        let mut orders = levels.map(|((rank, other_rank), (key, other_key))| {
            let names = || key.name.cmp(&other_key.name).then_with(|| key.key.cmp(&other_key.key));
            rank.cmp(other_rank).then_with(names)
        });
        orders.find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
    });
    let mut groups: Vec<Option<Group>> = groups.into_iter().map(Some).collect();
    order.into_iter().filter_map(|(_, at)| groups[at].take()).collect()
}
