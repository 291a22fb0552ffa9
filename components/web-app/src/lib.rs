//! Everything that is no endpoint: the Vue app and the API's documentation as `npm run build` in web/ made them,
//! the OpenAPI document, a page for each type of problem, and what the gateway says where it refuses by itself.

mod encoding;
mod path;
mod policy;
mod tag;

use std::fs;

use api::{Problem, ProblemType};
use bytes::Bytes;
use http::header::{
    ACCEPT_ENCODING, ALLOW, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_SECURITY_POLICY,
    CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY,
};
use http::{HeaderName, HeaderValue, Method, Response, StatusCode};
use http_body_util::Full;
use spin_sdk::http::{IntoResponse, Request};
use spin_sdk::http_service;

use path::Found;

const TEXT: &str = "text/plain; charset=utf-8";
#[http_service]
async fn handle(request: Request) -> impl IntoResponse {
    let path = request.uri().path();
    let problem = |problem: Problem| {
        api::refused(&problem, &api::request_id(request.headers())).map(|body| Full::new(Bytes::from(body)))
    };
    let found = match path::find(path) {
        Found::Refusal(of_gateway) => return problem(of_gateway),
        // An API path that no component serves must not look like a page.
        Found::Nothing if path::is_api(path) => {
            return problem(Problem::new(ProblemType::NotFound, "The API has no such path."));
        }
        found => found,
    };
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let mut refusal = match path::is_api(path) {
            true => problem(Problem::new(ProblemType::MethodNotAllowed, "Offered here: GET, HEAD.")),
            false => refusal(StatusCode::METHOD_NOT_ALLOWED, "Only GET is offered here.\n", TEXT),
        };
        set(&mut refusal, ALLOW, "GET, HEAD");
        return refusal;
    }
    let Found::File(file) = found else { return no_such_page() };
    let said = |name| request.headers().get_all(name).iter().filter_map(|value| value.to_str().ok());
    let accepted = said(ACCEPT_ENCODING).collect::<Vec<_>>().join(",");
    let Some(sent) = Sent::read(&file.place, &accepted) else { return no_such_page() };
    page(&file, sent, said(IF_NONE_MATCH))
}

/// A file in the form in which it goes out.
struct Sent {
    content: Vec<u8>,
    /// Its `Content-Encoding`, if it has one.
    encoding: Option<&'static str>,
}

impl Sent {
    fn read(place: &str, accepted: &str) -> Option<Self> {
        let packed = encoding::accepted(accepted).find_map(|form| {
            let content = fs::read(format!("{place}{}", form.ending)).ok()?;
            Some(Self { content, encoding: Some(form.name) })
        });
        packed.or_else(|| Some(Self { content: fs::read(place).ok()?, encoding: None }))
    }
}

/// The file, or 304 for a client that says it has it.
fn page<'a>(
    file: &path::File,
    sent: Sent,
    mut known: impl Iterator<Item = &'a str>,
) -> Response<Full<Bytes>> {
    // Each form has its own: it is made of the bytes that go out.
    let tag = tag::of(&sent.content);
    let unchanged = known.any(|condition| tag::is_in(&tag, condition));
    let mut response = match unchanged {
        true => Response::new(Full::new(Bytes::new())),
        false => body(sent.content, file.content_type),
    };
    if unchanged {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    } else if let Some(encoding) = sent.encoding {
        set(&mut response, CONTENT_ENCODING, encoding);
    }
    set(&mut response, VARY, "Accept-Encoding");
    set(&mut response, CONTENT_SECURITY_POLICY, policy::of(&file.place));
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
    set(&mut response, CONTENT_SECURITY_POLICY, policy::NOTHING);
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
