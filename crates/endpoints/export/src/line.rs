//! A line of an export: an entry with the names and the clock that people read.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use endpoints_reports::{EntryLine, Named};

/// The columns that every format has, in this order.
pub const COLUMNS: [&str; 14] = [
    "start",
    "end",
    "zone",
    "user",
    "client",
    "project",
    "task",
    "tags",
    "description",
    "billable",
    "seconds",
    "rounded_seconds",
    "amount",
    "currency",
];

/// What a file says of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Title {
    /// Its heading.
    pub title: String,
    /// What it was asked for, a filter each: `from 2026-05-01`.
    pub filters: Vec<String>,
}

/// An entry in a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// When it began, by the clock of the entry's zone.
    pub start: DateTime<Tz>,
    /// When it ended, by the same clock.
    pub end: DateTime<Tz>,
    /// Whose it is; empty where the name is not known yet, here as below.
    pub user: String,
    /// Whose project it is.
    pub client: String,
    /// What it was done for.
    pub project: String,
    /// Which task of it.
    pub task: String,
    /// Its tags, separated by `, `; one that contains a comma or a quote is quoted as in CSV.
    pub tags: String,
    /// What was done.
    pub description: String,
    /// Whether somebody pays for it.
    pub billable: bool,
    /// Its time in the report's span.
    pub seconds: i64,
    /// The same after rounding.
    pub rounded_seconds: i64,
    /// What that is worth, in the currency's smallest unit.
    pub amount: Option<i64>,
    /// The currency; empty where there is no rate.
    pub currency: String,
}

impl Line {
    /// The texts between the zone and whether it is billable, in the columns' order.
    pub(crate) fn texts(&self) -> [&str; 7] {
        [
            self.start.timezone().name(),
            &self.user,
            &self.client,
            &self.project,
            &self.task,
            &self.tags,
            &self.description,
        ]
    }
}

impl From<EntryLine> for Line {
    fn from(entry: EntryLine) -> Self {
        // Zones are checked when an entry is written; one that a later release of the zones dropped is shown in UTC.
        let zone: Tz = entry.zone.parse().unwrap_or(Tz::UTC);
        let local = |at: DateTime<Utc>| at.with_timezone(&zone);
        let name = |named: Option<Named>| named.and_then(|named| named.name).unwrap_or_default();
        let tags: Vec<String> =
            entry.tags.into_iter().filter_map(|tag| tag.name).map(|name| quoted_tag(&name)).collect();
        Self {
            start: local(entry.start),
            end: local(entry.end),
            user: entry.user.name.unwrap_or_default(),
            client: name(entry.client),
            project: name(entry.project),
            task: name(entry.task),
            tags: tags.join(", "),
            description: entry.description,
            billable: entry.billable,
            seconds: entry.seconds,
            rounded_seconds: entry.rounded_seconds,
            amount: entry.amount,
            currency: entry.currency.unwrap_or_default(),
        }
    }
}

/// A tag in a list of tags, so that a comma in its name does not look like two tags.
fn quoted_tag(name: &str) -> String {
    match name.contains([',', '"']) {
        true => format!("\"{}\"", name.replace('"', "\"\"")),
        false => name.to_owned(),
    }
}

/// What a file ends with.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    /// How many lines there are.
    pub lines: usize,
    /// All their time.
    pub seconds: i64,
    /// All their billable time.
    pub billable_seconds: i64,
}

impl Totals {
    /// Those of some lines.
    pub fn of(lines: &[Line]) -> Self {
        lines.iter().fold(Self::default(), |sum, line| Self {
            lines: sum.lines + 1,
            seconds: sum.seconds + line.seconds,
            billable_seconds: sum.billable_seconds + if line.billable { line.seconds } else { 0 },
        })
    }
}

/// Seconds as people read them: `1:30`, with seconds where they are no full minutes.
pub(crate) fn clock(seconds: i64) -> String {
    let (hours, minutes, rest) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match rest {
        0 => format!("{hours}:{minutes:02}"),
        rest => format!("{hours}:{minutes:02}:{rest:02}"),
    }
}
