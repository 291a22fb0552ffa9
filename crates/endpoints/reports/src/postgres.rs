//! The read model in PostgreSQL.

use api::sql::{Database, Error};
use chrono::NaiveDate;
use uuid::Uuid;

use crate::{Group, GroupBy, Reports};

const BY_DAY: &str = include_str!("sql/summary_by_day.sql");
const BY_PROJECT: &str = include_str!("sql/summary_by_project.sql");

/// The read model in the schema `reporting`.
pub struct PostgresReports<D>(pub D);

impl<D: Database> Reports for PostgresReports<D> {
    async fn summary(
        &self,
        user: Uuid,
        from: NaiveDate,
        to: NaiveDate,
        group_by: GroupBy,
    ) -> Result<Vec<Group>, Error> {
        let statement = match group_by {
            GroupBy::Day => BY_DAY,
            GroupBy::Project => BY_PROJECT,
        };
        let rows = self.0.query(statement, vec![user.into(), from.into(), to.into()]).await?;
        rows.iter().map(|row| Ok(Group { key: row.get(0)?, seconds: row.get(1)? })).collect()
    }
}
