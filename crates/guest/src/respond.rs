//! Replies and problems as HTTP. Every answer has its `Content-Length`: without it Spin ends the body in
//! a chunk of its own, which waits 40 ms for the client's delayed acknowledgement.

use api::{Problem, ProblemType, Reply};
use bytes::Bytes;
use http::header::{ALLOW, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderName, HeaderValue, Method, Response};
use http_body_util::Full;

use crate::caller::Challenge;

pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

pub(crate) fn reply(reply: Reply, request_id: &str) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::new()));
    *response.status_mut() = reply.status;
    response.headers_mut().extend(reply.headers);
    if let Some(body) = reply.body {
        set_body(&mut response, body, "application/json");
    }
    finish(response, request_id)
}

pub(crate) fn problem(
    problem: &Problem,
    challenge: Option<Challenge>,
    request_id: &str,
) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::new()));
    *response.status_mut() = problem.kind.status();
    set_body(
        &mut response,
        problem.document(request_id).to_string().into_bytes(),
        "application/problem+json",
    );
    if let Some(Challenge(value)) = challenge {
        response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static(value));
    }
    if problem.kind == ProblemType::Unavailable {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("2"));
    }
    finish(response, request_id)
}

pub(crate) fn method_not_allowed(methods: &[Method], request_id: &str) -> Response<Full<Bytes>> {
    let allowed = methods.iter().map(Method::as_str).collect::<Vec<_>>().join(", ");
    let refusal = Problem::new(ProblemType::MethodNotAllowed, format!("Offered here: {allowed}."));
    let mut response = problem(&refusal, None, request_id);
    if let Ok(value) = HeaderValue::from_str(&allowed) {
        response.headers_mut().insert(ALLOW, value);
    }
    response
}

fn set_body(response: &mut Response<Full<Bytes>>, body: Vec<u8>, content_type: &'static str) {
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
    *response.body_mut() = Full::new(Bytes::from(body));
}

fn finish(mut response: Response<Full<Bytes>>, request_id: &str) -> Response<Full<Bytes>> {
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(request_id) {
        headers.insert(REQUEST_ID, value);
    }
    // One person's data: no cache on the way may keep it.
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
