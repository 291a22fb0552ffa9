//! `/api/v1/reports/summary`

use endpoints_reports::{PostgresReports, Summary};
use spin_sdk::http::{IntoResponse, Request};
use spin_sdk::http_service;

#[http_service]
async fn handle(request: Request) -> impl IntoResponse {
    guest::serve::<Summary, _>(request, PostgresReports).await
}
