//! `GET /api/v1/reports/status`: how far the reports are behind what was tracked.

use std::collections::BTreeMap;

use api::sql::{Database, Error};
use api::{Call, Problem, Reply};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

const STATUS: &str = include_str!("sql/status.sql");

/// How far the reports are.
#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ReportsStatus, example = json!({
    "lag_seconds": 0.012, "last_event_at": "2026-05-04T08:30:02.120000Z", "last_applied_at": "2026-05-04T08:30:02.132000Z",
    "queues": {"reporting": 0, "reporting.dead": 0}, "counted_at": "2026-05-04T08:30:00.000000Z",
    "dead_letters": {"poison": 0, "parked": 0}})))]
pub struct StatusView {
    /// How long the last applied change took from its commit into the reports, in seconds; null before the first.
    lag_seconds: Option<f64>,
    /// When the last applied change was committed; null before the first.
    last_event_at: Option<DateTime<Utc>>,
    /// When it was applied; null before the first.
    last_applied_at: Option<DateTime<Utc>>,
    /// The messages that wait, by queue.
    queues: BTreeMap<String, i64>,
    /// When the messages were counted; null where they never were.
    counted_at: Option<DateTime<Utc>>,
    /// Messages that could not be applied.
    dead_letters: DeadLetterCounts,
}

/// Messages that could not be applied, by why.
#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeadLetterCounts {
    /// They failed at every attempt.
    poison: i64,
    /// They are of a form that this version does not know.
    parked: i64,
}

/// How far the reports are
///
/// Reports follow the entries within a moment; this tells how long the moment is, and what waits.
#[cfg_attr(feature = "openapi", utoipa::path(
    get, path = "/api/v1/reports/status", tag = "reports",
    responses((status = 200, description = "The state of the reports", body = StatusView)),
))]
pub(crate) async fn read_status(db: &impl Database, _: Call) -> Result<Reply, Problem> {
    let rows = db.query(STATUS, Vec::new()).await?;
    let row = rows.first().ok_or_else(|| Error::Fault("the state has no row".to_owned()))?;
    Reply::ok(&row.read::<StatusView>(0)?)
}
