//! `GET /api/v1/time-entries/:id`

use api::sql::Database;
use api::{Call, Problem, Reply, path_id};

use crate::EntryView;
use crate::store::{find, readable};

/// Read an entry
///
/// One's own; managers and admins read everybody's.
#[cfg_attr(feature = "openapi", utoipa::path(
    get, path = "/api/v1/time-entries/{id}", tag = "time entries",
    responses((status = 200, description = "The entry", body = EntryView)),
))]
pub(crate) async fn read_entry(db: &impl Database, call: Call) -> Result<Reply, Problem> {
    let entry: EntryView = find(db, readable(&call.caller), path_id(&call.id)?).await?;
    Ok(Reply::ok(&entry)?.tagged(entry.version))
}
