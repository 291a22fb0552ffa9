//! `/api/v1/reports/export`

use spin_sdk::http::{IntoResponse, Request};
use spin_sdk::http_service;

#[http_service]
async fn handle(request: Request) -> impl IntoResponse {
    guest::serve_stream::<endpoints_export::Export>(request).await
}
