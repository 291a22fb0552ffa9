//! `GET` and `POST /api/v1/time-entries`: our statements, our rules (crates/domain), no step between a row and its JSON.

use std::sync::Arc;

use api::{Caller, Limit, Problem, ProblemType, TraceParent, cursor, json_body, query};
use axum::body::{Body, Bytes};
use axum::extract::{RawQuery, State};
use axum::http::header::{ETAG, LINK, LOCATION};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use deadpool_postgres::{Object, PoolError};
use domain::Draft;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use tokio_postgres::Row;
use tokio_postgres::types::Json;
use uuid::Uuid;
use xxhash_rust::xxh3::xxh3_128;

use crate::{Peer, answers};

/// As ours is for the newest entries of one person; `after` says which of them are on the next page.
fn newest(after: &str, limit: i64) -> String {
    let columns = include_str!("../../../../crates/endpoints/time-entries/src/sql/entry_columns.sql");
    format!(
        "SELECT {columns} FROM tracking.time_entries e WHERE deleted_at IS NULL AND user_id = $1::uuid {after} \
         ORDER BY e.started_at DESC, e.id DESC LIMIT {limit}"
    )
}
const AFTER: &str = "AND (e.started_at, e.id) < ($2::timestamp AT TIME ZONE 'UTC', $3::uuid)";
const HOME_ZONE: &str = "SELECT zone FROM tracking.users WHERE id = $1::uuid";
const WRITE: &str = "SELECT tracking.write($1::jsonb, $2::text, $3::jsonb)";

