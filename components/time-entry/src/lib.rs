//! `/api/v1/time-entries/:id`

use endpoints_time_entries::{Item, PostgresTimeEntries};
use spin_sdk::http::{IntoResponse, Request};
use spin_sdk::http_service;

#[http_service]
async fn handle(request: Request) -> impl IntoResponse {
    guest::serve::<Item, _>(request, PostgresTimeEntries).await
}
