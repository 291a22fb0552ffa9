//! `POST /api/v1/timer/discard`: it was started by mistake.

use api::sql::Database;
use api::{Call, Done, Problem, ProblemType, Reply, write};
use http::StatusCode;
use serde_json::json;

use crate::EntryView;
use crate::store::running;

/// Discard the timer
///
/// The running entry is deleted; it can be restored.
#[cfg_attr(feature = "openapi", utoipa::path(
    post, path = "/api/v1/timer/discard", tag = "timer",
    responses(
        (status = 200, description = "The entry as it was last", body = EntryView),
        (status = 409, description = "no-timer, locked, contended"),
    ),
))]
pub(crate) async fn discard_timer(db: &impl Database, call: Call) -> Result<Reply, Problem> {
    let written = write(db, &call, "delete_entry", async || {
        let entry = running(db, call.caller.id).await?.ok_or(ProblemType::NoTimer)?;
        Ok(json!({ "id": entry.id, "version": entry.version }))
    });
    let done: Done<EntryView> = written.await?;
    done.reply(StatusCode::OK)
}
