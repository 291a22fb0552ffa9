//! The API's document (OpenAPI 3.1), made from the endpoints' own annotations, and the list of all operations.
//! What every endpoint does alike (`api::answer`) is added here and once.

mod common;
mod links;
mod operations;
mod pages;
mod schemas;

pub use common::document;
pub use operations::{Listed, operations};
pub use pages::{Page, pages};