#[derive(Serialize, Deserialize)]
struct Entry {
    id: Uuid,
    user_id: Uuid,
    start: DateTime<Utc>,
    end: Option<DateTime<Utc>>,
    zone: String,
    seconds: Option<i64>,
    description: String,
    project_id: Option<Uuid>,
    task_id: Option<Uuid>,
    tag_ids: Vec<Uuid>,
    billable: bool,
    version: i64,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl Entry {
    /// Read our entry_columns.sql.
    fn read(row: &Row, caller: &Caller) -> Result<Self, tokio_postgres::Error> {
        let start: DateTime<Utc> = row.try_get("started_at")?;
        let end: Option<DateTime<Utc>> = row.try_get("ended_at")?;
        Ok(Self {
            id: row.try_get("id")?,
            user_id: caller.id,
            start,
            end,
            zone: row.try_get("zone")?,
            seconds: end.map(|end| (end - start).num_seconds()),
            description: row.try_get("description")?,
            project_id: row.try_get("project_id")?,
            task_id: row.try_get("task_id")?,
            tag_ids: row.try_get("tag_ids")?,
            billable: row.try_get("billable")?,
            version: row.try_get("version")?,
            created_at: row.try_get("created_at")?,
            updated_at: row.try_get("updated_at")?,
        })
    }
}

#[derive(Serialize)]
struct Page {
    items: Vec<Entry>,
    next_cursor: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    #[serde(default)]
    limit: Limit,
    cursor: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct Position {
    sort: String,
    at: DateTime<Utc>,
    id: Uuid,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wish {
    start: DateTime<Utc>,
    end: Option<DateTime<Utc>>,
    zone: Option<String>,
    #[serde(default)]
    description: String,
    project_id: Option<Uuid>,
    task_id: Option<Uuid>,
    #[serde(default)]
    tag_ids: Vec<Uuid>,
    #[serde(default)]
    billable: bool,
}

/// What `tracking.write` answers: the entry, or a refusal with its members.
#[derive(Deserialize)]
struct Written {
    done: Option<Entry>,
    #[serde(flatten)]
    refusal: Map<String, Value>,
}

pub(crate) async fn list(
    State(peer): State<Arc<Peer>>,
    RawQuery(text): RawQuery,
    headers: HeaderMap,
) -> Response<Body> {
    let request_id = answers::request_id(&headers);
    let caller = match peer.realm.caller(&headers).await {
        Ok(caller) => caller,
        Err((problem, challenge)) => return answers::problem(&problem, challenge, &request_id),
    };
    match page(&peer, &caller, &text.unwrap_or_default()).await {
        Ok((body, next)) => {
            let tag = format!("\"{:032x}\"", xxh3_128(&body));
            let answer = with(answers::json(StatusCode::OK, body, &request_id), ETAG, &tag);
            match next {
                Some(link) => with(answer, LINK, &link),
                None => answer,
            }
        }
        Err(problem) => answers::problem(&problem, None, &request_id),
    }
}

/// The body and the link to the next page.
async fn page(peer: &Peer, caller: &Caller, text: &str) -> Result<(Vec<u8>, Option<String>), Problem> {
    let wanted: Wanted = query(text)?;
    let after = cursor::read(wanted.cursor.as_deref(), |at: &Position| cursor::writable(at.at))?;
    let limit = wanted.limit.and_one();
    let client = connection(peer).await?;
    let rows = match after {
        None => {
            let statement = client.prepare_cached(&newest("", limit)).await.map_err(fault)?;
            client.query(&statement, &[&caller.id]).await
        }
        Some(Position { at, id, .. }) => {
            let statement = client.prepare_cached(&newest(AFTER, limit)).await.map_err(fault)?;
            client.query(&statement, &[&caller.id, &at.naive_utc(), &id]).await
        }
    }
    .map_err(fault)?;
    drop(client);
    let entries =
        rows.iter().map(|row| Entry::read(row, caller)).collect::<Result<Vec<_>, _>>().map_err(fault)?;
    let (items, next_cursor) = wanted.limit.page(entries, |last| Position {
        sort: "-start".to_owned(),
        at: last.start,
        id: last.id,
    })?;
    let page = Page { items, next_cursor };
    let link = page.next_cursor.as_ref().map(|next| {
        let kept = text.split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("cursor="));
        let pairs: Vec<&str> = kept.collect();
        let (kept, and) = (pairs.join("&"), if pairs.is_empty() { "" } else { "&" });
        format!("</api/v1/time-entries?{kept}{and}cursor={next}>; rel=\"next\"")
    });
    Ok((serde_json::to_vec(&page).map_err(fault)?, link))
}

pub(crate) async fn create(State(peer): State<Arc<Peer>>, headers: HeaderMap, body: Bytes) -> Response<Body> {
    let request_id = answers::request_id(&headers);
    let caller = match peer.realm.caller(&headers).await {
        Ok(caller) => caller,
        Err((problem, challenge)) => return answers::problem(&problem, challenge, &request_id),
    };
    match write(&peer, &caller, &headers, &body).await {
        Ok(entry) => match serde_json::to_vec(&entry) {
            Ok(body) => {
                let answer = answers::json(StatusCode::CREATED, body, &request_id);
                let answer = with(answer, ETAG, &format!("\"{}\"", entry.version));
                with(answer, LOCATION, &format!("/api/v1/time-entries/{}", entry.id))
            }
            Err(error) => answers::problem(&fault(error), None, &request_id),
        },
        Err(problem) => answers::problem(&problem, None, &request_id),
    }
}

async fn write(peer: &Peer, caller: &Caller, headers: &HeaderMap, body: &[u8]) -> Result<Entry, Problem> {
    let wish: Wish = json_body(body)?;
    let client = connection(peer).await?;
    let statement = client.prepare_cached(HOME_ZONE).await.map_err(fault)?;
    let home = client.query_opt(&statement, &[&caller.id]).await.map_err(fault)?;
    let home = home.map_or(Ok("UTC".to_owned()), |row| row.try_get(0)).map_err(fault)?;
    let zone: Tz = wish.zone.as_deref().unwrap_or(&home).parse().map_err(|_| {
        Problem::new(ProblemType::Invalid, "An IANA time zone such as Europe/Zurich.").field("zone")
    })?;
    let draft = Draft {
        start: wish.start,
        end: wish.end,
        zone,
        description: wish.description,
        project_id: wish.project_id,
        task_id: wish.task_id,
        tag_ids: wish.tag_ids,
        billable: wish.billable,
    };
    let fields = draft.checked(Utc::now())?;
    let draft = fields.draft();
    let arguments = json!({
        "id": Uuid::new_v4(), "start": draft.start, "end": draft.end, "zone": zone.name(),
        "description": draft.description, "project_id": draft.project_id, "task_id": draft.task_id,
        "tag_ids": draft.tag_ids, "billable": draft.billable, "days": fields.days(),
    });
    let trace = headers.get("traceparent").and_then(|value| TraceParent::parse(value.to_str().ok()?));
    let trace = trace.unwrap_or_else(TraceParent::begin);
    let who = json!({
        "user": caller.id, "username": caller.username, "name": caller.name, "roles": caller.roles,
        "traceparent": trace.as_str(),
    });
    let statement = client.prepare_cached(WRITE).await.map_err(fault)?;
    let row = client.query_one(&statement, &[&Json(who), &"create_entry", &Json(arguments)]).await;
    let Json(written) = row.and_then(|row| row.try_get::<_, Json<Written>>(0)).map_err(fault)?;
    written.done.ok_or_else(|| api::refusal(Value::Object(written.refusal)))
}

async fn connection(peer: &Peer) -> Result<Object, Problem> {
    peer.pool.get().await.map_err(|error| match error {
        PoolError::Timeout(_) | PoolError::Backend(_) => {
            Problem::new(ProblemType::Unavailable, "The database does not answer. Nothing was changed.")
        }
        other => fault(other),
    })
}

/// Told at the terminal and not to the caller.
fn fault(error: impl std::fmt::Display) -> Problem {
    eprintln!("{error}");
    Problem::new(ProblemType::Internal, "Nothing was changed. The request id helps to find why.")
}

fn with(mut answer: Response<Body>, name: HeaderName, value: &str) -> Response<Body> {
    answer.headers_mut().extend(HeaderValue::from_str(value).map(|value| (name, value)));
    answer
}
