//! `DELETE /api/v1/time-entries/:id`

use api::sql::Database;
use api::{Call, Done, Problem, Reply, expect, path_id, write};
use serde_json::json;

use crate::EntryView;
use crate::store::find;

/// Delete an entry
///
/// It can be restored; its history stays.
#[cfg_attr(feature = "openapi", utoipa::path(
    delete, path = "/api/v1/time-entries/{id}", tag = "time entries",
    responses(
        (status = 204, description = "It is deleted"),
        (status = 409, description = "locked, contended"),
    ),
))]
pub(crate) async fn delete_entry(db: &impl Database, call: Call) -> Result<Reply, Problem> {
    let id = path_id(&call.id)?;
    let written = write(db, &call, "delete_entry", async || {
        let old = find(db, Some(call.caller.id), id).await?;
        expect(&call, old.version)?;
        Ok(json!({ "id": id, "version": old.version }))
    });
    let done: Done<EntryView> = written.await?;
    Ok(done.marked(Reply::no_content()))
}
