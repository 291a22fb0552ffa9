//! Bodies while they are sent and read, trailers, and clients that go.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use bytes::Bytes;
use futures::StreamExt;
use tokio::sync::mpsc;

use crate::app::{Case, PATIENCE};

#[tokio::test]
async fn a_body_is_answered_while_it_is_sent() {
    let app = Case::new("guest").start();
    let (send, mut chunks) = mpsc::channel::<Bytes>(1);
    let chunks = futures::stream::poll_fn(move |context| chunks.poll_recv(context));
    let body = reqwest::Body::wrap_stream(chunks.map(Ok::<_, std::io::Error>));
    let answer = reqwest::Client::new().post(app.url("/mirror")).body(body).timeout(PATIENCE).send();
    let (answer, sent) = tokio::join!(answer, send.send(Bytes::from("one")));
    sent.unwrap();
    let mut answered = answer.unwrap().bytes_stream();
    assert_eq!(answered.next().await.unwrap().unwrap(), "one");
    send.send(Bytes::from("two")).await.unwrap();
    assert_eq!(answered.next().await.unwrap().unwrap(), "two");
    drop(send);
    assert!(answered.next().await.is_none());
}

#[test]
fn trailers_go_in_and_out() {
    let app = Case::new("guest").start();
    let mut stream = TcpStream::connect(app.address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream
        .write_all(
            b"POST /mirror HTTP/1.1\r\nhost: h\r\nte: trailers\r\nconnection: close\r\ntrailer: x-sum\r\n\
              transfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nx-sum: 42\r\n\r\n",
        )
        .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    assert!(answer.ends_with("3\r\nabc\r\n0\r\nx-sum: 42\r\n\r\n"), "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guest_hears_that_its_reader_is_gone() {
    let app = Case::new("guest").start();
    let mut events = reqwest::get(app.url("/events")).await.unwrap().bytes_stream();
    events.next().await.unwrap().unwrap();
    assert!(!app.log().contains("the reader is gone"));
    drop(events);
    app.wait_for_log("out the reader is gone");
    assert_eq!(app.text("/count").await, "1");
}

#[tokio::test]
async fn a_guest_hears_that_its_sender_is_gone() {
    let app = Case::new("guest").start();
    let mut stream = TcpStream::connect(app.address).unwrap();
    stream.write_all(b"POST /sum HTTP/1.1\r\nhost: h\r\ncontent-length: 10\r\n\r\nabc").unwrap();
    tokio::time::sleep(Duration::from_millis(200)).await;
    drop(stream);
    app.wait_for_log("out after 3 bytes: ");
    assert_eq!(app.text("/count").await, "1");
}

#[test]
fn a_body_that_nobody_reads_does_not_cost_its_sender_the_response() {
    let app = Case::new("guest").start();
    let body = vec![b'x'; 3 << 20];
    for path in ["/echo", "/.well-known/spin/health", "/trap"].iter().cycle().take(60) {
        let mut stream = TcpStream::connect(app.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: h\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(&body).unwrap_or_else(|error| panic!("{path}: {error}"));
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap_or_else(|error| panic!("{path}: {error}"));
        assert!(answer.starts_with("HTTP/1.1 200") || *path == "/trap", "{path}: {answer}");
    }
}
