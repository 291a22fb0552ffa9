//! `GET /api/v1/time-entries`: the caller's entries, newest first, a page at a time.

use api::{Call, Problem, ProblemType, Reply, cursor, query};
use chrono::{DateTime, SecondsFormat, Utc};
use http::StatusCode;
use http::header::LINK;
use serde::{Deserialize, Serialize};

use crate::views::EntryView;
use crate::{Filter, Position, TimeEntries};

const DEFAULT_LIMIT: usize = 50;
const MAX_LIMIT: usize = 200;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ListEntries {
    from: Option<DateTime<Utc>>,
    to: Option<DateTime<Utc>>,
    limit: Option<usize>,
    cursor: Option<String>,
}

#[derive(Serialize)]
struct Page {
    items: Vec<EntryView>,
    next_cursor: Option<String>,
}

pub(crate) async fn list_entries(entries: &impl TimeEntries, call: Call) -> Result<Reply, Problem> {
    let wish: ListEntries = query(&call.query)?;
    let limit = wish.limit.unwrap_or(DEFAULT_LIMIT);
    if !(1..=MAX_LIMIT).contains(&limit) {
        return Err(Problem::new(ProblemType::Malformed, format!("From 1 to {MAX_LIMIT}.")).field("limit"));
    }
    if let (Some(from), Some(to)) = (wish.from, wish.to)
        && from >= to
    {
        return Err(Problem::new(ProblemType::Malformed, "`to` must be after `from`.").field("to"));
    }
    let after: Option<Position> = wish.cursor.as_deref().map(cursor::decode).transpose()?;
    let filter = Filter { from: wish.from, to: wish.to, after };

    // One more than asked for tells whether there is a next page.
    let mut found = entries.list(call.caller.id, &filter, limit + 1).await?;
    let more = found.len() > limit;
    found.truncate(limit);
    let last = found.last().filter(|_| more);
    let next_cursor = last
        .map(|entry| cursor::encode(&Position { start: entry.fields.start(), id: entry.id }))
        .transpose()?;

    let link = next_cursor.as_ref().map(|cursor| {
        let instant = |at: DateTime<Utc>| at.to_rfc3339_opts(SecondsFormat::AutoSi, true);
        let from = wish.from.map_or_else(String::new, |at| format!("&from={}", instant(at)));
        let to = wish.to.map_or_else(String::new, |at| format!("&to={}", instant(at)));
        format!("</api/v1/time-entries?limit={limit}&cursor={cursor}{from}{to}>; rel=\"next\"")
    });
    let page = Page { items: found.iter().map(EntryView::from).collect(), next_cursor };
    let reply = Reply::json(StatusCode::OK, &page)?;
    Ok(match link {
        Some(link) => reply.header(LINK, &link),
        None => reply,
    })
}
