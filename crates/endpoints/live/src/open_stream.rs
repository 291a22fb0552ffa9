//! `GET /api/v1/live`: where the stream begins.

use api::sql::{Database, Error};
use api::{Call, Problem, ProblemType, Reply, query};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::follow::LONGEST;

const OPEN: &str = "SELECT coalesce((SELECT event_seq FROM tracking.users WHERE id = $1::uuid), 0),
    tracking.open_stream($1::uuid, $2::uuid, $3::bigint, $4::bigint)";
const CLOSE: &str = "SELECT tracking.close_stream($1::uuid)";

/// Streams of a person at once: each of their windows and programs has one.
const MOST: i64 = 32;

/// From where on.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
pub(crate) struct From {
    /// The number of the last event that one has seen; what came after it is sent first. `Last-Event-ID` says the same
    /// and goes before it. Without either the stream begins now.
    #[cfg_attr(feature = "openapi", param(minimum = 0, nullable = false))]
    after: Option<i64>,
}

/// One event of the stream, as the event stream format of the HTML standard reads it.
#[cfg(feature = "openapi")]
#[derive(utoipa::ToSchema)]
#[allow(dead_code, reason = "for the document: `sse` writes it")]
pub struct LiveEvent {
    /// The number of the change; send the last one as `Last-Event-ID`.
    id: String,
    /// What happened: `time_entry.changed`.
    event: String,
    /// JSON: `type`, `subject`, `version`, `at` and the state `after`.
    data: String,
}

/// What `answer` says to `follow`.
#[derive(Serialize, Deserialize)]
pub(crate) struct Opened {
    pub(crate) after: i64,
    /// As which it is counted.
    #[serde(default)]
    pub(crate) stream: Uuid,
}

/// Follow one's changes
///
/// Server-sent events: `id` is the number of the change, `event` what happened (`time_entry.changed`), `data` its `type`,
/// `subject`, `version`, `at` and the state `after` it. It ends after a minute or with the token; come back with
/// `Last-Event-ID`, and nothing is missed. A comment comes every 15 seconds where nothing happens. A person has 32 at once
/// at most: more are refused with 429.
#[cfg_attr(feature = "openapi", utoipa::path(
    get, path = "/api/v1/live", tag = "live",
    params(
        From,
        ("Last-Event-ID" = Option<String>, Header, description = "Where one left off.", pattern = "^[0-9]{1,18}$", nullable = false),
    ),
    responses((
        status = 200, description = "The stream", content_type = "text/event-stream", body = LiveEvent,
        example = json!("id: 17\nevent: time_entry.created\ndata: {\"type\":\"time_entry.created\",\"subject\":\"5b1f2f9e-8f0f-4f0e-9d53-0c1c9a9b7a10\",\"version\":1,\"at\":\"2026-05-04T08:30:02.120000Z\",\"after\":{}}\n\n"),
    )),
))]
pub(crate) async fn open_stream(db: &impl Database, call: Call) -> Result<Reply, Problem> {
    let From { after } = query(&call.query)?;
    if after.is_some_and(|after| after < 0) {
        return Err(not_a_number("after"));
    }
    let wanted = match call.last_event_id.as_deref() {
        Some(id) => Some(number(id).ok_or_else(|| not_a_number("Last-Event-ID"))?),
        None => after,
    };
    let stream = Uuid::new_v4();
    // Where nobody counts it out (an instance may end), it is over soon after its time.
    let seconds = 2 * LONGEST.num_seconds();
    let rows =
        db.query(OPEN, vec![call.caller.id.into(), stream.into(), MOST.into(), seconds.into()]).await?;
    let row = rows.first().ok_or_else(|| Error::Fault("no row".to_owned()))?;
    let (newest, counted): (i64, bool) = (row.get(0)?, row.get(1)?);
    if !counted {
        let detail = format!(
            "You follow your changes in {MOST} places already, which is as many as one may: close some."
        );
        return Err(Problem::new(ProblemType::TooManyRequests, detail));
    }
    // A number from before a restored backup lies ahead: waiting for it would miss all until then.
    let after = wanted.map_or(newest, |wanted| wanted.min(newest));
    Reply::stream("text/event-stream", &Opened { after, stream })
}

/// The stream ended.
pub(crate) async fn close_stream(db: &impl Database, stream: Uuid) {
    // If it fails, its time ends it.
    let _ = db.query(CLOSE, vec![stream.into()]).await;
}

fn number(text: &str) -> Option<i64> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

fn not_a_number(field: &str) -> Problem {
    Problem::new(ProblemType::Malformed, "The number of an event, as its `id` has it.").field(field)
}
