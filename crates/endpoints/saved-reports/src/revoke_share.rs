//! `DELETE /api/v1/shares/:id`: the link opens nothing from now on.

use api::sql::Database;
use api::{Call, Done, Problem, REPORTING_APP, Reply, expect, path_id};
use domain::Role;
use serde_json::json;

use crate::shares::{ShareView, VERSION};

const FIND: &str = "SELECT s.id FROM reporting_app.shares s JOIN reporting_app.saved_reports r ON r.id = s.report_id \
    WHERE (r.owner = $1::uuid OR $3::boolean) AND s.id = $2::uuid";

/// Revoke a link
///
/// One's own; admins revoke anybody's.
#[cfg_attr(feature = "openapi", utoipa::path(
    delete, path = "/api/v1/shares/{id}", tag = "reports",
    responses(
        (status = 204, description = "It opens nothing any more"),
        (status = 409, description = "contended"),
    ),
))]
pub(crate) async fn revoke_share(db: &impl Database, call: Call) -> Result<Reply, Problem> {
    let id = path_id(&call.id)?;
    let written = REPORTING_APP.write(db, &call, "revoke_share", async || {
        let any = call.caller.has(Role::Admin);
        let found = db.query(FIND, vec![call.caller.id.into(), id.into(), any.into()]).await?;
        found.first().ok_or_else(Problem::not_found)?;
        expect(&call, VERSION)?;
        Ok(json!({ "id": id }))
    });
    let done: Done<ShareView> = written.await?;
    Ok(done.marked(Reply::no_content()))
}
