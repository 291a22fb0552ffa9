//! What an endpoint is: a route, its operations, and one function that answers a call.

use std::future::Future;

use chrono::{DateTime, Utc};
use domain::Role;
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use http::{Method, StatusCode};
use serde::Serialize;
use uuid::Uuid;

use crate::etag::IfMatch;
use crate::sql::Database;
use crate::{Caller, Problem, ProblemType, TraceParent};

/// One method of a route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    /// The method.
    pub method: Method,
    /// Who may call it.
    pub access: Access,
}

/// Who may call an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Callers who have logged in and have the role.
    Role(Role),
    /// Whoever has the address, which is a secret. No login: the caller is who made the link ([`Endpoint::link_owner`]),
    /// with the rights that they have now.
    Link,
}

impl Operation {
    /// An operation for everybody who tracks time.
    pub const fn user(method: Method) -> Self {
        Self { method, access: Access::Role(Role::User) }
    }

    /// An operation of those who run the system.
    pub const fn admin(method: Method) -> Self {
        Self { method, access: Access::Role(Role::Admin) }
    }

    /// An operation without login, for who has the secret that its address ends with.
    pub const fn link(method: Method) -> Self {
        Self { method, access: Access::Link }
    }
}

/// One route and its one to four methods.
pub trait Endpoint {
    /// The route as spin.toml has it: `/api/v1/time-entries/:id`.
    const ROUTE: &'static str;
    /// What it answers; other methods get a 405.
    const OPERATIONS: &'static [Operation];

    /// Who made the link that this secret opens, for operations with [`Access::Link`].
    ///
    /// # Errors
    /// `not-found` where there is no such link.
    fn link_owner<D: Database>(
        _db: &D,
        _secret: &str,
        _now: DateTime<Utc>,
    ) -> impl Future<Output = Result<Uuid, Problem>> {
        async { Err(Problem::not_found()) }
    }

    /// Answer one call. `api::answer` has done before what all endpoints share.
    fn answer<D: Database>(db: &D, call: Call) -> impl Future<Output = Result<Reply, Problem>>;
}

/// A call as an endpoint sees it: who calls and the body's form were checked.
#[derive(Debug, Clone)]
pub struct Call {
    /// One of the endpoint's methods.
    pub method: Method,
    /// What stood for the route's parameter (`:id`); empty where it has none.
    pub id: String,
    /// The query string without its question mark.
    pub query: String,
    /// The body, in whole.
    pub body: Vec<u8>,
    /// Who calls.
    pub caller: Caller,
    /// The trace to hand on, if the call belongs to one.
    pub trace: Option<TraceParent>,
    /// When the call came in. Rules about the future ask it and no clock, so that tests choose.
    pub now: DateTime<Utc>,
    /// Which versions a change is meant for; there on every PATCH, PUT and DELETE.
    pub if_match: Option<IfMatch>,
    /// The idempotency key, where there is one.
    pub key: Option<IdempotencyKey>,
    /// What a reader of a stream has seen last (`Last-Event-ID`), as it was sent.
    pub last_event_id: Option<String>,
}

/// The client's name for a request that it may repeat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey {
    /// The header's value.
    pub key: String,
    /// SHA-256 of method, route, parameters and body: tells a repeat from another request.
    pub fingerprint: String,
}

/// A successful answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Reply {
    /// 2xx.
    pub status: StatusCode,
    /// Headers beside those that every answer has.
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// JSON where no header says otherwise; none with 204.
    pub body: Option<Vec<u8>>,
    /// Whether a stream follows: the body is then for [`crate::Streaming::follow`] and not for the caller.
    pub opens: bool,
}

impl Reply {
    /// A JSON answer.
    ///
    /// # Errors
    /// An internal problem where the value has no JSON form.
    pub fn json(status: StatusCode, value: &impl Serialize) -> Result<Self, Problem> {
        Self::written(status, serde_json::to_vec(value))
    }

    /// An answer whose JSON is there already.
    ///
    /// # Errors
    /// An internal problem where there is none.
    pub fn written(status: StatusCode, json: serde_json::Result<Vec<u8>>) -> Result<Self, Problem> {
        let body = json.map_err(|error| Problem::new(ProblemType::Internal, error.to_string()))?;
        Ok(Self { status, headers: Vec::new(), body: Some(body), opens: false })
    }

    /// A 200 with JSON.
    ///
    /// # Errors
    /// An internal problem where the value has no JSON form.
    pub fn ok(value: &impl Serialize) -> Result<Self, Problem> {
        Self::json(StatusCode::OK, value)
    }

    /// A 200 with a file.
    pub fn file(content_type: &'static str, body: Vec<u8>) -> Self {
        let headers = vec![(CONTENT_TYPE, HeaderValue::from_static(content_type))];
        Self { status: StatusCode::OK, headers, body: Some(body), opens: false }
    }

    /// A stream of a type; `opened` tells [`crate::Streaming::follow`] where it begins.
    ///
    /// # Errors
    /// An internal problem where the value has no JSON form.
    pub fn stream(content_type: &'static str, opened: &impl Serialize) -> Result<Self, Problem> {
        let mut reply = Self::ok(opened)?;
        reply.headers.push((CONTENT_TYPE, HeaderValue::from_static(content_type)));
        Ok(Self { opens: true, ..reply })
    }

    /// An answer without a body.
    pub fn no_content() -> Self {
        Self { status: StatusCode::NO_CONTENT, headers: Vec::new(), body: None, opens: false }
    }

    /// Add a header. A value that no header can hold is left out.
    pub fn header(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.push((name, value));
        }
        self
    }

    /// Name the version of what is answered, for a later `If-Match`.
    pub fn tagged(self, tag: impl std::fmt::Display) -> Self {
        self.header(http::header::ETAG, &format!("\"{tag}\""))
    }
}
