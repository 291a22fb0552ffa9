//! `GET /api/v1/dead-letters`: a page at a time.

use api::sql::Database;
use api::{Call, Limit, Problem, Reply, cursor, next_link, query};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::letters::LetterView;

const LIST: &str = include_str!("sql/list_dead_letters.sql");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
struct ListDeadLetters {
    /// How many at most.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", param(value_type = Option<u8>, minimum = 1, maximum = 200, nullable = false))]
    limit: Limit,
    /// Where the page before ended: its `next_cursor`.
    #[cfg_attr(feature = "openapi", param(nullable = false, pattern = "^[A-Za-z0-9_-]+$"))]
    cursor: Option<String>,
}

/// Where a letter stands in the list.
#[derive(Serialize, Deserialize)]
struct Position {
    at: DateTime<Utc>,
    id: Uuid,
}

/// A page of dead letters.
#[derive(Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = DeadLetterPage, example = json!({
    "items": [], "next_cursor": null})))]
pub struct LetterPage {
    /// The letters.
    items: Vec<LetterView>,
    /// Where the next page begins; null on the last one.
    next_cursor: Option<String>,
}

/// List dead letters
///
/// For admins. What failed last comes first.
#[cfg_attr(feature = "openapi", utoipa::path(
    get, path = "/api/v1/dead-letters", tag = "operations", params(ListDeadLetters),
    responses((status = 200, description = "A page of dead letters", body = LetterPage)),
))]
pub(crate) async fn list_dead_letters(db: &impl Database, call: Call) -> Result<Reply, Problem> {
    let wish: ListDeadLetters = query(&call.query)?;
    let after = cursor::read(wish.cursor.as_deref(), |position: &Position| cursor::writable(position.at))?;
    let (at, id) = after.map(|position| (position.at, position.id)).unzip();
    let parameters = vec![at.into(), id.into(), wish.limit.and_one().into()];
    let rows = db.query(LIST, parameters).await?;
    let letters: Vec<LetterView> = rows.iter().map(|row| row.read(0)).collect::<Result<_, _>>()?;
    let position = |letter: &LetterView| Position { at: letter.last_failed_at, id: letter.id };
    let (items, next_cursor) = wish.limit.page(letters, position)?;
    let page = LetterPage { items, next_cursor };
    Ok(next_link(Reply::ok(&page)?, "/api/v1/dead-letters", &call.query, page.next_cursor.as_deref()))
}
