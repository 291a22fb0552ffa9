//! One request, from its headers to the answer. What every endpoint does alike is done here and once: methods,
//! roles, preconditions, idempotency keys, entity tags and problems. It knows HTTP and no Spin.

use chrono::{DateTime, Utc};
use http::header::{
    ACCEPT_ENCODING, ALLOW, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, ETAG, HeaderName,
    HeaderValue, RETRY_AFTER, VARY,
};
use http::{HeaderMap, Method, Request, Response, StatusCode};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;
use xxhash_rust::xxh3::xxh3_128;

use crate::etag::{IfMatch, has_already};
use crate::sql::Database;
use crate::{
    Access, Call, Caller, Endpoint, IdempotencyKey, Problem, ProblemType, REQUEST_ID, Reply, TraceParent,
};

/// The longest body that is read, in bytes: a bulk of 500 entries fits whose descriptions have 1,000 characters of 4
/// bytes each and which have 20 tags. Traefik has its own bound before it.
pub const MAX_BODY: usize = 3 * 1024 * 1024;
const CONTENT_ENCODING_FIELD: &str = "Content-Encoding";
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");
const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

/// Marks an answer whose body is not for the caller but for [`crate::Streaming::follow`].
#[derive(Debug, Clone, Copy)]
pub struct Opened;

/// The answer of a method that the endpoint does not offer; asked before anything else.
pub fn not_offered<E: Endpoint>(method: &Method, request_id: &str) -> Option<Response<Vec<u8>>> {
    if E::OPERATIONS.iter().any(|operation| operation.method == *method) {
        return None;
    }
    let methods = E::OPERATIONS.iter().map(|operation| operation.method.as_str());
    let head = access::<E>(&Method::GET).map(|_| Method::HEAD.as_str());
    let allowed: Vec<_> = methods.chain(head).collect();
    let allowed = allowed.join(", ");
    let refusal = Problem::new(ProblemType::MethodNotAllowed, format!("Offered here: {allowed}."));
    let mut response = refused(&refusal, request_id);
    if let Ok(value) = HeaderValue::from_str(&allowed) {
        response.headers_mut().insert(ALLOW, value);
    }
    Some(response)
}

/// HEAD is answered like GET (RFC 9110, 9.3.2); the HTTP server leaves the body out. Answers whether it was one.
pub fn head_as_get<E: Endpoint>(method: &mut Method) -> bool {
    let is_head = *method == Method::HEAD && access::<E>(&Method::GET).is_some();
    if is_head {
        *method = Method::GET;
    }
    is_head
}

/// Whether an operation of the endpoint is called by its address alone. What says nothing of it needs a login.
pub fn needs_no_login<E: Endpoint>(method: &Method) -> bool {
    access::<E>(method) == Some(Access::Link)
}

fn access<E: Endpoint>(method: &Method) -> Option<Access> {
    E::OPERATIONS.iter().find(|one| one.method == *method).map(|one| one.access)
}

/// Spin's header with what stood for the route's parameter, such as `:id`.
pub fn path_match<E: Endpoint>() -> Option<HeaderName> {
    let name = E::ROUTE.split('/').find_map(|segment| segment.strip_prefix(':'))?;
    format!("spin-path-match-{name}").parse().ok()
}

/// Answer the request of a caller who is known.
pub async fn answer<E: Endpoint>(
    db: &impl Database,
    caller: Caller,
    request: Request<Vec<u8>>,
    now: DateTime<Utc>,
    request_id: &str,
) -> Response<Vec<u8>> {
    let (head, body) = request.into_parts();
    let outcome = match call::<E>(caller, &head, body, now) {
        Ok(call) => E::answer(db, call).await,
        Err(problem) => Err(problem),
    };
    match outcome {
        Ok(reply) => replied(reply, &head, request_id),
        Err(problem) => refused(&problem, request_id),
    }
}

fn call<E: Endpoint>(
    caller: Caller,
    head: &http::request::Parts,
    body: Vec<u8>,
    now: DateTime<Utc>,
) -> Result<Call, Problem> {
    if let Some(Access::Role(role)) = access::<E>(&head.method)
        && !caller.has(role)
    {
        let detail = format!("This needs the role `{}`. Ask an administrator for it.", role.name());
        return Err(Problem::new(ProblemType::Forbidden, detail));
    }
    if !body.is_empty() && !is_json(text(&head.headers, &CONTENT_TYPE).unwrap_or_default()) {
        return Err(ProblemType::UnsupportedMediaType.into());
    }
    let mut codings = head.headers.get_all(CONTENT_ENCODING).iter();
    if codings.any(|coding| !coding.as_bytes().eq_ignore_ascii_case(b"identity")) {
        let detail = "Bodies are read as they are: send this one without `Content-Encoding`.";
        let field = CONTENT_ENCODING_FIELD;
        return Err(Problem::new(ProblemType::UnsupportedMediaType, detail).field(field));
    }
    let if_match = IfMatch::from_headers(&head.headers)?;
    if if_match.is_none() && matches!(head.method, Method::PATCH | Method::PUT | Method::DELETE) {
        return Err(Problem::from(ProblemType::PreconditionRequired).field("If-Match"));
    }
    let id = path_match::<E>().and_then(|name| text(&head.headers, &name)).unwrap_or_default().to_owned();
    let query = head.uri.query().unwrap_or_default().to_owned();
    Ok(Call {
        method: head.method.clone(),
        key: idempotency_key::<E>(head, &id, &query, &body)?,
        id,
        query,
        trace: text(&head.headers, &TRACEPARENT).and_then(TraceParent::parse),
        last_event_id: head
            .headers
            .get(LAST_EVENT_ID)
            .map(|id| String::from_utf8_lossy(id.as_bytes()).into_owned()),
        body,
        caller,
        now,
        if_match,
    })
}

