//! What the reports need of the read model.

use std::future::Future;

use api::sql::Error;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// By what a summary is grouped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum GroupBy {
    /// One group a calendar day.
    Day,
    /// One group a project.
    Project,
}

/// One line of a summary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// The day (`2026-01-10`) or the project's name; none for time without a project.
    pub key: Option<String>,
    /// Tracked time.
    pub seconds: i64,
}

/// The read model.
pub trait Reports {
    /// A person's time from the first to the last day, both included, in groups: days in order, projects
    /// by falling time.
    fn summary(
        &self,
        user: Uuid,
        from: NaiveDate,
        to: NaiveDate,
        group_by: GroupBy,
    ) -> impl Future<Output = Result<Vec<Group>, Error>>;
}
