//! `POST /api/v1/time-entries`: an entry with an end, or one that runs.

use api::sql::Database;
use api::{Call, Done, Problem, Reply, json_body, write};
use http::StatusCode;
use http::header::LOCATION;
use uuid::Uuid;

use crate::EntryView;
use crate::store::zone_of;
use crate::views::{EntryWish, arguments};

/// Write a new entry
///
/// Without an end it runs: it is then the timer.
#[cfg_attr(feature = "openapi", utoipa::path(
    post, path = "/api/v1/time-entries", tag = "time entries", request_body = EntryWish,
    responses(
        (status = 201, description = "The entry, as it was written", body = EntryView),
        (status = 409, description = "overlap, timer-running, locked"),
    ),
))]
pub(crate) async fn create_entry(db: &impl Database, call: Call) -> Result<Reply, Problem> {
    let wish: EntryWish = json_body(&call.body)?;
    create(db, &call, &wish).await
}

/// Write what was wished and answer it.
pub(crate) async fn create(db: &impl Database, call: &Call, wish: &EntryWish) -> Result<Reply, Problem> {
    let written = write(db, call, "create_entry", async || {
        let zone = zone_of(db, call.caller.id, wish).await?;
        Ok(arguments(Uuid::new_v4(), None, &wish.checked(zone, call.now)?))
    });
    let done: Done<EntryView> = written.await?;
    let place = format!("/api/v1/time-entries/{}", done.value.id);
    Ok(done.reply(StatusCode::CREATED)?.tagged(done.value.version).header(LOCATION, &place))
}
