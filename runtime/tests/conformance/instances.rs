//! Reuse of instances, streams, guests that misbehave, and the stop.

use std::time::{Duration, Instant};

use bytes::Bytes;
use futures::StreamExt;
use futures::future::join_all;

use crate::app::{App, Case, PATIENCE};

const MEGABYTE: usize = 1 << 20;

fn app() -> App {
    Case::new("guest").start()
}

#[tokio::test]
async fn an_instance_serves_request_after_request() {
    let app = app();
    for count in 1..=5 {
        assert_eq!(app.text("/count").await, count.to_string());
    }
}

#[tokio::test]
async fn an_instance_ends_after_its_number_of_requests() {
    let app = Case::new("guest").argument("--max-instance-reuse-count").argument("2").start();
    let mut counts = Vec::new();
    for _ in 0..4 {
        counts.push(app.text("/count").await);
    }
    assert_eq!(counts, ["1", "2", "1", "2"]);
}

#[tokio::test]
async fn an_idle_instance_ends() {
    let app = Case::new("guest").argument("--idle-instance-timeout-ms").argument("100").start();
    assert_eq!(app.text("/count").await, "1");
    tokio::time::sleep(Duration::from_millis(600)).await;
    assert_eq!(app.text("/count").await, "1");
}

#[tokio::test]
async fn an_instance_serves_requests_at_once_up_to_its_limit() {
    let app = Case::new("guest").argument("--max-instance-concurrent-reuse-count").argument("3").start();
    let answers = join_all((0..24).map(|_| app.text("/at-once"))).await;
    let most = answers.iter().map(|text| text.parse::<u32>().unwrap()).max().unwrap();
    assert!((2..=3).contains(&most), "{answers:?}");
}

#[tokio::test]
async fn a_guest_that_computes_for_ever_does_not_block_others() {
    let app = Case::new("guest").argument("--max-compute-ms").argument("600000").start();
    let client = reqwest::Client::new();
    let busy: Vec<_> = (0..4).map(|_| tokio::spawn(client.get(app.url("/spin-forever")).send())).collect();
    tokio::time::sleep(Duration::from_millis(300)).await;
    app.text("/.well-known/spin/health").await;
    app.text("/count").await;
    for request in busy {
        assert!(!request.is_finished());
        request.abort();
    }
}

/// What goes beyond a limit is stopped with an answer and a line in the log; the next request is served.
async fn stopped(app: &App, path: &str, reason: &str) {
    assert_eq!(app.get(path).await, (500, "the component failed".to_owned()));
    app.wait_for_log(reason);
    assert_eq!(app.text("/count").await, "1");
}

#[tokio::test]
async fn a_guest_that_computes_for_ever_is_stopped() {
    let app = Case::new("guest").argument("--max-compute-ms").argument("300").start();
    stopped(&app, "/spin-forever", "it computed for 300 ms without waiting once").await;
}

#[tokio::test]
async fn computing_again_and_again_is_no_computing_for_ever() {
    let app = Case::new("guest").argument("--max-compute-ms").argument("300").start();
    for _ in 0..40 {
        app.text("/compute/30").await;
    }
    assert_eq!(app.text("/count").await, "1");
}

#[tokio::test]
async fn a_guest_that_allocates_without_bound_is_stopped() {
    let app =
        Case::new("guest").argument("--max-instance-memory").argument((64 * MEGABYTE).to_string()).start();
    assert_eq!(app.text("/allocate/32").await, (32 * MEGABYTE).to_string());
    stopped(&app, "/allocate/128", "an instance was refused memory").await;
}

#[tokio::test]
async fn a_guest_that_opens_without_end_is_stopped() {
    stopped(&app(), "/open-forever", "no free keys").await;
}

#[tokio::test]
async fn more_requests_than_a_component_may_have_are_asked_to_come_again() {
    let app = Case::new("guest").argument("--max-requests").argument("2").start();
    let waiting: Vec<_> = (0..2).map(|_| tokio::spawn(reqwest::get(app.url("/at-once")))).collect();
    tokio::time::sleep(Duration::from_millis(80)).await;
    let refused = reqwest::get(app.url("/count")).await.unwrap();
    assert_eq!((refused.status().as_u16(), refused.headers()["retry-after"].to_str().unwrap()), (503, "1"));
    assert_eq!(app.text("/.well-known/spin/health").await, "OK");
    for request in waiting {
        assert_eq!(request.await.unwrap().unwrap().status(), 200);
    }
    assert_eq!(app.text("/count").await, "1");
}

#[tokio::test]
async fn more_instances_than_there_may_be_are_asked_to_come_again() {
    let app = Case::new("guest").argument("--max-instances").argument("1");
    let app = app.argument("--max-instance-concurrent-reuse-count").argument("1").start();
    let waiting = tokio::spawn(reqwest::get(app.url("/at-once")));
    tokio::time::sleep(Duration::from_millis(80)).await;
    assert_eq!(app.get("/count").await, (503, "no instance of the component could be made".to_owned()));
    assert_eq!(waiting.await.unwrap().unwrap().status(), 200);
}

