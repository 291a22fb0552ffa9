//! Reports: `/api/v1/reports/summary`, read from the model that `reporting` keeps.

mod ports;
mod postgres;
mod summary;

pub use ports::{Group, GroupBy, Reports};
pub use postgres::PostgresReports;
pub use summary::Summary;
