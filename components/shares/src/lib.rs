//! `/api/v1/shares`

use spin_sdk::http::{IntoResponse, Request};
use spin_sdk::http_service;

#[http_service]
async fn handle(request: Request) -> impl IntoResponse {
    guest::serve::<endpoints_saved_reports::AllShares>(request).await
}
