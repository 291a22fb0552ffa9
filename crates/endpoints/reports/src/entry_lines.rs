//! Entries with all their names, page by page: what the detailed report and the exports show.

use api::sql::{Database, Error, Parameters, Row};
use api::{Problem, like};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::filters::Scope;

const LINES: &str = include_str!("sql/detailed.sql");

/// Which entries.
#[derive(Debug, Clone)]
pub struct Filter {
    /// Those with time of this.
    pub scope: Scope,
    /// And with a text like this (an SQL pattern) in the description or in a name.
    text: Option<String>,
}

impl Filter {
    /// Entries with time of a scope, and with the text `q` if there is one.
    ///
    /// # Errors
    /// `malformed`, naming `q`.
    pub fn new(scope: Scope, q: Option<&str>) -> Result<Self, Problem> {
        Ok(Self { scope, text: q.map(like).transpose()? })
    }
}

/// Where an entry stands: by start and id, the newest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// Its start.
    pub at: DateTime<Utc>,
    /// Its id.
    pub id: Uuid,
}

/// A person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ReportPerson))]
pub struct Person {
    /// Keycloak's user id.
    pub id: Uuid,
    /// The name to show; null where it is not known yet.
    pub name: Option<String>,
}

/// A project, client, task or tag.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ReportItem))]
pub struct Named {
    /// Its id.
    pub id: Uuid,
    /// Its last name; null where it is not known yet.
    pub name: Option<String>,
    /// Its colour; null where it is not known yet.
    #[cfg_attr(feature = "openapi", schema(pattern = "^#[0-9a-f]{6}$"))]
    pub color: Option<String>,
}

/// An entry, and the time that it has in the report's span. What runs still is not in reports.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ReportEntry))]
pub struct EntryLine {
    /// Its id.
    pub entry_id: Uuid,
    /// Whose it is.
    pub user: Person,
    /// When it began.
    pub start: DateTime<Utc>,
    /// When it ended.
    pub end: DateTime<Utc>,
    /// The IANA zone whose midnights cut it.
    pub zone: String,
    /// What was done.
    pub description: String,
    /// What it was done for.
    pub project: Option<Named>,
    /// Whose project it is today.
    pub client: Option<Named>,
    /// Which task of the project.
    pub task: Option<Named>,
    /// Its tags, by name.
    pub tags: Vec<Named>,
    /// Whether somebody pays for it.
    pub billable: bool,
    /// Its time on the days of the report.
    pub seconds: i64,
    /// The same after rounding.
    pub rounded_seconds: i64,
    /// What that is worth, in the currency's smallest unit; null where there is no rate.
    pub amount: Option<i64>,
    /// The currency, by ISO 4217; null where there is no rate.
    pub currency: Option<String>,
}

impl EntryLine {
    /// Where the next page begins, if this is a page's last line.
    pub fn position(&self) -> Position {
        Position { at: self.start, id: self.entry_id }
    }

    fn read(row: Row<'_>) -> Result<Self, Error> {
        let named = |at: usize| -> Result<Option<Named>, Error> {
            let Some(id) = row.get(at)? else { return Ok(None) };
            Ok(Some(Named { id, name: row.get(at + 1)?, color: row.get(at + 2)? }))
        };
        Ok(Self {
            entry_id: row.get(0)?,
            user: Person { id: row.get(1)?, name: row.get(2)? },
            start: row.get(3)?,
            end: row.get(4)?,
            zone: row.get(5)?,
            description: row.get(6)?,
            project: named(7)?,
            client: named(10)?,
            task: named(13)?,
            tags: row.read(16)?,
            billable: row.get(17)?,
            seconds: row.get(18)?,
            rounded_seconds: row.get(19)?,
            amount: row.get(20)?,
            currency: row.get(21)?,
        })
    }
}

/// At most `limit` entries, the newest first, after a position or from the beginning.
///
/// # Errors
/// The database's.
pub async fn page(
    db: &impl Database,
    filter: &Filter,
    after: Option<Position>,
    limit: i64,
) -> Result<Vec<EntryLine>, Error> {
    let (statement, parameters) = statement(filter, after, limit);
    let rows = db.query(&statement, parameters.0).await?;
    rows.iter().map(EntryLine::read).collect()
}

fn statement(filter: &Filter, after: Option<Position>, limit: i64) -> (String, Parameters) {
    let mut parameters = Parameters::default();
    // `LINES` names these two by their numbers.
    let from = parameters.bind(filter.scope.span.from, "date");
    let to = parameters.bind(filter.scope.span.to, "date");
    let mut conditions = filter.scope.conditions(&mut parameters, |id| format!("tag_ids @> ARRAY[{id}]"));
    if let Some(text) = &filter.text {
        let text = parameters.bind(text.as_str(), "text");
        conditions += &format!(
            " AND (description ILIKE {text} OR (SELECT array_agg(c.id) FROM reporting.catalogue c \
             LEFT JOIN reporting.catalogue p ON p.kind = 'client' AND p.id = c.parent \
             WHERE c.name ILIKE {text} OR p.name ILIKE {text}) && (tag_ids || project_id || task_id))"
        );
    }
    if let Some(Position { at, id }) = after {
        let (at, id) = (parameters.bind(at, "timestamp"), parameters.bind(id, "uuid"));
        conditions += &format!(" AND (started_at, entry_id) < ({at} AT TIME ZONE 'UTC', {id})");
    }
    let limit = parameters.bind(limit, "bigint");
    // For the indexes on the start: an entry is at most 27 hours long, a zone at most 16 from UTC, and deleted entries are not
    // in them.
    let statement = format!(
        "WITH f AS MATERIALIZED (SELECT * FROM reporting.entry_facts WHERE NOT deleted \
         AND first_day <= {to} AND last_day >= {from} \
         AND started_at >= ({from} - 2)::timestamp AT TIME ZONE 'UTC' \
         AND started_at < ({to} + 2)::timestamp AT TIME ZONE 'UTC'{conditions} \
         ORDER BY started_at DESC, entry_id DESC LIMIT {limit})\n{LINES}"
    );
    (statement, parameters)
}
