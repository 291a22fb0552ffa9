//! `POST /api/v1/time-entries/:id/restore`: undo of a delete.

use api::sql::Database;
use api::{Call, Done, Problem, Reply, path_id, write};
use domain::days::split_by_day;
use http::StatusCode;
use serde_json::json;

use crate::EntryView;
use crate::store::find_deleted;

/// Undo a delete
///
/// The entry comes back as it was, where nothing has taken its time.
#[cfg_attr(feature = "openapi", utoipa::path(
    post, path = "/api/v1/time-entries/{id}/restore", tag = "time entries",
    responses(
        (status = 200, description = "The entry, as it is now", body = EntryView),
        (status = 409, description = "not-deleted, overlap, timer-running, locked"),
    ),
))]
pub(crate) async fn restore_entry(db: &impl Database, call: Call) -> Result<Reply, Problem> {
    let id = path_id(&call.id)?;
    let written = write(db, &call, "restore_entry", async || {
        let old = find_deleted(db, call.caller.id, id).await?;
        let zone = old.draft()?.zone;
        let days = old.end.map_or_else(Vec::new, |end| split_by_day(old.start, end, zone));
        Ok(json!({ "id": id, "version": old.version, "days": days }))
    });
    let done: Done<EntryView> = written.await?;
    Ok(done.reply(StatusCode::OK)?.tagged(done.value.version))
}
