//! `DELETE /api/v1/time-entries/:id`.

use api::{Call, Problem, Reply, path_id};

use crate::TimeEntries;

pub(crate) async fn delete_entry(entries: &impl TimeEntries, call: Call) -> Result<Reply, Problem> {
    let id = path_id(&call.id)?;
    match entries.delete(&call.caller, &call.trace, id).await? {
        true => Ok(Reply::no_content()),
        false => Err(Problem::not_found()),
    }
}
