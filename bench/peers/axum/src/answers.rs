//! Answers as HTTP, with the headers that ours have.

use api::{Problem, ProblemType, REQUEST_ID};
use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER, VARY, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode};
use uuid::Uuid;

/// The client's request id, or a new one.
pub(crate) fn request_id(headers: &HeaderMap) -> String {
    let given = headers.get(REQUEST_ID).and_then(|value| value.to_str().ok());
    given.map_or_else(|| Uuid::new_v4().to_string(), str::to_owned)
}

/// A JSON answer.
pub(crate) fn json(status: StatusCode, body: Vec<u8>, request_id: &str) -> Response<Body> {
    with_type(status, "application/json", body, request_id)
}

/// A refusal, with what `WWW-Authenticate` says of it.
pub(crate) fn problem(
    problem: &Problem,
    challenge: Option<&'static str>,
    request_id: &str,
) -> Response<Body> {
    let document = problem.document(request_id).to_string().into_bytes();
    let mut answer = with_type(problem.kind.status(), "application/problem+json", document, request_id);
    let headers = answer.headers_mut();
    if let Some(challenge) = challenge {
        headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
    }
    if problem.kind == ProblemType::Unavailable {
        headers.insert(RETRY_AFTER, HeaderValue::from_static("2"));
    }
    answer
}

fn with_type(status: StatusCode, kind: &'static str, body: Vec<u8>, request_id: &str) -> Response<Body> {
    let mut answer = Response::new(Body::from(body));
    *answer.status_mut() = status;
    let headers = answer.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    headers.insert(VARY, HeaderValue::from_static("Authorization"));
    headers.extend(HeaderValue::from_str(request_id).map(|id| (REQUEST_ID, id)));
    answer
}