/// The key of a write, with the fingerprint of its request: of what is asked, however the address spells it.
fn idempotency_key<E: Endpoint>(
    head: &http::request::Parts,
    id: &str,
    query: &str,
    body: &[u8],
) -> Result<Option<IdempotencyKey>, Problem> {
    let Some(value) = head.headers.get(IDEMPOTENCY_KEY).filter(|_| head.method != Method::GET) else {
        return Ok(None);
    };
    let right =
        |key: &&str| (1..=255).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic());
    let key = value.to_str().ok().filter(right).ok_or_else(|| {
        Problem::new(ProblemType::Malformed, "1 to 255 visible characters, without spaces: a UUID is good.")
            .field("Idempotency-Key")
    })?;
    let id = Uuid::try_parse(id).map_or_else(|_| id.to_owned(), |id| id.to_string());
    let mut parameters: Vec<_> = form_urlencoded::parse(query.as_bytes()).collect();
    parameters.sort();
    let parameters = form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish();
    let mut hash = Sha256::new();
    for part in
        [head.method.as_str(), E::ROUTE, &id, &parameters].map(str::as_bytes).into_iter().chain([body])
    {
        hash.update(part.len().to_le_bytes());
        hash.update(part);
    }
    Ok(Some(IdempotencyKey { key: key.to_owned(), fingerprint: hex(&hash.finalize()) }))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

fn is_json(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json")
        || essence.eq_ignore_ascii_case("application/merge-patch+json")
}

/// A reply as HTTP. Every read has a tag: the endpoint's own, or one of its content.
fn replied(reply: Reply, head: &http::request::Parts, request_id: &str) -> Response<Vec<u8>> {
    let mut response = Response::new(Vec::new());
    *response.status_mut() = reply.status;
    response.headers_mut().extend(reply.headers);
    if reply.opens {
        *response.body_mut() = reply.body.unwrap_or_default();
        response.extensions_mut().insert(Opened);
        let mut response = finish(response, request_id);
        response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        return response;
    }
    if let Some(body) = reply.body {
        if head.method == Method::GET && !response.headers().contains_key(ETAG) {
            // A fast hash will do: nobody gains by two answers with one tag.
            let tag = format!("\"{:032x}\"", xxh3_128(&body));
            response.headers_mut().extend(HeaderValue::from_str(&tag).map(|tag| (ETAG, tag)));
        }
        let json = HeaderValue::from_static("application/json");
        let content_type = response.headers_mut().remove(CONTENT_TYPE).unwrap_or(json);
        set_body(&mut response, body, content_type);
    }
    let tag = text(response.headers(), &ETAG).unwrap_or_default().to_owned();
    if head.method == Method::GET && has_already(&head.headers, &tag) {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        response.body_mut().clear();
        response.headers_mut().remove(CONTENT_TYPE);
        response.headers_mut().remove(CONTENT_LENGTH);
    }
    finish(response, request_id)
}

/// A problem as HTTP.
pub fn refused(problem: &Problem, request_id: &str) -> Response<Vec<u8>> {
    let mut response = Response::new(Vec::new());
    *response.status_mut() = problem.kind.status();
    let document = problem.document(request_id).to_string().into_bytes();
    set_body(&mut response, document, HeaderValue::from_static("application/problem+json"));
    match problem.kind {
        ProblemType::Unavailable => {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("2"));
        }
        ProblemType::TooManyRequests => {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("1"));
        }
        // Which tells it from a 415 that is about the type (RFC 9110, 12.5.3).
        ProblemType::UnsupportedMediaType if problem.blames(CONTENT_ENCODING_FIELD) => {
            response.headers_mut().insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        }
        ProblemType::Forbidden => {
            let challenge = HeaderValue::from_static(r#"Bearer error="insufficient_scope""#);
            response.headers_mut().insert(http::header::WWW_AUTHENTICATE, challenge);
        }
        _ => {}
    }
    finish(response, request_id)
}

/// Content-Length is on every answer: without it Spin ends the body in a chunk of its own, which waits 40 ms for
/// the client's delayed acknowledgement.
fn set_body(response: &mut Response<Vec<u8>>, body: Vec<u8>, content_type: HeaderValue) {
    response.headers_mut().insert(CONTENT_TYPE, content_type);
    response.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
    *response.body_mut() = body;
}

fn finish(mut response: Response<Vec<u8>>, request_id: &str) -> Response<Vec<u8>> {
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(request_id) {
        headers.insert(REQUEST_ID, value);
    }
    // One person's data: a browser may keep it but asks each time, and no cache on the way may.
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    headers.insert(VARY, HeaderValue::from_static("Authorization"));
    response
}
