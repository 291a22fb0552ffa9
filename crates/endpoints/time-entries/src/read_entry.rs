//! `GET /api/v1/time-entries/:id`.

use api::{Call, Problem, Reply, path_id};
use http::StatusCode;

use crate::TimeEntries;
use crate::views::EntryView;

pub(crate) async fn read_entry(entries: &impl TimeEntries, call: Call) -> Result<Reply, Problem> {
    let id = path_id(&call.id)?;
    let entry = entries.find(call.caller.id, id).await?.ok_or_else(Problem::not_found)?;
    Reply::json(StatusCode::OK, &EntryView::from(&entry))
}
