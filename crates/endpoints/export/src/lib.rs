//! `/api/v1/reports/export`: the entries behind a report as a file. CSV is written piece by piece and has any length;
//! what must be whole before its first byte is known (XLSX, ODS, PDF) has a bound.

pub mod csv_file;
mod line;
pub mod ods_file;
pub mod pdf_file;
mod pdf_page;
mod read_export;
pub mod xlsx_file;
mod xml_text;

use api::sql::Database;
use api::{Call, Caller, Endpoint, Operation, Outlet, Problem, Reply, Streaming};
use http::Method;

pub use line::{COLUMNS, Line, Title, Totals};

/// `/api/v1/reports/export`
pub struct Export;

impl Endpoint for Export {
    const ROUTE: &'static str = "/api/v1/reports/export";
    const OPERATIONS: &'static [Operation] = &[Operation::user(Method::GET)];

    async fn answer<D: Database>(db: &D, call: Call) -> Result<Reply, Problem> {
        read_export::read_export(db, call).await
    }
}

impl Streaming for Export {
    async fn follow(outlet: impl Outlet, caller: Caller, opened: &[u8]) {
        read_export::stream_csv(outlet, &caller, opened).await;
    }
}

/// The operations of this crate, for the API's document.
#[cfg(feature = "openapi")]
pub fn openapi() -> utoipa::openapi::OpenApi {
    use utoipa::OpenApi as _;
    #[derive(utoipa::OpenApi)]
    #[openapi(paths(read_export::read_export))]
    struct Operations;
    Operations::openapi()
}
