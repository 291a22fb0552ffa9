//! `GET /api/v1/dead-letters`: a page at a time.

use api::sql::Database;
use api::{Call, Limit, Problem, ProblemType, Reply, cursor, next_link, query};
use chrono::{DateTime, Datelike as _, Utc};
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
    let after: Option<Position> = wish.cursor.as_deref().map(cursor::decode).transpose()?;
    // chrono reads years that PostgreSQL does not know.
    if after.as_ref().is_some_and(|position| !(0..=9999).contains(&position.at.year())) {
        return Err(Problem::new(ProblemType::Invalid, "This is no cursor of ours.").field("cursor"));
    }
    let parameters = vec![
        after.as_ref().map(|position| position.at).into(),
        after.map(|position| position.id).into(),
        wish.limit.and_one().into(),
    ];
    let rows = db.query(LIST, parameters).await?;
    let mut items: Vec<LetterView> = rows.iter().map(|row| row.read(0)).collect::<Result<_, _>>()?;
    let more = items.len() > wish.limit.get();
    items.truncate(wish.limit.get());
    let last = items.last().filter(|_| more);
    let next_cursor = last
        .map(|letter| cursor::encode(&Position { at: letter.last_failed_at, id: letter.id }))
        .transpose()?;
    let page = LetterPage { items, next_cursor };
    Ok(next_link(Reply::ok(&page)?, "/api/v1/dead-letters", &call.query, page.next_cursor.as_deref()))
}
