//! `/api/v1/dead-letters/:id/replay`

use spin_sdk::http::{IntoResponse, Request};
use spin_sdk::http_service;

#[http_service]
async fn handle(request: Request) -> impl IntoResponse {
    guest::serve::<endpoints_operations::ReplayDeadLetter>(request).await
}
