//! The rows of a report as one row of lists, a list for each column.

use api::sql::lists::{numbers, texts};
use api::sql::{Error, Rows};
use domain::WeekStart;

use crate::by::{By, Key};
use crate::groups::{Amount, Group, Totals};

/// The lists of `g`'s sums and currencies, then of each level's keys, and their names and colours (`n1`, `n2`, …).
pub(super) fn columns(by: &[By]) -> String {
    let mut columns = vec![
        numbers("g.seconds"),
        numbers("g.rounded_seconds"),
        texts("g.currency"),
        numbers("coalesce(g.amount, 0)"),
    ];
    for (level, by) in (1..).zip(by) {
        columns.push(by.listed(&format!("g.k{level}")));
        if by.names().is_some() {
            columns.push(texts(&format!("n{level}.name")));
            if by.has_colors() {
                columns.push(texts(&format!("n{level}.color")));
            }
        }
    }
    columns.join(", ")
}

/// Read [`columns`]: a group for each currency that it has; and whether there is any.
pub(super) fn read(rows: &Rows, by: &[By], week_start: WeekStart) -> Result<(Vec<Group>, bool), Error> {
    let row = rows.first().ok_or_else(|| Error::Fault("no row of lists".to_owned()))?;
    let mut columns = row.columns();
    let (seconds, rounded) = (columns.numbers()?, columns.numbers()?);
    let (currencies, amounts) = (columns.texts()?, columns.numbers()?);
    let with_currencies = currencies.iter().any(Option::is_some);
    let money = currencies.into_iter().zip(amounts);
    let mut levels = by
        .iter()
        .map(|by| Ok(by.read(&mut columns, week_start)?.into_iter()))
        .collect::<Result<Vec<std::vec::IntoIter<Key>>, Error>>()?;
    let groups = seconds.into_iter().zip(rounded).zip(money).map(
        |((seconds, rounded_seconds), (currency, amount))| {
            let amounts = currency.map(|currency| Amount { currency, amount });
            let totals = Totals { seconds, rounded_seconds, amounts: amounts.into_iter().collect() };
            Group { keys: levels.iter_mut().filter_map(Iterator::next).collect(), totals }
        },
    );
    Ok((groups.collect(), with_currencies))
}
