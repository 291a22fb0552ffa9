//! Middleware that lets everything through, with a header on its way in and one on its way out.

use http::HeaderValue;
use spin_sdk::http::{self as spin_http, IntoResponse, Request};
use spin_sdk::http_service;

#[http_service]
async fn handle(mut request: Request) -> spin_http::Result<impl IntoResponse> {
    request.headers_mut().append("x-tag", HeaderValue::from_static("tagged"));
    let mut response = spin_http::next(request).await?;
    response.headers_mut().append("x-answer-tag", HeaderValue::from_static("tagged"));
    Ok(response)
}
