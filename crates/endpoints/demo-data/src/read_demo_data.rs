//! `GET /api/v1/demo-data`

use api::sql::Database;
use api::{Call, Problem, Reply};

use crate::views::{DemoView, state};

/// Read whether there is demo data
///
/// Everybody may.
#[cfg_attr(feature = "openapi", utoipa::path(
    get, path = "/api/v1/demo-data", tag = "demo data",
    responses((status = 200, description = "How much there is", body = DemoView)),
))]
pub(crate) async fn read_demo_data(db: &impl Database, _: Call) -> Result<Reply, Problem> {
    let state: DemoView = state(db).await?;
    Ok(Reply::ok(&state)?.tagged(state.tag()))
}
