//! Everything that is no endpoint: the Vue app and the API's documentation as `npm run build` in web/ made them,
//! the OpenAPI document, and a page for each type of problem.

mod path;
mod tag;

use std::fs;

use bytes::Bytes;
use http::header::{ALLOW, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use http::{HeaderName, HeaderValue, Method, Response, StatusCode};
use http_body_util::Full;
use spin_sdk::http::{IntoResponse, Request};
use spin_sdk::http_service;

use path::Found;

const TEXT: &str = "text/plain; charset=utf-8";
const PROBLEM: &str = "application/problem+json";
const NO_SUCH_PATH: &str = r#"{"type":"/problems/not-found","title":"There is no such thing","status":404,"detail":"The API has no such path."}"#;
const ONLY_GET: &str = r#"{"type":"/problems/method-not-allowed","title":"This method is not offered here","status":405,"detail":"Offered here: GET, HEAD."}"#;

#[http_service]
async fn handle(request: Request) -> impl IntoResponse {
    let path = request.uri().path();
    let found = path::find(path);
    // An API path that no component serves must not look like a page.
    if found == Found::Nothing && path::is_api(path) {
        return refusal(StatusCode::NOT_FOUND, NO_SUCH_PATH, PROBLEM);
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let mut refusal = match path::is_api(path) {
            true => refusal(StatusCode::METHOD_NOT_ALLOWED, ONLY_GET, PROBLEM),
            false => refusal(StatusCode::METHOD_NOT_ALLOWED, "Only GET is offered here.\n", TEXT),
        };
        set(&mut refusal, ALLOW, "GET, HEAD");
        return refusal;
    }
    let Found::File(file) = found else { return no_such_page() };
    let Ok(content) = fs::read(&file.place) else { return no_such_page() };
    let known = request.headers().get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    page(&file, content, known)
}

/// The file, or 304 for a client that says it has it.
fn page<'a>(
    file: &path::File,
    content: Vec<u8>,
    mut known: impl Iterator<Item = &'a str>,
) -> Response<Full<Bytes>> {
    let tag = tag::of(&content);
    let unchanged = known.any(|condition| tag::is_in(&tag, condition));
    let mut response = match unchanged {
        true => Response::new(Full::new(Bytes::new())),
        false => body(content, file.content_type),
    };
    if unchanged {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    }
    set(&mut response, CACHE_CONTROL, file.cache);
    set(&mut response, ETAG, &tag);
    response
}

fn no_such_page() -> Response<Full<Bytes>> {
    refusal(StatusCode::NOT_FOUND, "There is no such page.\n", TEXT)
}

fn refusal(status: StatusCode, words: &'static str, content_type: &str) -> Response<Full<Bytes>> {
    let mut response = body(words.into(), content_type);
    *response.status_mut() = status;
    set(&mut response, CACHE_CONTROL, "no-store");
    response
}

/// Also for HEAD: the server above leaves the body out, and its length has to be that of GET.
fn body(content: Vec<u8>, content_type: &str) -> Response<Full<Bytes>> {
    let length = content.len();
    let mut response = Response::new(Full::new(Bytes::from(content)));
    response.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(length));
    set(&mut response, CONTENT_TYPE, content_type);
    response
}

fn set(response: &mut Response<Full<Bytes>>, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}
