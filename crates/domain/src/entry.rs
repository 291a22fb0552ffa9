//! A time entry and the rules that one entry must keep by itself. What concerns several entries (overlap,
//! one running timer) is the database's to keep, since only it sees concurrent requests.

use chrono::{DateTime, SubsecRound, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

use crate::days::{DayShare, split_by_day};

/// Longest description, in characters.
pub const MAX_DESCRIPTION: usize = 1000;
/// Longest project name, in characters.
pub const MAX_PROJECT: usize = 100;

/// What a person says of an entry. Built by [`Fields::new`] only, so one that exists keeps the rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fields {
    start: DateTime<Utc>,
    end: Option<DateTime<Utc>>,
    zone: Tz,
    description: String,
    project: Option<String>,
}

/// A rule that the fields break.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FieldsError {
    /// An entry ends after it starts.
    #[error("the end must be after the start")]
    EndNotAfterStart,
    /// The description is at most [`MAX_DESCRIPTION`] characters.
    #[error("at most {MAX_DESCRIPTION} characters")]
    DescriptionTooLong,
    /// A project's name has 1 to [`MAX_PROJECT`] characters.
    #[error("1 to {MAX_PROJECT} characters")]
    ProjectLength,
    /// PostgreSQL stores no NUL characters, and no other control character helps a person.
    #[error("no control characters other than line breaks and tabs")]
    ControlCharacter(&'static str),
    /// Instants lie between the years 1970 and 2200: what lies outside is a slip of the keyboard.
    #[error("between the years 1970 and 2200")]
    OutOfRange(&'static str),
}

impl FieldsError {
    /// The name of the field to blame.
    pub fn field(&self) -> &'static str {
        match self {
            Self::EndNotAfterStart => "end",
            Self::DescriptionTooLong => "description",
            Self::ProjectLength => "project",
            Self::ControlCharacter(field) | Self::OutOfRange(field) => field,
        }
    }
}

impl Fields {
    /// Check the rules. Instants are cut to whole seconds, texts are trimmed.
    ///
    /// # Errors
    /// The first rule that is broken.
    pub fn new(
        start: DateTime<Utc>,
        end: Option<DateTime<Utc>>,
        zone: Tz,
        description: &str,
        project: Option<&str>,
    ) -> Result<Self, FieldsError> {
        let start = in_range(start, "start")?;
        let end = end.map(|end| in_range(end, "end")).transpose()?;
        if end.is_some_and(|end| end <= start) {
            return Err(FieldsError::EndNotAfterStart);
        }
        let description = printable(description, "description")?;
        if description.chars().count() > MAX_DESCRIPTION {
            return Err(FieldsError::DescriptionTooLong);
        }
        let project = project.map(|name| printable(name, "project")).transpose()?;
        if project.as_ref().is_some_and(|name| name.is_empty() || name.chars().count() > MAX_PROJECT) {
            return Err(FieldsError::ProjectLength);
        }
        Ok(Self { start, end, zone, description, project })
    }

    /// When it began.
    pub fn start(&self) -> DateTime<Utc> {
        self.start
    }

    /// When it ended; none while it runs.
    pub fn end(&self) -> Option<DateTime<Utc>> {
        self.end
    }

    /// The zone whose midnights cut it.
    pub fn zone(&self) -> Tz {
        self.zone
    }

    /// What was done; may be empty.
    pub fn description(&self) -> &str {
        &self.description
    }

    /// What it was done for.
    pub fn project(&self) -> Option<&str> {
        self.project.as_deref()
    }

    /// Its length in seconds; none while it runs.
    pub fn seconds(&self) -> Option<i64> {
        self.end.map(|end| (end - self.start).num_seconds())
    }

    /// Its days in its own zone; none while it runs.
    pub fn days(&self) -> Vec<DayShare> {
        self.end.map_or_else(Vec::new, |end| split_by_day(self.start, end, self.zone))
    }
}

fn in_range(instant: DateTime<Utc>, field: &'static str) -> Result<DateTime<Utc>, FieldsError> {
    use chrono::Datelike;
    match instant.year() {
        1970..=2200 => Ok(instant.trunc_subsecs(0)),
        _ => Err(FieldsError::OutOfRange(field)),
    }
}

fn printable(text: &str, field: &'static str) -> Result<String, FieldsError> {
    let text = text.trim();
    match text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        true => Err(FieldsError::ControlCharacter(field)),
        false => Ok(text.to_owned()),
    }
}

/// An entry as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its own id.
    pub id: Uuid,
    /// Its owner, Keycloak's user id.
    pub user_id: Uuid,
    /// Rises by one with each change, from 1.
    pub version: i64,
    /// What the person said.
    pub fields: Fields,
    /// When it was first written.
    pub created_at: DateTime<Utc>,
    /// When it was last written.
    pub updated_at: DateTime<Utc>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn fields(
        start: &str,
        end: Option<&str>,
        description: &str,
        project: Option<&str>,
    ) -> Result<Fields, FieldsError> {
        Fields::new(at(start), end.map(at), Tz::UTC, description, project)
    }

    #[test]
    fn an_entry_ends_after_it_starts() {
        let start = "2026-01-10T09:00:00Z";
        for end in ["2026-01-10T09:00:00Z", "2026-01-10T08:00:00Z", "2026-01-10T09:00:00.9Z"] {
            assert_eq!(fields(start, Some(end), "", None), Err(FieldsError::EndNotAfterStart));
        }
        assert_eq!(fields(start, Some("2026-01-10T09:00:01Z"), "", None).unwrap().seconds(), Some(1));
    }

    #[test]
    fn a_running_entry_has_no_length_and_no_days() {
        let running = fields("2026-01-10T09:00:00Z", None, "", None).unwrap();
        assert_eq!(running.seconds(), None);
        assert!(running.days().is_empty());
    }

    #[test]
    fn texts_are_trimmed_and_bounded() {
        let start = "2026-01-10T09:00:00Z";
        let entry = fields(start, None, "  write \n", Some(" Atlas ")).unwrap();
        assert_eq!((entry.description(), entry.project()), ("write", Some("Atlas")));
        assert_eq!(fields(start, None, "", Some("  ")), Err(FieldsError::ProjectLength));
        assert_eq!(fields(start, None, &"é".repeat(1000), None).map(drop), Ok(()));
        assert_eq!(fields(start, None, &"é".repeat(1001), None), Err(FieldsError::DescriptionTooLong));
        assert_eq!(fields(start, None, "a\0b", None), Err(FieldsError::ControlCharacter("description")));
    }

    #[test]
    fn years_outside_a_lifetime_are_refused() {
        assert_eq!(fields("0026-01-10T09:00:00Z", None, "", None), Err(FieldsError::OutOfRange("start")));
        let late = fields("2026-01-10T09:00:00Z", Some("+12026-01-10T09:00:00Z"), "", None);
        assert_eq!(late, Err(FieldsError::OutOfRange("end")));
    }
}
