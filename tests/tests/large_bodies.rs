//! Bodies that nobody wants: whoever sends one is told so, however much of it is still on its way.

#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

use bytes::Bytes;
use e2e::wire::Http2;
use e2e::{Client, login};
use http::Request;

const TRIES: usize = 200;
const MEBIBYTE: usize = 1024 * 1024;

/// Method, path, whether somebody is logged in, and the answer.
const CASES: [(&str, &str, bool, u16); 5] = [
    ("POST", "/api/v1/time-entries", true, 413),
    ("PATCH", "/api/v1/me", true, 413),
    ("POST", "/api/v1/time-entries", false, 401),
    ("POST", "/api/v1/me", true, 405),
    ("POST", "/api/v1/nothing", true, 404),
];

/// Up to the gateway's bound, from the API's on where that is what refuses: as far apart as there are tries.
fn size(number: usize, status: u16) -> usize {
    let least = if status == 413 { 3 * MEBIBYTE + 1 } else { MEBIBYTE };
    least + number * ((4 * MEBIBYTE - least) / TRIES)
}

#[test]
fn one_that_is_too_long_is_refused_over_http_1() {
    let (alice, stranger) = (login("alice"), Client::stranger());
    let headers = [("content-type", "application/json"), ("if-match", "*")];
    for number in 0..TRIES {
        let (method, path, known, status) = CASES[number % CASES.len()];
        let client = if known { &alice } else { &stranger };
        let answer = client.send(method, path, &headers, &"x".repeat(size(number, status)));
        assert_eq!(answer.status, status, "{method} {path}, {} bytes: {}", size(number, status), answer.text);
        assert_eq!(answer.header("content-type"), "application/problem+json", "{method} {path}");
    }
}

#[tokio::test]
async fn one_that_is_too_long_is_refused_over_http_2() {
    let alice = tokio::task::spawn_blocking(|| login("alice")).await.unwrap();
    let http2 = Http2::connect(&alice.url("")).await;
    let body = Bytes::from("x".repeat(4 * MEBIBYTE));
    for number in 0..TRIES {
        let (method, path, known, status) = CASES[number % CASES.len()];
        let mut request = Request::builder().method(method).uri(alice.url(path)).header("if-match", "*");
        request = request.header("content-type", "application/json");
        if known {
            request = request.header("authorization", format!("Bearer {}", alice.token()));
        }
        let sent = http2.send(request.body(()).unwrap(), body.slice(..size(number, status))).await;
        assert_eq!(sent.unwrap(), status, "{method} {path}, {} bytes", size(number, status));
    }
}
