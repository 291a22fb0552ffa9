//! `GET /api/v1/time-entries/:id/history`: who changed what and when, from the append-only log of events.

use api::sql::Database;
use api::{Call, Limit, Problem, Reply, cursor, next_link, path_id, query};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::store::readable;

const HISTORY: &str = include_str!("sql/entry_history.sql");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
struct Wish {
    /// How many changes at most.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", param(value_type = Option<u8>, minimum = 1, maximum = 200, nullable = false))]
    limit: Limit,
    /// Where the page before ended: its `next_cursor`.
    #[cfg_attr(feature = "openapi", param(nullable = false, pattern = "^[A-Za-z0-9_-]+$"))]
    cursor: Option<String>,
}

/// A page of an entry's history.
#[derive(Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({
    "items": [{"version": 1, "change": "created", "at": "2026-05-04T08:30:02.120000Z",
        "actor": {"id": "0b6f0f3e-6f6e-4c59-9e43-1f6d3f8f2f10", "name": "Alice Martin"}, "before": null,
        "after": {"start": "2026-05-04T07:00:00Z", "end": "2026-05-04T08:30:00Z", "zone": "Europe/Zurich",
            "description": "Plan the week", "project_id": null, "task_id": null, "tag_ids": [], "billable": false}}],
    "next_cursor": null})))]
pub struct HistoryPage {
    /// The changes, newest first.
    items: Vec<HistoryItem>,
    /// Where the next page begins; null on the last one.
    next_cursor: Option<String>,
}

/// One change.
#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HistoryItem {
    /// The entry's version after it.
    version: i64,
    /// `created`, `changed`, `deleted` or `restored`.
    change: String,
    /// When it was made.
    at: DateTime<Utc>,
    /// Who made it.
    actor: HistoryActor,
    /// The entry before; null where there was none.
    before: Option<HistoryState>,
    /// The entry after; null where there is none.
    after: Option<HistoryState>,
}

/// Who made a change, by the name of that time.
#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HistoryActor {
    /// Keycloak's user id.
    id: Uuid,
    /// The name to show.
    name: String,
}

/// An entry at one moment.
#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HistoryState {
    start: DateTime<Utc>,
    end: Option<DateTime<Utc>>,
    zone: String,
    description: String,
    #[serde(default)]
    project_id: Option<Uuid>,
    #[serde(default)]
    task_id: Option<Uuid>,
    #[serde(default)]
    tag_ids: Vec<Uuid>,
    #[serde(default)]
    billable: bool,
}

/// Read an entry's history
///
/// It is there for deleted entries as well. Managers and admins read everybody's.
#[cfg_attr(feature = "openapi", utoipa::path(
    get, path = "/api/v1/time-entries/{id}/history", tag = "time entries", params(Wish),
    responses((status = 200, description = "A page of changes, newest first", body = HistoryPage)),
))]
pub(crate) async fn entry_history(db: &impl Database, call: Call) -> Result<Reply, Problem> {
    let id = path_id(&call.id)?;
    let wish: Wish = query(&call.query)?;
    let before: Option<i64> = cursor::read(wish.cursor.as_deref(), |_| true)?;
    let parameters =
        vec![readable(&call.caller).into(), id.into(), before.into(), wish.limit.and_one().into()];
    let rows = db.query(HISTORY, parameters).await?;
    let items: Vec<HistoryItem> = rows.iter().map(|row| row.read(0)).collect::<Result<_, _>>()?;
    if items.is_empty() && before.is_none() {
        return Err(Problem::not_found());
    }
    let (items, next_cursor) = wish.limit.page(items, |item| item.version)?;
    let page = HistoryPage { items, next_cursor };
    let path = format!("/api/v1/time-entries/{id}/history");
    Ok(next_link(Reply::ok(&page)?, &path, &call.query, page.next_cursor.as_deref()))
}
