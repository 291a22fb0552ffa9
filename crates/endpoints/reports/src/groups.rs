//! The lines of a summary, and their order.

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
        for Group { totals, .. } in groups {
            sum.seconds += totals.seconds;
            sum.rounded_seconds += totals.rounded_seconds;
            for Amount { currency, amount } in &totals.amounts {
                match sum.amounts.iter_mut().find(|known| known.currency == *currency) {
                    Some(known) => known.amount += amount,
                    None => sum.amounts.push(Amount { currency: currency.clone(), amount: *amount }),
                }
            }
        }
        sum.amounts.sort_by(|one, other| one.currency.cmp(&other.currency));
        sum
    }
}

/// Level by level: what is of the calendar in the order of time, all else by falling time; where that is the same, by
/// name.
pub(crate) fn in_order(groups: &mut [Group]) {
    let path = |group: &Group, level: usize| -> Vec<KeyValue> {
        group.keys[..=level].iter().map(|key| key.key).collect()
    };
    let mut below: HashMap<Vec<KeyValue>, i64> = HashMap::new();
    for group in groups.iter() {
        for level in 0..group.keys.len() {
            *below.entry(path(group, level)).or_default() += group.totals.seconds;
        }
    }
    groups.sort_by_cached_key(|group| {
        let place = |(level, key): (usize, &Key)| match key.by.is_calendar() {
            true => (0, None, key.key),
            false => (-below[&path(group, level)], key.name.clone(), key.key),
        };
        group.keys.iter().enumerate().map(place).collect::<Vec<_>>()
    });
}
