//! The two routes and their methods.

use api::{Call, Endpoint, Problem, ProblemType, Reply};
use domain::Role;
use http::Method;

use crate::TimeEntries;
use crate::change_entry::change_entry;
use crate::create_entry::create_entry;
use crate::delete_entry::delete_entry;
use crate::list_entries::list_entries;
use crate::read_entry::read_entry;

/// `/api/v1/time-entries`
pub struct Collection;

impl<P: TimeEntries> Endpoint<P> for Collection {
    const METHODS: &'static [Method] = &[Method::GET, Method::POST];
    const ROLE: Role = Role::User;

    async fn answer(ports: &P, call: Call) -> Result<Reply, Problem> {
        match call.method {
            Method::GET => list_entries(ports, call).await,
            Method::POST => create_entry(ports, call).await,
            _ => Err(not_offered()),
        }
    }
}

/// `/api/v1/time-entries/:id`
pub struct Item;

impl<P: TimeEntries> Endpoint<P> for Item {
    const METHODS: &'static [Method] = &[Method::GET, Method::PATCH, Method::DELETE];
    const ROLE: Role = Role::User;

    async fn answer(ports: &P, call: Call) -> Result<Reply, Problem> {
        match call.method {
            Method::GET => read_entry(ports, call).await,
            Method::PATCH => change_entry(ports, call).await,
            Method::DELETE => delete_entry(ports, call).await,
            _ => Err(not_offered()),
        }
    }
}

/// `serve` refuses other methods before; this keeps the match whole.
fn not_offered() -> Problem {
    Problem::new(ProblemType::MethodNotAllowed, "This method is not offered here.")
}
