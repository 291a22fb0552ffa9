//! Calls without Spin: what `serve` would hand to `api::answer`, and what comes back.

use api::sql::Database;
use api::{Caller, Endpoint};
use chrono::Utc;
use domain::Role;
use http::{HeaderMap, Method, Request};
use serde_json::Value;
use uuid::Uuid;

/// A new person with role `user`.
pub fn caller() -> Caller {
    caller_with(&[Role::User])
}

/// A new person with these roles.
pub fn caller_with(roles: &[Role]) -> Caller {
    let id = Uuid::new_v4();
    Caller {
        id,
        username: format!("user-{}", id.simple()),
        name: "Test Person".to_owned(),
        roles: roles.to_vec(),
    }
}

/// An answer, its body read as JSON.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body; null where there is none.
    pub body: Value,
}

impl Answer {
    /// A header's value; empty where it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The body's `id`.
    pub fn id(&self) -> String {
        self.body["id"].as_str().unwrap_or_else(|| panic!("no id in {self:?}")).to_owned()
    }

    /// Status and type of problem, in short: `409 overlap`; `200 ` where there is none.
    pub fn outcome(&self) -> String {
        let kind = self.body["type"].as_str().unwrap_or_default().trim_start_matches("/problems/");
        format!("{} {kind}", self.status)
    }
}

/// Call an endpoint as `who`. `target` is the id of the path, a query string after `?`, or both; a body of null is
/// none. Changes go to whatever version is there, unless `headers` says otherwise.
///
/// # Panics
/// When the answer is no JSON.
pub async fn call<E: Endpoint>(
    db: &impl Database,
    who: &Caller,
    method: Method,
    target: &str,
    body: Value,
    headers: &[(&str, &str)],
) -> Answer {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    send::<E>(db, who, method, target, &body, headers).await
}

/// The same with a body that is written out; an empty one is none.
///
/// # Panics
/// When the answer is no JSON.
pub async fn send<E: Endpoint>(
    db: &impl Database,
    who: &Caller,
    method: Method,
    target: &str,
    body: &str,
    headers: &[(&str, &str)],
) -> Answer {
    let (id, query) = target.split_once('?').unwrap_or((target, ""));
    let segments = E::ROUTE.split('/').map(|segment| match segment.starts_with(':') {
        true if id.is_empty() => "-",
        true => id,
        false => segment,
    });
    let path = segments.collect::<Vec<_>>().join("/");
    let mut request = Request::builder().method(&method).uri(format!("{path}?{query}"));
    if let Some(name) = api::path_match::<E>() {
        request = request.header(name, id);
    }
    if !body.is_empty() {
        request = request.header("content-type", "application/json");
    }
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let changes = matches!(method, Method::PATCH | Method::PUT | Method::DELETE);
    if changes && !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("if-match")) {
        request = request.header("if-match", "*");
    }
    let mut method = method;
    api::head_as_get::<E>(&mut method);
    let request = request.method(&method).body(body.as_bytes().to_vec()).expect("a right request");
    let response = match api::not_offered::<E>(&method, "test") {
        Some(refusal) => refusal,
        None => api::answer::<E>(db, who.clone(), request, Utc::now(), "test").await,
    };
    let (head, body) = response.into_parts();
    let body = match body.is_empty() {
        true => Value::Null,
        false => serde_json::from_slice(&body).expect("an answer is JSON"),
    };
    Answer { status: head.status.as_u16(), headers: head.headers, body }
}
