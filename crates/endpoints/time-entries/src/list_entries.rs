//! `GET /api/v1/time-entries`: filtered, sorted, a page at a time.

use api::sql::{Database, Parameters};
use api::{Call, Instant, Limit, Problem, ProblemType, Reply, Whose, cursor, like, next_link, query};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::EntryView;

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
    #[cfg_attr(feature = "openapi", param(nullable = false, value_type = Option<DateTime<Utc>>))]
    from: Option<Instant>,
    /// Entries that start before this.
    #[cfg_attr(feature = "openapi", param(nullable = false, value_type = Option<DateTime<Utc>>))]
    to: Option<Instant>,
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

    let (statement, parameters) = statement(&wish, owner, after)?;
    let rows = db.query(&statement, parameters.0).await?;
    let entries: Vec<EntryView> =
        rows.iter().map(|row| EntryView::read(&mut row.columns(), owner)).collect::<Result<_, _>>()?;
    let (items, next_cursor) = wish.limit.page(entries, |entry| position(wish.sort, entry))?;
    let page = EntryPage { items, next_cursor };
    let reply = Reply::ok(&page)?;
    Ok(next_link(reply, "/api/v1/time-entries", &call.query, page.next_cursor.as_deref()))
}

fn check(wish: &ListEntries, after: Option<&Position>) -> Result<(), Problem> {
    let invalid = |field: &str, words: &str| Err(Problem::new(ProblemType::Invalid, words).field(field));
    for (field, at) in [("from", wish.from), ("to", wish.to)] {
        if at.is_some_and(|Instant(at)| !cursor::writable(at)) {
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

/// Of the conditions only those that are asked for, so that PostgreSQL plans each such statement once.
fn statement(
    wish: &ListEntries,
    owner: Option<Uuid>,
    after: Option<Position>,
) -> Result<(String, Parameters), Problem> {
    let mut parameters = Parameters::default();
    let mut statement = format!(
        "SELECT {}{}FROM tracking.time_entries e WHERE deleted_at IS NULL",
        if owner.is_none() { "e.user_id, " } else { "" },
        include_str!("sql/entry_columns.sql"),
    );
    let mut and = |condition: Option<String>| {
        statement.extend(condition.map(|condition| format!(" AND {condition}")));
    };
    let owner = owner.map(|id| parameters.bind(id, "uuid"));
    // The index of all people's entries is one over their starts.
    and(Some(owner.as_ref().map_or("started_at > '-infinity'".to_owned(), |id| format!("user_id = {id}"))));
    and(wish.from.map(|Instant(from)| {
        let from = format!("{} AT TIME ZONE 'UTC'", parameters.bind(from, "timestamp"));
        let same = owner.map_or_else(String::new, |id| format!("r.user_id = {id} AND "));
        // No ended entry is longer (domain::entry::latest_end), only a running one may have begun earlier: the index can end there.
        format!(
            "started_at >= LEAST(({from}) - interval '27 hours', (SELECT min(r.started_at) FROM tracking.time_entries r \
             WHERE {same}r.ended_at IS NULL AND r.deleted_at IS NULL)) AND (ended_at IS NULL OR ended_at > {from})"
        )
    }));
    and(wish
        .to
        .map(|Instant(to)| format!("started_at < {} AT TIME ZONE 'UTC'", parameters.bind(to, "timestamp"))));
    and(wish.project.map(|id| format!("project_id = {}", parameters.bind(id, "uuid"))));
    and(wish.client.map(|id| {
        let client = parameters.bind(id, "uuid");
        format!(
            "project_id IN (SELECT c.id FROM tracking.catalogue c WHERE c.kind = 'project' AND c.parent_id = {client})"
        )
    }));
    and(wish.task.map(|id| format!("task_id = {}", parameters.bind(id, "uuid"))));
    and(wish.tag.map(|id| format!("tag_ids @> ARRAY[{}]", parameters.bind(id, "uuid"))));
    and(wish.billable.map(|yes| format!("billable = {}", parameters.bind(yes, "boolean"))));
    and(wish.running.map(|yes| format!("(ended_at IS NULL) = {}", parameters.bind(yes, "boolean"))));
    // A text is looked for in the description and in the names of project, client, task and tags.
    let text = wish.q.as_deref().map(like).transpose()?.map(|text| parameters.bind(text, "text"));
    and(text.map(|text| {
        format!(
            "(description ILIKE {text} OR (SELECT array_agg(c.id) FROM tracking.catalogue c \
             LEFT JOIN tracking.catalogue p ON p.id = c.parent_id \
             WHERE c.name ILIKE {text} OR (p.kind = 'client' AND p.name ILIKE {text})) \
             && (tag_ids || project_id || task_id))"
        )
    }));
    // With the table's name, or it would be the column of the answer.
    let (column, order, beyond) = match wish.sort {
        Sort::NewestFirst => ("e.started_at", "DESC", "<"),
        Sort::OldestFirst => ("e.started_at", "ASC", ">"),
        Sort::LastChanged => ("e.updated_at", "DESC", "<"),
        Sort::FirstChanged => ("e.updated_at", "ASC", ">"),
    };
    and(after.map(|Position { at, id, .. }| {
        let (at, id) = (parameters.bind(at, "timestamp"), parameters.bind(id, "uuid"));
        format!("({column}, e.id) {beyond} ({at} AT TIME ZONE 'UTC', {id})")
    }));
    // As a number: of a parameter PostgreSQL would not know that it is small, and plan anew for each request.
    let limit = wish.limit.and_one();
    statement += &format!(" ORDER BY {column} {order}, e.id {order} LIMIT {limit}");
    Ok((statement, parameters))
}

fn position(sort: Sort, entry: &EntryView) -> Position {
    let at = match sort {
        Sort::NewestFirst | Sort::OldestFirst => entry.start,
        Sort::LastChanged | Sort::FirstChanged => entry.updated_at,
    };
    Position { sort, at, id: entry.id }
}
