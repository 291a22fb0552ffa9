//! `GET /api/v1/reports/detailed`: the entries that have time in a span, a page at a time.

use api::sql::Database;
use api::{Call, Limit, Problem, Reply, cursor, next_link, query};
use chrono::NaiveDate;
use serde::Serialize;

use crate::entry_lines::{EntryLine, Filter, Position, page};

crate::filtered_query! {
    struct DetailedWish {
        /// A text in the description or in the name of project, client, task or tag.
        #[cfg_attr(feature = "openapi", param(nullable = false, max_length = 200, pattern = "^[^\\u0000]*$"))]
        q: Option<String>,
        /// How many at most.
        #[serde(default)]
        #[cfg_attr(feature = "openapi", param(value_type = Option<u8>, minimum = 1, maximum = 200, nullable = false))]
        limit: Limit,
        /// Where the page before ended: its `next_cursor`.
        #[cfg_attr(feature = "openapi", param(nullable = false, pattern = "^[A-Za-z0-9_-]+$"))]
        cursor: Option<String>,
    }
}

/// A page of entries.
#[derive(Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ReportEntryPage, example = json!({
    "from": "2026-05-01", "to": "2026-05-31", "next_cursor": null,
    "items": [{"entry_id": "5b1f2f9e-8f0f-4f0e-9d53-0c1c9a9b7a10",
        "user": {"id": "0b6f0f3e-6f6e-4c59-9e43-1f6d3f8f2f10", "name": "Alice Martin"},
        "start": "2026-05-04T07:00:00Z", "end": "2026-05-04T08:30:00Z", "zone": "Europe/Zurich",
        "description": "Plan the week",
        "project": {"id": "c0a1f6d2-3b44-4e0f-9a77-5d1e8b2c4f01", "name": "Atlas", "color": "#4f6bed"},
        "client": null, "task": null, "tags": [], "billable": true,
        "seconds": 5400, "rounded_seconds": 5400, "amount": null, "currency": null}]})))]
pub(crate) struct DetailedView {
    /// The first day.
    from: NaiveDate,
    /// The last day, included.
    to: NaiveDate,
    /// The entries.
    items: Vec<EntryLine>,
    /// Where the next page begins; null on the last one.
    next_cursor: Option<String>,
}

/// The entries behind a report
///
/// Newest first. An entry that reaches over the span's ends has only its time inside. `Link` leads to the next page.
#[cfg_attr(feature = "openapi", utoipa::path(
    get, path = "/api/v1/reports/detailed", tag = "reports", params(DetailedWish),
    responses((status = 200, description = "A page of entries", body = DetailedView)),
))]
pub(crate) async fn read_detailed(db: &impl Database, call: Call) -> Result<Reply, Problem> {
    let wish: DetailedWish = query(&call.query)?;
    let filter = Filter::new(wish.scope(&call.caller)?, wish.q.as_deref())?;
    let after = cursor::read(wish.cursor.as_deref(), |position: &Position| cursor::writable(position.at))?;
    let lines = page(db, &filter, after, wish.limit.and_one()).await?;
    let (items, next_cursor) = wish.limit.page(lines, EntryLine::position)?;
    let view = DetailedView { from: wish.from, to: wish.to, items, next_cursor };
    let reply = Reply::ok(&view)?;
    Ok(next_link(reply, "/api/v1/reports/detailed", &call.query, view.next_cursor.as_deref()))
}
