//! `/api/v1/live`

use spin_sdk::http::{IntoResponse, Request};
use spin_sdk::http_service;

#[http_service]
async fn handle(request: Request) -> impl IntoResponse {
    guest::serve_stream::<endpoints_live::Live>(request).await
}
