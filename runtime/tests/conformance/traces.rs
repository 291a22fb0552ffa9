//! Spans, as a collector gets them.

use std::net::Ipv4Addr;

use axum::Router;
use axum::body::Bytes;
use axum::routing::post;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio::time::timeout;

use crate::app::{Case, PATIENCE};

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const CALLER: &str = "00f067aa0ba902b7";

/// A collector at a free port; it hands on what it is sent.
async fn collector() -> (String, mpsc::UnboundedReceiver<Value>) {
    let (send, receive) = mpsc::unbounded_channel();
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let take = move |body: Bytes| async move {
        _ = send.send(serde_json::from_slice(&body).unwrap());
        "{}"
    };
    tokio::spawn(async move { axum::serve(listener, Router::new().route("/v1/traces", post(take))).await });
    (address, receive)
}

async fn ask(app: &crate::app::App, path: &str) -> String {
    let request =
        reqwest::Client::new().get(app.url(path)).header("traceparent", format!("00-{TRACE}-{CALLER}-01"));
    request.send().await.unwrap().text().await.unwrap()
}

#[tokio::test]
async fn a_request_is_a_span_between_its_callers_and_the_components() {
    let (address, mut sent) = collector().await;
    let app = Case::new("guest")
        .environment("OTEL_EXPORTER_OTLP_ENDPOINT", &address)
        .environment("OTEL_EXPORTER_OTLP_PROTOCOL", "http/json")
        .environment("OTEL_BSP_SCHEDULE_DELAY", "50")
        .start();
    let echo = ask(&app, "/echo").await;
    let batch = timeout(PATIENCE, sent.recv()).await.unwrap().unwrap();
    let spans = &batch["resourceSpans"][0]["scopeSpans"][0]["spans"];
    let span = &spans[0];
    assert_eq!(spans.as_array().unwrap().len(), 1, "{batch}");
    assert_eq!(span["traceId"], TRACE);
    assert_eq!(span["parentSpanId"], CALLER);
    assert_eq!(span["name"], "GET /...");
    let attributes = span["attributes"].as_array().unwrap();
    assert!(
        attributes.contains(&json!({"key": "spin.component", "value": {"stringValue": "guest"}})),
        "{span}"
    );
    // What the component hands on belongs to that span.
    let own = span["spanId"].as_str().unwrap();
    assert!(echo.contains(&format!("traceparent=00-{TRACE}-{own}-01")), "{echo} {span}");

    // A failure is marked, and a stop sends what is left.
    ask(&app, "/trap").await;
    app.terminate();
    let batch = timeout(PATIENCE, sent.recv()).await.unwrap().unwrap();
    assert_eq!(batch["resourceSpans"][0]["scopeSpans"][0]["spans"][0]["status"]["code"], 2, "{batch}");
}

#[tokio::test]
async fn without_a_collector_the_callers_span_is_the_components() {
    let app = Case::new("guest").start();
    let echo = ask(&app, "/echo").await;
    assert!(echo.contains(&format!("traceparent=00-{TRACE}-{CALLER}-01")), "{echo}");
}
