//! `POST /api/v1/demo-data`

use api::sql::{Database, Error};
use api::{Call, Done, Endpoint as _, Problem, Reply, write};
use chrono_tz::Tz;
use http::StatusCode;
use http::header::LOCATION;
use uuid::Uuid;

use crate::plan::Plan;
use crate::views::DemoView;

const HOME_ZONE: &str = "SELECT zone FROM tracking.users WHERE id = $1::uuid";

/// Whatever is left to chance comes from here: the same day gives the same half-year.
const SEED: u64 = 2026;

/// Fill the system with demo data
///
/// For admins. A half-year up to yesterday for four invented people and the caller: clients, projects, tasks, tags and
/// time entries. What would overlap an entry of the caller's is left out. The request has no body.
#[cfg_attr(feature = "openapi", utoipa::path(
    post, path = "/api/v1/demo-data", tag = "demo data",
    responses(
        (status = 201, description = "How much there is now", body = DemoView),
        (status = 409, description = "demo-exists, locked"),
    ),
))]
pub(crate) async fn fill_demo_data(db: &impl Database, call: Call) -> Result<Reply, Problem> {
    let written = write(db, &call, "fill_demo", async || {
        let plan =
            Plan::new(SEED, Uuid::new_v4(), call.caller.id, home_zone(db, call.caller.id).await?, call.now)?;
        Ok(serde_json::to_value(plan).map_err(|error| Error::Fault(error.to_string()))?)
    });
    let done: Done<DemoView> = written.await?;
    let place = crate::DemoData::ROUTE;
    Ok(done.reply(StatusCode::CREATED)?.tagged(done.value.tag()).header(LOCATION, place))
}

/// The zone of the caller's profile; UTC for somebody who is new.
async fn home_zone(db: &impl Database, user: Uuid) -> Result<Tz, Problem> {
    let rows = db.query(HOME_ZONE, vec![user.into()]).await?;
    let Some(row) = rows.first() else { return Ok(Tz::UTC) };
    let name = row.get::<String>(0)?;
    Ok(name.parse().map_err(|_| Error::Fault(format!("stored zone {name}")))?)
}
