//! `GET /api/v1/dead-letters/:id`: all that is known of one message.

use api::sql::Database;
use api::{Call, Problem, Reply, path_id};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use serde_json::Value as Json;

use crate::letters::LetterView;

const FIND: &str = include_str!("sql/find_dead_letter.sql");

/// How `body` is to be read.
#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum BodyForm {
    /// The message was JSON: here it is.
    Json,
    /// It was something else: its bytes in Base64.
    Base64,
}

/// A message that could not be applied, whole.
#[derive(Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = WholeDeadLetter, example = json!({
    "letter": {
        "id": "9c7c1f0a-7c1b-4b7a-9f36-0d7d3f8f2f10", "message_id": null, "kind": "poison",
        "reason": "the entry has no days", "attempts": 1, "first_failed_at": "2026-05-04T08:30:02.120000Z",
        "last_failed_at": "2026-05-04T08:30:02.120000Z", "replay_at": null, "version": "1777883402120000"},
    "attempts": [{"at": "2026-05-04T08:30:02.120000Z", "reason": "the entry has no days"}],
    "properties": {"content_type": "application/json"}, "body_form": "json", "body": {"specversion": "1.0"}})))]
pub struct WholeLetter {
    /// What the list tells of it.
    letter: LetterView,
    /// Each attempt with its time and reason, the first one first.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<Object>))]
    attempts: Json,
    /// The message's properties and headers.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    properties: Json,
    /// How `body` is to be read.
    body_form: BodyForm,
    /// What it carries.
    #[cfg_attr(feature = "openapi", schema(value_type = Value))]
    body: Json,
}

/// Read a dead letter
///
/// For admins: the message itself, and what went wrong at each attempt.
#[cfg_attr(feature = "openapi", utoipa::path(
    get, path = "/api/v1/dead-letters/{id}", tag = "operations",
    responses((status = 200, description = "The dead letter", body = WholeLetter)),
))]
pub(crate) async fn read_dead_letter(db: &impl Database, call: Call) -> Result<Reply, Problem> {
    let rows = db.query(FIND, vec![path_id(&call.id)?.into()]).await?;
    let row = rows.first().ok_or_else(Problem::not_found)?;
    let letter: LetterView = row.read(0)?;
    let version = letter.version.clone();
    let (body_form, body) = read(row.get(3)?);
    let whole = WholeLetter { letter, attempts: row.get(1)?, properties: row.get(2)?, body_form, body };
    Ok(Reply::ok(&whole)?.tagged(version))
}

fn read(body: &[u8]) -> (BodyForm, Json) {
    match serde_json::from_slice(body) {
        Ok(json) => (BodyForm::Json, json),
        Err(_) => (BodyForm::Base64, STANDARD.encode(body).into()),
    }
}
