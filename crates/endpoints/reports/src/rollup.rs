//! Totals out of the rollups: which of them can answer, and the statement over them.
//!
//! The coarsest one is read: by month for the whole months of a span where nothing asks for days (and so by year, where
//! there is one); everybody's where nothing asks for a person. Names are joined once all is added up.

mod lists;

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use api::sql::{Database, Parameters};
use api::{Problem, ProblemType};
use chrono::{Datelike as _, Months, NaiveDate};
use domain::WeekStart;

use crate::by::By;
use crate::filters::{Scope, Span};
use crate::groups::{Group, Path, Totals, in_order, path};

/// How many groups a report may have; a group counts once for each of its currencies.
pub(crate) const MAX_GROUPS: usize = 10_000;

/// The groups of a report, in order: calendar ones in that of time, others by falling time, each level within the one
/// before it. With a tag as filter there is no other tag among the groups.
pub(crate) async fn groups(
    db: &impl Database,
    scope: &Scope,
    by: &[By],
    week_start: WeekStart,
) -> Result<Vec<Group>, Problem> {
    let (statement, parameters) = statement(scope, by, week_start);
    let rows = db.query(&statement, parameters.0).await?;
    let (rows, with_currencies) = lists::read(&rows, by, week_start)?;
    if rows.len() > MAX_GROUPS {
        let words = format!(
            "There are more than {MAX_GROUPS} groups: take a shorter time, a filter, or fewer things to group by."
        );
        return Err(Problem::new(ProblemType::TooManyGroups, words));
    }
    Ok(in_order(if with_currencies { merged(rows) } else { rows }))
}

/// A group for each currency becomes one with all of them.
fn merged(rows: Vec<Group>) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::with_capacity(rows.len());
    let mut known: HashMap<Path, usize> = HashMap::with_capacity(rows.len());
    for row in rows {
        match known.entry(path(&row.keys)) {
            Entry::Occupied(at) => groups[*at.get()].totals.add(&row.totals),
            Entry::Vacant(at) => {
                at.insert(groups.len());
                groups.push(row);
            }
        }
    }
    groups
}

/// All of a scope's time, each second once.
pub(crate) async fn totals(db: &impl Database, scope: &Scope) -> Result<Totals, Problem> {
    Ok(Totals::of(&groups(db, scope, &[], WeekStart::default()).await?))
}

/// What [`lists::read`] reads.
fn statement(scope: &Scope, by: &[By], week_start: WeekStart) -> (String, Parameters) {
    const SUMS: &str = "reporting.total(seconds) AS seconds, reporting.total(rounded_seconds) AS rounded_seconds, \
                        reporting.total(amount) AS amount";
    let mut parameters = Parameters::default();
    let (rows, shortest) = source(scope, by, &mut parameters);
    let expression = |by: &By| by.expression(week_start, shortest);

    // First by the rollup's own columns: PostgreSQL knows how many values they have, and plans well.
    let mut columns: Vec<&str> = Vec::new();
    for column in by.iter().map(|by| by.column()).chain(["currency"]) {
        if !columns.contains(&column) {
            columns.push(column);
        }
    }
    let columns = columns.join(", ");
    let by_column = format!("SELECT {columns}, {SUMS} FROM ({rows}) r GROUP BY {columns}");

    // Then by what is made of them: weeks of days, clients of projects.
    let keys: String = (1..=by.len()).map(|level| format!("k{level}, ")).collect();
    let expressions: String =
        (1..).zip(by).map(|(level, by)| format!("{} AS k{level}, ", expression(by))).collect();
    let clients = match by.contains(&By::Client) {
        true => " LEFT JOIN reporting.catalogue p ON p.kind = 'project' AND p.id = project_id",
        false => "",
    };
    let added = match by.iter().all(|by| expression(by) == by.column()) {
        true => {
            format!("SELECT {expressions}currency, seconds, rounded_seconds, amount FROM ({by_column}) a")
        }
        false => format!(
            "SELECT {expressions}currency, {SUMS} FROM ({by_column}) a{clients} GROUP BY {keys}currency"
        ),
    };

    let lists = lists::columns(by);
    let names: String = (1..)
        .zip(by)
        .filter_map(|(level, by)| {
            by.names().map(|table| format!(" LEFT JOIN {table} n{level} ON n{level}.id = g.k{level}"))
        })
        .collect();
    (format!("SELECT {lists} FROM ({added} LIMIT {}) g{names}", MAX_GROUPS + 1), parameters)
}

