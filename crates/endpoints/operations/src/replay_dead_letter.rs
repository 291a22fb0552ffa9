//! `POST /api/v1/dead-letters/:id/replay`: once what was wrong is mended.

use api::sql::Database;
use api::{Call, Done, Problem, REPORTING_APP, Reply};
use http::StatusCode;

use crate::letters::{LetterView, arguments};

/// Have a dead letter sent again
///
/// For admins. It is sent a moment later and is then gone from here; where it fails once more, it comes back.
#[cfg_attr(feature = "openapi", utoipa::path(
    post, path = "/api/v1/dead-letters/{id}/replay", tag = "operations",
    responses(
        (status = 202, description = "The letter, which waits to be sent", body = LetterView),
        (status = 409, description = "contended"),
    ),
))]
pub(crate) async fn replay_dead_letter(db: &impl Database, call: Call) -> Result<Reply, Problem> {
    let done: Done<LetterView> =
        REPORTING_APP.write(db, &call, "replay_letter", async || arguments(db, &call).await).await?;
    Ok(done.reply(StatusCode::ACCEPTED)?.tagged(&done.value.version))
}
