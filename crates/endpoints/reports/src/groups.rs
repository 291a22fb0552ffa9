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
    let in_full = |one: &[i64; LEVELS], at: usize, other: &[i64; LEVELS], other_at: usize| {
        let keys = groups[at].keys.iter().zip(&groups[other_at].keys);
        let levels = one.iter().zip(other).zip(keys);
        let mut orders = levels.map(|((rank, other_rank), (key, other_key))| {
            let names = || key.name.cmp(&other_key.name).then_with(|| key.key.cmp(&other_key.key));
            rank.cmp(other_rank).then_with(names)
        });
        orders.find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
    };
    // Groups are large: it is their numbers that are sorted, beside what mostly tells them apart.
    let place = |(at, group): (usize, &Group)| {
        let ranks: [i64; LEVELS] = std::array::from_fn(|level| rank(group, level));
        ((ranks[0], begin_of_name(group)), ranks, at)
    };
    let mut order: Vec<_> = groups.iter().enumerate().map(place).collect();
    order.sort_unstable_by(|(begin, ranks, at), (other_begin, other_ranks, other_at)| {
        begin.cmp(other_begin).then_with(|| in_full(ranks, *at, other_ranks, *other_at))
    });
    let mut groups: Vec<Option<Group>> = groups.into_iter().map(Some).collect();
    order.into_iter().filter_map(|(.., at)| groups[at].take()).collect()
}

/// A number in the order of the first names, as far as that is one of their first bytes; none comes before all.
fn begin_of_name(group: &Group) -> u128 {
    let name = group.keys.first().and_then(|key| key.name.as_deref()).unwrap_or_default();
    let mut begin = [0; 16];
    begin.iter_mut().zip(name.bytes()).for_each(|(place, byte)| *place = byte);
    u128::from_be_bytes(begin)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::by::By;
    use uuid::Uuid;

    fn group(project: &str, task: &str, seconds: i64) -> Group {
        let key = |by, name: &str| {
            let id = Uuid::from_u128(name.bytes().fold(0, |id, byte| id * 31 + u128::from(byte)));
            Key { by, key: KeyValue::Id(id), name: Some(name.to_owned()), color: None }
        };
        let keys = vec![key(By::Project, project), key(By::Task, task)];
        Group { keys, totals: Totals { seconds, ..Totals::default() } }
    }

    #[test]
    fn levels_stay_together_also_where_times_and_long_beginnings_of_names_are_the_same() {
        let groups = [
            ("A very long name indeed 2", "small", 1),
            ("A very long name indeed 1", "Zebra", 5),
            ("Short", "only", 20),
            ("A very long name indeed 2", "large", 9),
            ("A very long name indeed 1", "Ant", 5),
        ];
        let ordered = in_order(groups.map(|(project, task, seconds)| group(project, task, seconds)).to_vec());
        let names: Vec<_> =
            ordered.iter().map(|group| group.keys[1].name.as_deref().unwrap_or_default()).collect();
        assert_eq!(names, ["only", "Ant", "Zebra", "large", "small"]);
    }
}
