//! A dead letter as the endpoints tell of it.

use api::sql::Database;
use api::{Call, Problem, expect, path_id};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

const VERSION: &str =
    "SELECT reporting_app.letter_version(l) FROM reporting.dead_letters l WHERE id = $1::uuid";

/// Why a message is here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum DeadLetterKind {
    /// It failed at every attempt.
    Poison,
    /// It is of a form that this version does not know.
    Parked,
}

/// A message that could not be applied, without what it carries.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = DeadLetter, example = json!({
    "id": "9c7c1f0a-7c1b-4b7a-9f36-0d7d3f8f2f10", "message_id": "5b1f2f9e-8f0f-4f0e-9d53-0c1c9a9b7a10", "kind": "poison",
    "reason": "the entry has no days", "attempts": 4, "first_failed_at": "2026-05-04T08:30:02.120000Z",
    "last_failed_at": "2026-05-04T08:31:13.400000Z", "replay_at": null, "version": "1777883473400000"})))]
pub struct LetterView {
    /// Its id.
    pub(crate) id: uuid::Uuid,
    /// The id that the message was sent with, if it had one.
    message_id: Option<String>,
    /// Why it is here.
    kind: DeadLetterKind,
    /// What went wrong the last time.
    reason: String,
    /// How often it was tried.
    attempts: i64,
    /// When it failed first.
    first_failed_at: DateTime<Utc>,
    /// When it failed last.
    pub(crate) last_failed_at: DateTime<Utc>,
    /// When somebody wanted it sent again; it goes when the broker has it. Null where nobody did.
    replay_at: Option<DateTime<Utc>>,
    /// Changes when it fails again or is to be sent again; the ETag.
    pub(crate) version: String,
}

/// What a command on the call's letter is told: which one, and the version that it is meant for.
pub(crate) async fn arguments(db: &impl Database, call: &Call) -> Result<Json, Problem> {
    let id = path_id(&call.id)?;
    let rows = db.query(VERSION, vec![id.into()]).await?;
    let version: String = rows.first().ok_or_else(Problem::not_found)?.get(0)?;
    expect(call, &version)?;
    Ok(json!({ "id": id, "version": version }))
}
