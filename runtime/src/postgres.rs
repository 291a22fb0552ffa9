//! `spin:postgres`: the grants, the pools and the values each in a module of their own.

#![allow(clippy::result_large_err, reason = "the error type is the interface's own")]

mod errors;
mod host;
pub mod pool;
mod pulse;
mod rows;
mod statements;
mod tls;
mod values;
mod wrappers;

use std::sync::Arc;

use wasmtime::component::{HasData, ResourceTable};

use crate::outbound::hosts::AllowedHosts;
use pool::{Address, Pool, Pools};

/// The PostgreSQL side of one instance.
pub struct Postgres {
    allowed: AllowedHosts,
    pools: Arc<Pools>,
    /// What it connected to last: most connect to one address, which then is read and checked once.
    last: Option<(Address, Arc<Pool>)>,
}

impl Postgres {
    /// For a component that may connect to `allowed`.
    pub fn new(allowed: AllowedHosts, pools: Arc<Pools>) -> Self {
        Self { allowed, pools, last: None }
    }
}

/// What the host functions reach of an instance.
pub struct PostgresView<'a> {
    /// Grants and pools.
    pub state: &'a mut Postgres,
    /// Holds the open connections.
    pub table: &'a mut ResourceTable,
}

/// Marks the access for the linker.
pub struct HasPostgres;

impl HasData for HasPostgres {
    type Data<'a> = PostgresView<'a>;
}
