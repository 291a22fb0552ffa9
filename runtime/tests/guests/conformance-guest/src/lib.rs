//! Does what the path says, so that one guest serves all cases of the suite. Results are Rust's `Debug` text.

mod database;
mod instance;
mod stores;

use std::time::Duration;

use bytes::Bytes;
use futures::SinkExt;
use http_body_util::{BodyExt, Full};
use spin_sdk::http::body::IncomingBodyExt;
use spin_sdk::http::{self as spin_http, BoxBody, IntoResponse, Request, box_body};
use spin_sdk::{http_service, variables, wasip3};

type Answer = Result<http::Response<BoxBody>, spin_http::Error>;

#[http_service]
async fn handle(request: Request) -> impl IntoResponse {
    let path = request.uri().path().trim_start_matches('/').to_owned();
    let (action, rest) = path.split_once('/').unwrap_or((&path, ""));
    let text = match action {
        "echo" => echo(&request),
        "variable" => format!("{:?}", variables::get(rest).await),
        "store" => stores::run(rest).await,
        "query" => database::query(request).await,
        "fetch" => fetch(request.uri().query().unwrap_or_default()).await,
        "read" => format!("{:?}", std::fs::read_to_string(format!("/{rest}")).map_err(|error| error.kind())),
        "write" => format!("{:?}", std::fs::write(format!("/{rest}"), "x").map_err(|error| error.kind())),
        "environment" => format!("{:?}", std::env::var(rest)),
        "count" => instance::count(),
        "at-once" => instance::at_once(rest).await,
        "spin-forever" => instance::spin_forever(),
        "compute" => instance::compute(rest),
        "allocate" => instance::allocate(rest),
        "open-forever" => instance::open_forever(),
        "print" => instance::print(rest),
        "sum" => sum(request).await,
        "stream" => return stream(rest),
        "mirror" => return Ok(mirror(request)),
        "events" => return events(),
        "trap" => panic!("a trap was asked for"),
        "error" => return Err(spin_http::Error::other("an error was asked for")),
        _ => format!("no such action: {action}"),
    };
    let body = box_body(Full::new(Bytes::from(text)).map_err(|never| match never {}));
    Answer::Ok(http::Response::new(body))
}

/// The headers that Spin puts into a request, sorted.
fn echo(request: &Request) -> String {
    let mut lines: Vec<String> = request
        .headers()
        .iter()
        .filter(|(name, _)| {
            name.as_str().starts_with("spin-")
                || ["connection", "traceparent", "x-tag"].contains(&name.as_str())
        })
        .map(|(name, value)| format!("{name}={}", value.to_str().unwrap_or_default()))
        .collect();
    lines.sort();
    format!("{} {}\n{}\n", request.method(), request.uri().path(), lines.join("\n"))
}

async fn fetch(url: &str) -> String {
    match spin_http::get(url).await {
        Ok(answer) => {
            let status = answer.status().as_u16();
            match answer.into_body().bytes().await {
                Ok(body) => format!("{status} {}", String::from_utf8_lossy(&body)),
                Err(error) => format!("{status} {error:?}"),
            }
        }
        Err(error) => format!("{error:?}"),
    }
}

/// The number of bytes of the body, read chunk by chunk.
async fn sum(request: Request) -> String {
    let mut body = request.into_body().stream();
    let mut bytes = 0;
    while let Some(chunk) = futures::StreamExt::next(&mut body).await {
        match chunk {
            Ok(chunk) => bytes += chunk.len(),
            Err(error) => return instance::print(&format!("after {bytes} bytes: {error:?}")),
        }
    }
    bytes.to_string()
}

/// The body as it comes, and its trailers.
fn mirror(mut request: Request) -> http::Response<BoxBody> {
    let announced = request.headers_mut().remove("trailer");
    let mut answer = http::Response::new(box_body(request.into_body()));
    answer.headers_mut().extend(announced.map(|names| (http::header::TRAILER, names)));
    answer
}

/// `megabytes` of the letter x, sent while it is made.
fn stream(megabytes: &str) -> Answer {
    let megabytes: usize = megabytes.parse().unwrap_or(1);
    let (mut sender, body) = spin_http::body::stream::<Bytes>();
    wasip3::spawn(async move {
        let chunk = Bytes::from(vec![b'x'; 64 << 10]);
        for _ in 0..megabytes * 16 {
            if sender.send(chunk.clone()).await.is_err() {
                break;
            }
        }
    });
    Ok(http::Response::new(box_body(body)))
}

/// An event every 20 ms, without end.
fn events() -> Answer {
    let (mut sender, body) = spin_http::body::stream::<Bytes>();
    wasip3::spawn(async move {
        let mut number = 0;
        while sender.send(Bytes::from(format!("id: {number}\n\n"))).await.is_ok() {
            number += 1;
            spin_sdk::time::sleep(Duration::from_millis(20)).await;
        }
        instance::print("the reader is gone");
    });
    let mut answer = http::Response::new(box_body(body));
    answer.headers_mut().insert("content-type", http::HeaderValue::from_static("text/event-stream"));
    Ok(answer)
}
