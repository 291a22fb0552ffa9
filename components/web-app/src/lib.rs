//! Everything that is no API: the Vue app's files, as `npm run build` in web/ made them.

mod site;

use bytes::Bytes;
use http::header::{ALLOW, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderValue, Method, Response, StatusCode};
use http_body_util::Full;
use spin_sdk::http::{IntoResponse, Request};
use spin_sdk::http_service;

const NO_SUCH_PATH: &str = r#"{"type":"/problems/not-found","title":"There is no such thing","status":404,"detail":"The API has no such path."}"#;

#[http_service]
async fn handle(request: Request) -> impl IntoResponse {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let mut refusal = text(StatusCode::METHOD_NOT_ALLOWED, "Only GET is offered here.\n");
        refusal.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
        return refusal;
    }
    // An API path that no component serves must not look like a page.
    let path = request.uri().path();
    if path.starts_with("/api/") {
        let mut refusal = text(StatusCode::NOT_FOUND, NO_SUCH_PATH);
        refusal.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        return refusal;
    }
    match site::find(path) {
        Some(file) => page(file),
        None => text(StatusCode::NOT_FOUND, "There is no such page.\n"),
    }
}

fn page(file: site::File) -> Response<Full<Bytes>> {
    let length = file.content.len();
    let mut response = Response::new(Full::new(Bytes::from(file.content)));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(file.content_type));
    headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(file.cache));
    response
}

fn text(status: StatusCode, words: &'static str) -> Response<Full<Bytes>> {
    let mut response = page(site::File {
        content: words.as_bytes().to_vec(),
        content_type: "text/plain; charset=utf-8",
        cache: "no-store",
    });
    *response.status_mut() = status;
    response
}
