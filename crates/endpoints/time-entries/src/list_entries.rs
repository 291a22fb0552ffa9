//! `GET /api/v1/time-entries`: filtered, sorted, a page at a time.

use api::sql::{Database, Value};
use api::{Call, Limit, Problem, ProblemType, Reply, Whose, cursor, like, next_link, query};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::EntryView;

/// One statement for each scope and order, so that each has its index.
macro_rules! statement {
    ($scope:literal, $column:literal, $order:literal, $beyond:literal) => {
        concat!(
            "SELECT tracking.entry_json(e) FROM tracking.time_entries e WHERE ",
            $scope,
            "\n",
            include_str!("sql/list_entries.sql"),
            " AND ($11::timestamp IS NULL OR (",
            $column,
            ", id) ",
            $beyond,
            " ($11::timestamp AT TIME ZONE 'UTC', $12::uuid)) ORDER BY ",
            $column,
            " ",
            $order,
            ", id ",
            $order,
            " LIMIT $13::bigint"
        )
    };
}

macro_rules! statements {
    ($scope:literal, $sort:expr) => {
        match $sort {
            Sort::NewestFirst => statement!($scope, "started_at", "DESC", "<"),
            Sort::OldestFirst => statement!($scope, "started_at", "ASC", ">"),
            Sort::LastChanged => statement!($scope, "updated_at", "DESC", "<"),
            Sort::FirstChanged => statement!($scope, "updated_at", "ASC", ">"),
        }
    };
}

/// In which order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Sort {
    /// By start, the latest first.
    #[default]
    #[serde(rename = "-start")]
    NewestFirst,
    /// By start, the earliest first.
    #[serde(rename = "start")]
    OldestFirst,
    /// By last change, the latest first.
    #[serde(rename = "-updated")]
    LastChanged,
    /// By last change, the earliest first.
    #[serde(rename = "updated")]
    FirstChanged,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
struct ListEntries {
    /// Entries that end after this, or still run.
    #[cfg_attr(feature = "openapi", param(nullable = false))]
    from: Option<DateTime<Utc>>,
    /// Entries that start before this.
    #[cfg_attr(feature = "openapi", param(nullable = false))]
    to: Option<DateTime<Utc>>,
    /// Whose: a user's id, or `all`. One's own where nothing is said; others' are for managers and admins.
    #[cfg_attr(feature = "openapi", param(nullable = false, value_type = Option<String>,
        pattern = "^(all|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$"))]
    user: Option<Whose>,
    /// For this project.
    #[cfg_attr(feature = "openapi", param(nullable = false))]
    project: Option<Uuid>,
    /// For a project of this client.
    #[cfg_attr(feature = "openapi", param(nullable = false))]
    client: Option<Uuid>,
    /// For this task.
    #[cfg_attr(feature = "openapi", param(nullable = false))]
    task: Option<Uuid>,
    /// With this tag.
    #[cfg_attr(feature = "openapi", param(nullable = false))]
    tag: Option<Uuid>,
    /// Only billable ones, or only others.
    #[cfg_attr(feature = "openapi", param(nullable = false))]
    billable: Option<bool>,
    /// Only the running one, or only ended ones.
    #[cfg_attr(feature = "openapi", param(nullable = false))]
    running: Option<bool>,
    /// A text in the description or in the name of project, client, task or tag.
    #[cfg_attr(feature = "openapi", param(nullable = false, max_length = 200, pattern = "^[^\\u0000]*$"))]
    q: Option<String>,
    /// In which order.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", param(inline, value_type = Option<Sort>, nullable = false))]
    sort: Sort,
    /// How many at most.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", param(value_type = Option<u8>, minimum = 1, maximum = 200, nullable = false))]
    limit: Limit,
    /// Where the page before ended: its `next_cursor`.
    #[cfg_attr(feature = "openapi", param(nullable = false, pattern = "^[A-Za-z0-9_-]+$"))]
    cursor: Option<String>,
}

/// Where an entry stands in the list.
#[derive(Serialize, Deserialize)]
struct Position {
    sort: Sort,
    at: DateTime<Utc>,
    id: Uuid,
}

/// A page of entries.
#[derive(Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = TimeEntryPage, example = json!({
    "items": [], "next_cursor": null})))]
pub struct EntryPage {
    /// The entries.
    items: Vec<EntryView>,
    /// Where the next page begins; null on the last one.
    next_cursor: Option<String>,
}

/// List entries
///
/// Newest first where no order is asked for. `Link` leads to the next page.
#[cfg_attr(feature = "openapi", utoipa::path(
    get, path = "/api/v1/time-entries", tag = "time entries", params(ListEntries),
    responses((status = 200, description = "A page of entries", body = EntryPage)),
))]
pub(crate) async fn list_entries(db: &impl Database, call: Call) -> Result<Reply, Problem> {
    let wish: ListEntries = query(&call.query)?;
    let owner = Whose::owner(wish.user, &call.caller)?;
    let after = cursor::read(wish.cursor.as_deref(), |position: &Position| cursor::writable(position.at))?;
    check(&wish, after.as_ref())?;

    let statement = match owner {
        Some(_) => statements!("user_id = $1::uuid", wish.sort),
        None => statements!("$1::uuid IS NULL AND started_at > '-infinity'", wish.sort),
    };
    let rows = db.query(statement, parameters(&wish, owner, after)?).await?;
    let entries: Vec<EntryView> = rows.iter().map(|row| row.read(0)).collect::<Result<_, _>>()?;
    let (items, next_cursor) = wish.limit.page(entries, |entry| position(wish.sort, entry))?;
    let page = EntryPage { items, next_cursor };
    let reply = Reply::ok(&page)?;
    Ok(next_link(reply, "/api/v1/time-entries", &call.query, page.next_cursor.as_deref()))
}

fn check(wish: &ListEntries, after: Option<&Position>) -> Result<(), Problem> {
    let invalid = |field: &str, words: &str| Err(Problem::new(ProblemType::Invalid, words).field(field));
    for (field, at) in [("from", wish.from), ("to", wish.to)] {
        if at.is_some_and(|at| !cursor::writable(at)) {
            let words = "An instant such as 2026-05-04T07:00:00Z.";
            return Err(Problem::new(ProblemType::Malformed, words).field(field));
        }
    }
    if let (Some(from), Some(to)) = (wish.from, wish.to)
        && from >= to
    {
        return invalid("to", "`to` must be after `from`.");
    }
    match after {
        Some(position) if position.sort != wish.sort => {
            invalid("cursor", "The cursor belongs to another order.")
        }
        _ => Ok(()),
    }
}

fn parameters(
    wish: &ListEntries,
    owner: Option<Uuid>,
    after: Option<Position>,
) -> Result<Vec<Value>, Problem> {
    Ok(vec![
        owner.into(),
        wish.from.into(),
        wish.to.into(),
        wish.project.into(),
        wish.client.into(),
        wish.task.into(),
        wish.tag.into(),
        wish.billable.into(),
        wish.running.into(),
        wish.q.as_deref().map(like).transpose()?.into(),
        after.as_ref().map(|position| position.at).into(),
        after.map(|position| position.id).into(),
        wish.limit.and_one().into(),
    ])
}

fn position(sort: Sort, entry: &EntryView) -> Position {
    let at = match sort {
        Sort::NewestFirst | Sort::OldestFirst => entry.start,
        Sort::LastChanged | Sort::FirstChanged => entry.updated_at,
    };
    Position { sort, at, id: entry.id }
}
