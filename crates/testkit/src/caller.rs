//! Calls without HTTP: what `serve` would hand to an endpoint.

use api::{Call, Caller, TraceParent};
use domain::Role;
use http::Method;
use uuid::Uuid;

/// A new person with role `user`.
pub fn caller() -> Caller {
    let id = Uuid::new_v4();
    Caller {
        id,
        username: format!("user-{}", id.simple()),
        name: "Test Person".to_owned(),
        roles: vec![Role::User],
    }
}

/// A call; `target` is the id of the path, a query string after `?`, or both.
pub fn call(caller: &Caller, method: Method, target: &str, body: &str) -> Call {
    let (id, query) = target.split_once('?').unwrap_or((target, ""));
    Call {
        method,
        id: id.to_owned(),
        query: query.to_owned(),
        body: body.as_bytes().to_vec(),
        caller: caller.clone(),
        trace: TraceParent::begin(),
    }
}