#[tokio::test]
async fn guests_have_so_many_requests_at_once_and_the_others_wait() {
    let app = Case::new("guest").argument("--max-running-requests").argument("2").start();
    let answers = join_all((0..4).map(|_| app.text("/at-once/30"))).await;
    assert!(answers.iter().all(|most| ["1", "2"].contains(&most.as_str())), "{answers:?}");
}

#[tokio::test]
async fn no_request_waits_for_ever_for_those_before_it() {
    let app = Case::new("guest").argument("--max-running-requests").argument("1");
    let app = app.argument("--max-compute-ms").argument("600000").start();
    let busy = tokio::spawn(reqwest::get(app.url("/spin-forever")));
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(app.text("/count").await, "1");
    assert!(!busy.is_finished());
    busy.abort();
}

#[tokio::test]
async fn an_answer_that_is_not_read_to_its_end_counts_until_its_client_goes() {
    let app = Case::new("guest").argument("--max-requests").argument("1").start();
    let unread = reqwest::get(app.url("/stream/64")).await.unwrap();
    assert_eq!(app.get("/count").await.0, 503);
    drop(unread);
    let start = Instant::now();
    while app.get("/count").await.0 == 503 {
        assert!(start.elapsed() < PATIENCE);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn a_large_request_body_is_streamed() {
    let app = app();
    assert_eq!(app.text("/count").await, "1");
    let before = app.memory();
    let chunk = Bytes::from(vec![b'x'; MEGABYTE]);
    let chunks = futures::stream::iter((0..128).map(move |_| Ok::<_, std::io::Error>(chunk.clone())));
    let answer = reqwest::Client::new()
        .post(app.url("/sum"))
        .body(reqwest::Body::wrap_stream(chunks))
        .timeout(PATIENCE)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.text().await.unwrap(), (128 * MEGABYTE).to_string());
    let grown = app.memory().saturating_sub(before);
    assert!(grown < 48 * MEGABYTE, "grew by {grown} bytes");
}

#[tokio::test]
async fn a_large_answer_is_streamed() {
    let app = app();
    assert_eq!(app.text("/count").await, "1");
    let before = app.memory();
    let answer = reqwest::get(app.url("/stream/128")).await.unwrap();
    let mut stream = answer.bytes_stream();
    let mut bytes = 0;
    let mut most = 0;
    while let Some(chunk) = stream.next().await {
        bytes += chunk.unwrap().len();
        most = most.max(app.memory().saturating_sub(before));
    }
    assert_eq!(bytes, 128 * MEGABYTE);
    // The guest may queue some chunks of its own.
    assert!(most < 112 * MEGABYTE, "grew by {most} bytes");
}

#[tokio::test]
async fn what_a_guest_prints_is_logged_with_its_component() {
    let app = app();
    app.text("/print/hello").await;
    app.wait_for_log("out hello component=\"guest\" stream=\"stdout\"");
    app.wait_for_log("err hello component=\"guest\" stream=\"stderr\"");
}

#[tokio::test]
async fn a_trap_is_logged_once_with_its_component() {
    let app = app();
    assert_eq!(app.get("/trap").await.0, 500);
    app.wait_for_log("an instance failed");
    let log = app.log();
    let lines: Vec<_> = log.lines().filter(|line| line.contains(" ERROR ")).collect();
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(lines[0].contains("component=\"guest\"") && lines[0].contains("unreachable"), "{lines:?}");
}

#[tokio::test]
async fn a_request_in_flight_finishes_after_a_stop_is_asked_for() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let mut app = Case::new("guest").argument("--admin").argument(free.to_string()).start();
    let request = tokio::spawn(reqwest::get(app.url("/at-once")));
    let metrics =
        async || reqwest::get(format!("http://{free}/metrics")).await.unwrap().text().await.unwrap();
    while !metrics().await.contains("runtime_requests_in_flight{component=\"guest\"} 1") {
        assert!(!request.is_finished(), "it was never seen in flight");
    }
    app.terminate();
    assert_eq!(request.await.unwrap().unwrap().status(), 200);
    assert!(app.wait(), "{}", app.log());
    assert!(!app.log().contains("ERROR"), "{}", app.log());
}

#[tokio::test]
async fn metrics_tell_of_each_component() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let app = Case::new("guest").argument("--admin").argument(free.to_string()).start();
    for _ in 0..3 {
        app.text("/count").await;
    }
    assert_eq!(app.get("/trap").await.0, 500);
    let metrics = reqwest::get(format!("http://{free}/metrics")).await.unwrap().text().await.unwrap();
    for line in [
        "runtime_requests_total{component=\"guest\",status=\"2xx\"} 3",
        "runtime_requests_total{component=\"guest\",status=\"5xx\"} 1",
        "runtime_request_seconds_count{component=\"guest\"} 4",
        "runtime_requests_in_flight{component=\"guest\"} ",
        "runtime_instances_made_total{component=\"guest\"} 1",
    ] {
        assert!(metrics.contains(line), "{line} is not in {metrics}");
    }
    let ready = reqwest::get(format!("http://{free}/health/ready")).await.unwrap();
    assert_eq!(ready.status(), 200);
}
