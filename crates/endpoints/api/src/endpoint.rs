//! The shape of an endpoint: a call comes in, a reply or a problem goes out.

use std::future::Future;

use chrono::{DateTime, Utc};
use domain::Role;
use http::{HeaderName, HeaderValue, Method, StatusCode};
use serde::Serialize;

use crate::{Caller, Problem, ProblemType, TraceParent};

/// A request whose caller, size and content type were checked.
#[derive(Debug, Clone)]
pub struct Call {
    /// One of the endpoint's methods.
    pub method: Method,
    /// What stood for `:id` in the route; empty where the route has none.
    pub id: String,
    /// The query string without its question mark.
    pub query: String,
    /// The body, in whole.
    pub body: Vec<u8>,
    /// Who calls.
    pub caller: Caller,
    /// The trace to hand on.
    pub trace: TraceParent,
}

/// What time it is. A port, so that tests choose.
pub trait Clock {
    /// Now.
    fn now(&self) -> DateTime<Utc>;
}

/// One route and its one to four methods, over the ports `P` that it needs.
pub trait Endpoint<P> {
    /// The methods that it answers; others get a 405.
    const METHODS: &'static [Method];
    /// The role that a caller must have.
    const ROLE: Role;

    /// Answer one call.
    fn answer(ports: &P, call: Call) -> impl Future<Output = Result<Reply, Problem>>;
}

/// A successful answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Reply {
    /// 2xx.
    pub status: StatusCode,
    /// Headers beside those that `serve` sets.
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// JSON; none with 204.
    pub body: Option<Vec<u8>>,
}

impl Reply {
    /// A JSON answer.
    ///
    /// # Errors
    /// An internal problem where the value has no JSON form.
    pub fn json(status: StatusCode, value: &impl Serialize) -> Result<Self, Problem> {
        let body = serde_json::to_vec(value)
            .map_err(|error| Problem::new(ProblemType::Internal, error.to_string()))?;
        Ok(Self { status, headers: Vec::new(), body: Some(body) })
    }

    /// An answer without a body.
    pub fn no_content() -> Self {
        Self { status: StatusCode::NO_CONTENT, headers: Vec::new(), body: None }
    }

    /// Add a header. A value that no header can hold is left out.
    pub fn header(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.push((name, value));
        }
        self
    }
}