/// The rows to add up, of each rollup that has some, and the shortest of their periods.
fn source(scope: &Scope, by: &[By], parameters: &mut Parameters) -> (String, Period) {
    let grain = Grain::of(scope, by);
    let conditions = scope.conditions(parameters, |id| format!("tag_id = {id}"));
    let longest = by.iter().map(|by| by.longest()).fold(grain.longest(), Period::min);
    let parts = parts(scope.span, longest);
    let shortest = parts.iter().map(|(period, _)| *period).fold(longest, Period::min);
    let selects: Vec<String> = parts
        .into_iter()
        .map(|(period, span)| {
            let (from, to) = (parameters.bind(span.from, "date"), parameters.bind(span.to, "date"));
            format!(
                "SELECT day, billable, currency, seconds, rounded_seconds, amount{} \
                 FROM reporting.{} WHERE day BETWEEN {from} AND {to}{conditions}",
                grain.columns(),
                grain.table(period),
            )
        })
        .collect();
    (selects.join(" UNION ALL "), shortest)
}

/// What a rollup must tell apart, beside days or months.
#[derive(Clone, Copy)]
struct Grain {
    user: bool,
    tag: bool,
    /// Projects and tasks, and so clients.
    work: bool,
}

impl Grain {
    fn of(scope: &Scope, by: &[By]) -> Self {
        let work = [scope.client, scope.project, scope.task].iter().any(Option::is_some);
        Self {
            user: scope.user.is_some() || by.contains(&By::User),
            tag: scope.tag.is_some() || by.contains(&By::Tag),
            work: work || by.iter().any(|by| matches!(by, By::Client | By::Project | By::Task)),
        }
    }

    /// The longest period of which there is a rollup worth reading: all days together are few.
    fn longest(self) -> Period {
        match self {
            Self { user: false, tag: false, work: false } => Period::Day,
            Self { user: true, tag: false, work: false } => Period::Year,
            _ => Period::Month,
        }
    }

    fn columns(self) -> String {
        [(self.user, ", user_id"), (self.tag, ", tag_id"), (self.work, ", project_id, task_id")]
            .into_iter()
            .filter_map(|(told, columns)| told.then_some(columns))
            .collect()
    }

    /// The coarsest table that tells it (`reporting.rollups` has them all).
    fn table(self, period: Period) -> String {
        let kind = match (self, period) {
            (Self { work: true, .. } | Self { user: true, tag: true, .. }, _) => "totals",
            (Self { user: false, tag: false, .. }, _) | (_, Period::Month | Period::Year) => "sums",
            _ => "totals",
        };
        let user = if self.user { "user_" } else { "" };
        let tag = if self.tag { "_tag" } else { "" };
        format!("{user}{}{tag}_{kind}", period.name())
    }
}

/// Of what length a rollup's sums are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Period {
    Day,
    Month,
    Year,
}

impl Period {
    fn name(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Month => "month",
            Self::Year => "year",
        }
    }

    /// The first day of the period that a day is in.
    fn first_of(self, day: NaiveDate) -> NaiveDate {
        match self {
            Self::Day => Some(day),
            Self::Month => day.with_day(1),
            Self::Year => day.with_ordinal(1),
        }
        .unwrap_or(day)
    }

    /// The whole ones in a span.
    fn whole_in(self, span: Span) -> Option<Span> {
        let months = Months::new(if self == Self::Year { 12 } else { 1 });
        let begin = match self.first_of(span.from) {
            first if first == span.from => first,
            first => first.checked_add_months(months)?,
        };
        let last = self.first_of(span.to.succ_opt()?).pred_opt()?;
        (begin <= last).then_some(Span { from: begin, to: last })
    }
}

/// A span, cut into its whole periods, the longest first, and what is left around them.
fn parts(span: Span, longest: Period) -> Vec<(Period, Span)> {
    let shorter = match longest {
        Period::Day => return vec![(Period::Day, span)],
        Period::Month => Period::Day,
        Period::Year => Period::Month,
    };
    let Some(whole) = longest.whole_in(span) else { return parts(span, shorter) };
    let before = whole.from.pred_opt().map(|to| Span { from: span.from, to });
    let after = whole.to.succ_opt().map(|from| Span { from, to: span.to });
    let around =
        |part: Option<Span>| part.filter(|part| part.from <= part.to).map(|part| parts(part, shorter));
    [around(before), Some(vec![(longest, whole)]), around(after)].into_iter().flatten().flatten().collect()
}

#[cfg(test)]
mod tests;
