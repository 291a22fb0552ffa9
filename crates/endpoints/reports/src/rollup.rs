//! Totals out of the rollups: which of them can answer, and the statement over them.
//!
//! The coarsest one is read: by month for the whole months of a span where nothing asks for days; everybody's where
//! nothing asks for a person. Names are joined once all is added up.

use api::sql::Database;
use api::{Problem, ProblemType};
use chrono::{Datelike as _, Days, Months, NaiveDate};
use domain::WeekStart;

use crate::by::By;
use crate::filters::{Scope, Span};
use crate::groups::{Group, Totals, in_order};
use crate::parameters::Parameters;

/// How many groups a report may have.
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
    if rows.len() > MAX_GROUPS {
        let words = format!(
            "There are more than {MAX_GROUPS} groups: take a shorter time, a filter, or fewer things to group by."
        );
        return Err(Problem::new(ProblemType::TooManyGroups, words));
    }
    let mut groups = Vec::with_capacity(rows.len());
    for row in &rows {
        let amounts = row.read::<Option<_>>(2)?.unwrap_or_default();
        let totals = Totals { seconds: row.get(0)?, rounded_seconds: row.get(1)?, amounts };
        let keys = by.iter().enumerate().map(|(level, by)| by.read(row, 3 + 3 * level, week_start));
        groups.push(Group { keys: keys.collect::<Result<_, _>>()?, totals });
    }
    in_order(&mut groups);
    Ok(groups)
}

/// All of a scope's time, each second once.
pub(crate) async fn totals(db: &impl Database, scope: &Scope) -> Result<Totals, Problem> {
    let all = groups(db, scope, &[], WeekStart::default()).await?;
    all.into_iter().next().map(|group| group.totals).ok_or_else(|| ProblemType::Internal.into())
}

/// Seconds, rounded seconds, amounts, then key, name and colour of each level.
fn statement(scope: &Scope, by: &[By], week_start: WeekStart) -> (String, Parameters) {
    const SUMS: &str =
        "sum(seconds) AS seconds, sum(rounded_seconds) AS rounded_seconds, sum(amount) AS amount";
    let mut parameters = Parameters::default();
    let rows = source(scope, by, &mut parameters);

    // First by the rollup's own columns: PostgreSQL knows how many values they have, and plans well.
    let mut columns: Vec<&str> = Vec::new();
    for column in by.iter().map(|by| by.column()).chain(["currency"]) {
        if !columns.contains(&column) {
            columns.push(column);
        }
    }
    let columns = columns.join(", ");
    let by_column = format!("SELECT {columns}, {SUMS} FROM ({rows}) r GROUP BY {columns}");

    // Then by what is made of them: weeks of days, clients of projects; and last the currencies side by side.
    let clients = match by.contains(&By::Client) {
        true => "LEFT JOIN reporting.catalogue p ON p.kind = 'project' AND p.id = project_id",
        false => "",
    };
    let expressions: String =
        (1..).zip(by).map(|(level, by)| format!("{} AS k{level}, ", by.expression(week_start))).collect();
    let keys: String = (1..=by.len()).map(|level| format!("k{level}, ")).collect();
    let added = format!(
        "SELECT {expressions}currency, {SUMS} FROM ({by_column}) a {clients} GROUP BY {keys}currency"
    );
    let group_by = match keys.strip_suffix(", ") {
        Some(keys) => format!("GROUP BY {keys}"),
        None => String::new(),
    };

    let mut names = String::new();
    let mut columns = String::new();
    for (level, by) in (1..).zip(by) {
        match by.names() {
            Some(table) => {
                names += &format!(" LEFT JOIN {table} n{level} ON n{level}.id = g.k{level}");
                columns += &format!(", g.k{level}, n{level}.name, n{level}.color");
            }
            None => columns += &format!(", g.k{level}, NULL::text, NULL::text"),
        }
    }
    let statement = format!(
        "SELECT g.seconds, g.rounded_seconds, g.amounts{columns} FROM (\
         SELECT {keys}coalesce(sum(seconds), 0)::bigint AS seconds, \
         coalesce(sum(rounded_seconds), 0)::bigint AS rounded_seconds, \
         jsonb_agg(jsonb_build_object('currency', currency, 'amount', amount) ORDER BY currency) \
         FILTER (WHERE amount IS NOT NULL) AS amounts \
         FROM ({added}) c {group_by} LIMIT {}) g{names}",
        MAX_GROUPS + 1,
    );
    (statement, parameters)
}

/// The rows to add up, of each rollup that has some.
fn source(scope: &Scope, by: &[By], parameters: &mut Parameters) -> String {
    let grain = Grain::of(scope, by);
    let conditions = scope.conditions(parameters, |id| format!("tag_id = {id}"));
    let parts: Vec<String> = parts(scope.span, grain.days_suffice() || by.iter().any(|by| by.needs_days()))
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
    parts.join(" UNION ALL ")
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

    /// Whether there is a rollup by day that has so few rows that months would gain nothing.
    fn days_suffice(self) -> bool {
        !self.user && !self.tag && !self.work
    }

    fn columns(self) -> String {
        [(self.user, ", user_id"), (self.tag, ", tag_id"), (self.work, ", project_id, task_id")]
            .into_iter()
            .filter_map(|(told, columns)| told.then_some(columns))
            .collect()
    }

    /// The coarsest table that tells it (`reporting.rollups` has them all).
    fn table(self, period: &str) -> String {
        let kind = match (self, period) {
            (Self { work: true, .. } | Self { user: true, tag: true, .. }, _) => "totals",
            (Self { user: false, tag: false, .. }, "day") | (_, "month") => "sums",
            _ => "totals",
        };
        let user = if self.user { "user_" } else { "" };
        let tag = if self.tag { "_tag" } else { "" };
        format!("{user}{period}{tag}_{kind}")
    }
}

/// A span, cut into its whole months and the days around them, and the period of the rollup for each.
fn parts(span: Span, by_day: bool) -> Vec<(&'static str, Span)> {
    let first_of = |day: NaiveDate| day.with_day(1).unwrap_or(day);
    // The first day of the first whole month, and the day after the last whole month.
    let begin = match span.from.day() {
        1 => Some(span.from),
        _ => first_of(span.from).checked_add_months(Months::new(1)),
    };
    let end = span.to.checked_add_days(Days::new(1)).map(first_of);
    let (Some(begin), Some(end), false) = (begin, end, by_day) else { return vec![("day", span)] };
    if begin >= end {
        return vec![("day", span)];
    }
    let before = |day: NaiveDate| day.pred_opt().unwrap_or(day);
    [
        ("day", Span { from: span.from, to: before(begin) }),
        ("month", Span { from: begin, to: before(end) }),
        ("day", Span { from: end, to: span.to }),
    ]
    .into_iter()
    .filter(|(_, part)| part.from <= part.to)
    .collect()
}

#[cfg(test)]
mod tests;
