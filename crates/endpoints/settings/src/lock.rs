//! `/api/v1/lock`: time before an instant is settled (invoiced, reported) and left alone.

use api::sql::{Database, Error};
use api::{Call, Done, Instant, Problem, ProblemType, Reply, expect, json_body, write};
use chrono::{DateTime, Datelike as _, SubsecRound as _, Utc};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

const LOCK: &str = include_str!("sql/lock.sql");

/// The line before which nobody writes.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Lock, example = json!({
    "locked_before": "2026-05-01T00:00:00Z", "version": 2, "changed_by": "0b6f0f3e-6f6e-4c59-9e43-1f6d3f8f2f10",
    "changed_at": "2026-05-04T08:30:02.120000Z"})))]
pub struct LockView {
    /// Entries that begin before this are neither made, changed nor deleted; null where all is open.
    locked_before: Option<DateTime<Utc>>,
    /// Rises with each change; the ETag.
    version: i64,
    /// Who drew the line.
    changed_by: Option<Uuid>,
    /// When it was drawn.
    changed_at: Option<DateTime<Utc>>,
}

/// Where to draw the line.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = NewLock, example = json!({
    "locked_before": "2026-05-01T00:00:00Z"})))]
pub struct SetLock {
    /// Entries that begin before this are settled; null opens all.
    #[serde(deserialize_with = "Option::deserialize")]
    #[cfg_attr(feature = "openapi", schema(required = true, value_type = Option<DateTime<Utc>>))]
    locked_before: Option<Instant>,
}

/// Read the lock
///
/// Everybody may.
#[cfg_attr(feature = "openapi", utoipa::path(
    get, path = "/api/v1/lock", tag = "settings",
    responses((status = 200, description = "The lock", body = LockView)),
))]
pub(crate) async fn read_lock(db: &impl Database, _: Call) -> Result<Reply, Problem> {
    let lock = lock(db).await?;
    Ok(Reply::ok(&lock)?.tagged(lock.version))
}

/// Move the lock
///
/// For admins. Writes that are in flight are waited for, so that none slips past the line.
#[cfg_attr(feature = "openapi", utoipa::path(
    put, path = "/api/v1/lock", tag = "settings", request_body = SetLock,
    responses((status = 200, description = "The lock", body = LockView)),
))]
pub(crate) async fn set_lock(db: &impl Database, call: Call) -> Result<Reply, Problem> {
    let wish: SetLock = json_body(&call.body)?;
    if wish.locked_before.is_some_and(|Instant(before)| !(1970..=9999).contains(&before.year())) {
        let detail = "Between the years 1970 and 9999.";
        return Err(Problem::new(ProblemType::Invalid, detail).field("locked_before"));
    }
    let before = wish.locked_before.map(|Instant(before)| before.trunc_subsecs(0));
    let written = write(db, &call, "set_lock", async || {
        let old = lock(db).await?;
        expect(&call, old.version)?;
        Ok(json!({ "version": old.version, "locked_before": before }))
    });
    let done: Done<LockView> = written.await?;
    Ok(done.reply(StatusCode::OK)?.tagged(done.value.version))
}

async fn lock(db: &impl Database) -> Result<LockView, Problem> {
    let rows = db.query(LOCK, Vec::new()).await?;
    let row = rows.first().ok_or_else(|| Error::Fault("the lock has no row".to_owned()))?;
    Ok(row.read(0)?)
}
