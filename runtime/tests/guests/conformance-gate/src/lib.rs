//! Middleware that lets through whoever knows the variable `secret`, and says what it has seen of a request that it refuses.

use bytes::Bytes;
use http::StatusCode;
use http_body_util::{BodyExt, Full};
use spin_sdk::http::{self as spin_http, BoxBody, Request, box_body};
use spin_sdk::{http_service, variables};

#[http_service]
async fn handle(request: Request) -> spin_http::Result<http::Response<BoxBody>> {
    let secret = variables::get("secret").await;
    let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    if secret.as_deref().is_ok_and(|secret| header("authorization") == Some(secret)) {
        return Ok(spin_http::next(request).await?.map(box_body));
    }
    let text = format!("refused: {:?}, {:?}", secret.is_ok(), header("x-tag"));
    let mut refused =
        http::Response::new(box_body(Full::new(Bytes::from(text)).map_err(|never| match never {})));
    *refused.status_mut() = StatusCode::UNAUTHORIZED;
    Ok(refused)
}
