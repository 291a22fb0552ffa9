//! `POST /api/v1/timer`: start.

use api::sql::Database;
use api::{Call, Problem, Reply, json_body};

use super::switch::TimerWish;
use crate::create_entry::create;

/// Start the timer
///
/// From now on, or from an earlier instant.
#[cfg_attr(feature = "openapi", utoipa::path(
    post, path = "/api/v1/timer", tag = "timer", request_body = TimerWish,
    responses(
        (status = 201, description = "The entry that runs", body = crate::EntryView),
        (status = 409, description = "timer-running, overlap, locked"),
    ),
))]
pub(crate) async fn start_timer(db: &impl Database, call: Call) -> Result<Reply, Problem> {
    let wish: TimerWish = json_body(&call.body)?;
    create(db, &call, &wish.entry(call.now)).await
}
