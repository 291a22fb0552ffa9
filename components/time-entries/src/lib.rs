//! endpoint
use spin_sdk::http::{IntoResponse, Request};
use spin_sdk::http_service;

#[http_service]
async fn handle(request: Request) -> impl IntoResponse {
    let auth = request
        .headers()
        .get("authorization")
        .and_then(|v| v.to_str().ok())
        .map(str::to_owned);
    match guest::verifier::authenticate(auth).await {
        Ok(id) => format!("hello {}", id.username),
        Err(e) => format!("{e:?}"),
    }
}
