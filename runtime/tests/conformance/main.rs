//! The runtime's behaviour, pinned on its own binary: small manifests as folders of data in `tests/cases`,
//! and what needs more than a list of requests in the modules here.

#![allow(clippy::unwrap_used, missing_docs)]

mod app;
mod cases;
mod composition;
mod database;
mod instances;
mod reload;
mod spin;
mod stores;
mod streams;
mod traces;
