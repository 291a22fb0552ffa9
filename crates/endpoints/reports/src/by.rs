//! By what a report is grouped, and how a rollup tells it.

use api::sql::{Columns, Error, lists};
use api::{Problem, ProblemType};
use chrono::NaiveDate;
use domain::{Week, WeekStart};
use serde::{Deserialize, Serialize, Serializer};
use uuid::Uuid;

use crate::entry_lines::Named;
use crate::groups::LEVELS;
use crate::rollup::Period;

/// By what a report is grouped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = GroupBy))]
pub enum By {
    /// Whose time it is.
    User,
    /// The client whose project it is today.
    Client,
    /// The project.
    Project,
    /// The task.
    Task,
    /// The tag. Time with two tags is under both.
    Tag,
    /// Whether somebody pays for it.
    Billable,
    /// The calendar day.
    Day,
    /// The week.
    Week,
    /// The calendar month.
    Month,
    /// The calendar year.
    Year,
}

impl By {
    /// Check that a report can be grouped so.
    ///
    /// # Errors
    /// `invalid`, naming `group_by`.
    pub fn check(all: &[Self]) -> Result<(), Problem> {
        let repeated = (1..all.len()).any(|at| all[..at].contains(&all[at]));
        match repeated || !(1..=LEVELS).contains(&all.len()) {
            true => Err(Problem::new(ProblemType::Invalid, "One to three different ones.").field("group_by")),
            false => Ok(()),
        }
    }

    /// The longest period whose sums still tell it.
    pub(crate) fn longest(self) -> Period {
        match self {
            Self::Day | Self::Week => Period::Day,
            Self::Month => Period::Month,
            _ => Period::Year,
        }
    }

    /// The rollup's column that tells it.
    pub(crate) fn column(self) -> &'static str {
        match self {
            Self::User => "user_id",
            Self::Client | Self::Project => "project_id",
            Self::Task => "task_id",
            Self::Tag => "tag_id",
            Self::Billable => "billable",
            Self::Day | Self::Week | Self::Month | Self::Year => "day",
        }
    }

    /// What is made of that column in rows of periods no shorter than `shortest`. `p` is the project in the catalogue.
    pub(crate) fn expression(self, week_start: WeekStart, shortest: Period) -> &'static str {
        match self {
            // Their rows have their first day.
            Self::Month if shortest == Period::Month => self.column(),
            Self::Year if shortest == Period::Year => self.column(),
            Self::Client => "p.parent",
            Self::Week if week_start == WeekStart::Sunday => {
                "date_trunc('week', (day + 1)::timestamp)::date - 1"
            }
            Self::Week => "date_trunc('week', day::timestamp)::date",
            Self::Month => "date_trunc('month', day::timestamp)::date",
            Self::Year => "date_trunc('year', day::timestamp)::date",
            _ => self.column(),
        }
    }

    /// Where its names are, if it has some: id, name and colour (if it [has](Self::has_colors) one).
    pub(crate) fn names(self) -> Option<&'static str> {
        match self {
            Self::User => Some("reporting.people"),
            Self::Client => Some("(SELECT id, name, color FROM reporting.catalogue WHERE kind = 'client')"),
            Self::Project => Some("(SELECT id, name, color FROM reporting.catalogue WHERE kind = 'project')"),
            Self::Task => Some("(SELECT id, name, color FROM reporting.catalogue WHERE kind = 'task')"),
            Self::Tag => Some("(SELECT id, name, color FROM reporting.catalogue WHERE kind = 'tag')"),
            _ => None,
        }
    }

    /// Whether what has a name has a colour too.
    pub(crate) fn has_colors(self) -> bool {
        !matches!(self, Self::User)
    }

    /// A list of keys, `k` being one: ids, days from 1970-01-01, billable as 1.
    pub(crate) fn listed(self, k: &str) -> String {
        match self {
            Self::Billable => lists::numbers(&format!("{k}::int")),
            Self::Day | Self::Week | Self::Month | Self::Year => {
                lists::numbers(&format!("{k} - date '1970-01-01'"))
            }
            _ => lists::ids(k),
        }
    }

    /// Read a list of keys, with names and colours where there are some.
    pub(crate) fn read(self, columns: &mut Columns<'_>, week_start: WeekStart) -> Result<Vec<Key>, Error> {
        let keys = match self {
            Self::Billable => columns.numbers()?.into_iter().map(|flag| KeyValue::Flag(flag != 0)).collect(),
            Self::Day | Self::Week => days(columns, KeyValue::Day)?,
            Self::Month => days(columns, KeyValue::Month)?,
            Self::Year => days(columns, KeyValue::Year)?,
            _ => columns.ids()?.into_iter().map(|id| id.map_or(KeyValue::None, KeyValue::Id)).collect(),
        };
        let named = self.names().is_some();
        let mut texts = |told: bool| if told { columns.texts() } else { Ok(Vec::new()) };
        let mut names = texts(named)?.into_iter();
        let mut colors = texts(named && self.has_colors())?.into_iter();
        let key = |key| {
            let name = match (self, key) {
                (Self::Week, KeyValue::Day(first)) => Week::of(first, week_start).name(),
                _ => names.next().flatten(),
            };
            Key { by: self, key, name, color: colors.next().flatten() }
        };
        Ok(keys.into_iter().map(key).collect())
    }
}

fn days(columns: &mut Columns<'_>, of: fn(NaiveDate) -> KeyValue) -> Result<Vec<KeyValue>, Error> {
    let day = |since_1970: i64| NaiveDate::from_epoch_days(i32::try_from(since_1970).ok()?);
    let far = || Error::Fault("a day that no calendar has".to_owned());
    columns.numbers()?.into_iter().map(|days| day(days).map(of).ok_or_else(far)).collect()
}

/// What a group is about, in one of the ways that it is grouped by.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ReportKey))]
pub struct Key {
    /// In which way.
    pub(crate) by: By,
    /// An id; `true` or `false`; a day or a week's first day (`2026-05-04`), a month (`2026-05`), a year (`2026`). Null for
    /// time that has none: no project, no tag.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub(crate) key: KeyValue,
    /// The name of what has an id, or an ISO week's (`2026-W19`); null where there is none, or where it is not known yet.
    pub(crate) name: Option<String>,
    /// The colour of a project, client, task or tag; null for all else.
    #[cfg_attr(feature = "openapi", schema(pattern = "^#[0-9a-f]{6}$"))]
    pub(crate) color: Option<String>,
}

impl Key {
    /// What has an id, with its name.
    pub(crate) fn named(&self) -> Option<Named> {
        match self.key {
            KeyValue::Id(id) => Some(Named { id, name: self.name.clone(), color: self.color.clone() }),
            _ => None,
        }
    }
}

/// Which one it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum KeyValue {
    /// Time that has none.
    None,
    /// A person, project, client, task or tag.
    Id(Uuid),
    /// Billable or not.
    Flag(bool),
    /// A day, or a week by its first one.
    Day(NaiveDate),
    /// A month, by its first day.
    Month(NaiveDate),
    /// A year, by its first day.
    Year(NaiveDate),
}

impl Serialize for KeyValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::None => serializer.serialize_none(),
            Self::Id(id) => {
                serializer.serialize_str(id.hyphenated().encode_lower(&mut Uuid::encode_buffer()))
            }
            Self::Flag(yes) => serializer.collect_str(yes),
            Self::Day(day) => serializer.collect_str(day),
            Self::Month(first) => serializer.collect_str(&first.format("%Y-%m")),
            Self::Year(first) => serializer.collect_str(&first.format("%Y")),
        }
    }
}
