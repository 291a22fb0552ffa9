//! `GET /api/v1/saved-reports/:id/shares`: the links that open it, a page at a time.

use api::sql::Database;
use api::{Call, Limit, Problem, Reply, cursor, next_link, query};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::reports::{PATH, own};
use crate::shares::ShareView;

const LIST: &str = include_str!("sql/list_shares.sql");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
pub(crate) struct ListShares {
    /// How many at most.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", param(value_type = Option<u8>, minimum = 1, maximum = 200, nullable = false))]
    pub(crate) limit: Limit,
    /// Where the page before ended: its `next_cursor`.
    #[cfg_attr(feature = "openapi", param(nullable = false, pattern = "^[A-Za-z0-9_-]+$"))]
    cursor: Option<String>,
}

/// Where a link stands in a list: by when it was made.
#[derive(Serialize, Deserialize)]
pub(crate) struct Position {
    pub(crate) at: DateTime<Utc>,
    pub(crate) id: Uuid,
}

impl ListShares {
    /// Where the list goes on, as parameters of its statement.
    pub(crate) fn after(&self) -> Result<(Option<DateTime<Utc>>, Option<Uuid>), Problem> {
        let after =
            cursor::read(self.cursor.as_deref(), |position: &Position| cursor::writable(position.at))?;
        Ok(after.map(|position| (position.at, position.id)).unzip())
    }
}

/// A page of links.
#[derive(Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = SharePage, example = json!({
    "items": [], "next_cursor": null})))]
pub struct SharePage {
    /// The links.
    items: Vec<ShareView>,
    /// Where the next page begins; null on the last one.
    next_cursor: Option<String>,
}

/// List the links to a saved report
///
/// Those that open it, the newest first, without their secrets.
#[cfg_attr(feature = "openapi", utoipa::path(
    get, path = "/api/v1/saved-reports/{id}/shares", tag = "reports", params(ListShares),
    responses((status = 200, description = "A page of links", body = SharePage)),
))]
pub(crate) async fn list_shares(db: &impl Database, call: Call) -> Result<Reply, Problem> {
    let wish: ListShares = query(&call.query)?;
    let report = own(db, &call).await?;
    let (at, id) = wish.after()?;
    let parameters =
        vec![report.id.into(), call.now.into(), at.into(), id.into(), wish.limit.and_one().into()];
    let rows = db.query(LIST, parameters).await?;
    let shares: Vec<ShareView> = rows.iter().map(|row| row.read(0)).collect::<Result<_, _>>()?;
    let position = |share: &ShareView| Position { at: share.created_at, id: share.id };
    let (items, next_cursor) = wish.limit.page(shares, position)?;
    let page = SharePage { items, next_cursor };
    let path = format!("{PATH}/{}/shares", report.id);
    Ok(next_link(Reply::ok(&page)?, &path, &call.query, page.next_cursor.as_deref()))
}
