//! `DELETE /api/v1/dead-letters/:id`: what nobody wants applied any more.

use api::sql::Database;
use api::{Call, Done, Problem, REPORTING_APP, Reply};

use crate::letters::{LetterView, arguments};

/// Drop a dead letter
///
/// For admins. The message is gone for good; a rebuild of the reports reads the log and does not need it.
#[cfg_attr(feature = "openapi", utoipa::path(
    delete, path = "/api/v1/dead-letters/{id}", tag = "operations",
    responses(
        (status = 204, description = "It is dropped"),
        (status = 409, description = "contended"),
    ),
))]
pub(crate) async fn drop_dead_letter(db: &impl Database, call: Call) -> Result<Reply, Problem> {
    let done: Done<LetterView> =
        REPORTING_APP.write(db, &call, "drop_letter", async || arguments(db, &call).await).await?;
    Ok(done.marked(Reply::no_content()))
}
