//! `GET /api/v1/shares`: all links that open a report, for those who run the system.

use api::sql::Database;
use api::{Call, Problem, Reply, next_link, query};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::list_shares::{ListShares, Position};

const LIST: &str = include_str!("sql/list_all_shares.sql");
const PATH: &str = "/api/v1/shares";

/// A link to somebody's saved report, without its secret.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = OwnedShare, example = json!({
    "id": "2b7e3f5a-9d2c-4b43-a1c1-2f9f6f1b0c02", "report_id": "1d8e3f5a-9d2c-4b43-a1c1-2f9f6f1b0c02",
    "report_name": "Last month by project", "owner_id": "0b6f0f3e-6f6e-4c59-9e43-1f6d3f8f2f10",
    "owner_name": "Mona Lefèvre", "expires_at": "2026-06-01T00:00:00Z", "created_at": "2026-05-04T08:30:02.120000Z"})))]
pub struct OwnedShareView {
    /// Its id, for revoking it: `DELETE /api/v1/shares/:id`.
    id: Uuid,
    /// What it shows.
    report_id: Uuid,
    /// That report's name.
    report_name: String,
    /// Who made it.
    owner_id: Uuid,
    /// Their name; null where they have never written an entry.
    owner_name: Option<String>,
    /// When it ends by itself.
    expires_at: DateTime<Utc>,
    /// When it was made.
    created_at: DateTime<Utc>,
}

/// A page of links.
#[derive(Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = OwnedSharePage, example = json!({
    "items": [], "next_cursor": null})))]
pub struct OwnedSharePage {
    /// The links.
    items: Vec<OwnedShareView>,
    /// Where the next page begins; null on the last one.
    next_cursor: Option<String>,
}

/// List all links to saved reports
///
/// For admins. Everybody's links that have not expired, the newest first, without their secrets.
#[cfg_attr(feature = "openapi", utoipa::path(
    get, path = "/api/v1/shares", tag = "reports", params(ListShares),
    responses((status = 200, description = "A page of links", body = OwnedSharePage)),
))]
pub(crate) async fn list_all_shares(db: &impl Database, call: Call) -> Result<Reply, Problem> {
    let request: ListShares = query(&call.query)?;
    let (at, id) = request.after()?;
    let limit = request.limit;
    let rows = db.query(LIST, vec![call.now.into(), at.into(), id.into(), limit.and_one().into()]).await?;
    let shares: Vec<OwnedShareView> = rows.iter().map(|row| row.read(0)).collect::<Result<_, _>>()?;
    let (items, next_cursor) = limit.page(shares, |share| Position { at: share.created_at, id: share.id })?;
    let page = OwnedSharePage { items, next_cursor };
    Ok(next_link(Reply::ok(&page)?, PATH, &call.query, page.next_cursor.as_deref()))
}
