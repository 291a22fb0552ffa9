//! `DELETE /api/v1/demo-data`

use api::sql::Database;
use api::{Call, Done, Problem, Reply, expect, write};
use http::StatusCode;
use serde_json::json;

use crate::views::{RemovedView, state};

/// Remove the demo data
///
/// For admins. Exactly what was filled in goes; a project, client, task or tag that something else names meanwhile
/// stays. Without any demo data nothing happens.
#[cfg_attr(feature = "openapi", utoipa::path(
    delete, path = "/api/v1/demo-data", tag = "demo data",
    responses(
        (status = 200, description = "What was removed", body = RemovedView),
        (status = 409, description = "locked, contended"),
    ),
))]
pub(crate) async fn remove_demo_data(db: &impl Database, call: Call) -> Result<Reply, Problem> {
    let written = write(db, &call, "remove_demo", async || {
        let seen = state(db).await?;
        expect(&call, seen.tag())?;
        Ok(json!({ "seen": seen }))
    });
    let done: Done<RemovedView> = written.await?;
    done.reply(StatusCode::OK)
}
