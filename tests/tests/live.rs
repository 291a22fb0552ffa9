//! Live updates through the gateway: what one request changes arrives in the stream that another one holds open.

#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

use std::io::{BufRead as _, BufReader};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use e2e::{Client, login};
use serde_json::{Value, json};
use ureq::http::HeaderMap;

const PATH: &str = "/api/v1/live";

/// What came between two empty lines, by field.
#[derive(Debug, Default)]
struct Block {
    id: String,
    event: String,
    data: Value,
    comment: bool,
}

/// A stream that is read by a thread of its own, until it ends.
struct Stream {
    headers: HeaderMap,
    blocks: Receiver<Block>,
}

impl Stream {
    fn open(client: &Client, headers: &[(&str, &str)]) -> Self {
        let (head, body) = client.open(PATH, headers);
        assert_eq!(head.status, 200);
        let (send, blocks) = channel();
        thread::spawn(move || {
            let mut block = Block::default();
            for line in BufReader::new(body).lines().map_while(Result::ok) {
                match line.split_once(':').map(|(name, value)| (name, value.trim_start())) {
                    Some(("id", value)) => block.id = value.to_owned(),
                    Some(("event", value)) => block.event = value.to_owned(),
                    Some(("data", value)) => block.data = serde_json::from_str(value).unwrap(),
                    Some(("", _)) => block.comment = true,
                    Some(_) => {}
                    None if send.send(std::mem::take(&mut block)).is_err() => return,
                    None => {}
                }
            }
        });
        Self { headers: head.headers, blocks }
    }

    /// The next block.
    fn next(&self) -> Block {
        self.blocks.recv_timeout(Duration::from_secs(5)).expect("something within 5 s")
    }

    /// The event about this tag; those about others on the way to it are handed to `passed`.
    fn about(&self, id: &str, mut passed: impl FnMut(&Block)) -> Block {
        loop {
            let block = self.next();
            if block.data["subject"] == id {
                return block;
            }
            passed(&block);
        }
    }
}

/// A new tag; answers its id.
fn tag(client: &Client) -> String {
    let name = format!("live {}", uuid::Uuid::new_v4().simple());
    let made = client.post("/api/v1/tags", &json!({ "name": name }));
    assert_eq!(made.status, 201, "{}", made.text);
    made.id()
}

#[test]
fn a_change_arrives_within_two_seconds_and_only_with_its_owner() {
    let (alice, bob) = (login("alice"), login("bob"));
    let stream = Stream::open(&alice, &[]);
    assert_eq!(stream.headers["content-type"], "text/event-stream");
    assert_eq!(stream.headers["cache-control"], "no-store");
    assert!(!stream.next().id.is_empty(), "where it begins");
    let of_bob = tag(&bob);
    for _ in 0..3 {
        let id = tag(&alice);
        let begun = Instant::now();
        let block = stream.about(&id, |other| assert_ne!(other.data["subject"], of_bob.as_str()));
        assert!(begun.elapsed() < Duration::from_secs(2), "after {:?}", begun.elapsed());
        assert_eq!((block.event.as_str(), &block.data["version"]), ("tag.created", &1.into()));
        assert!(block.data["after"]["name"].as_str().unwrap().starts_with("live "));
    }
}

#[test]
fn a_reader_goes_on_where_it_left_off() {
    let mona = login("mona");
    let stream = Stream::open(&mona, &[]);
    let (first, second) = (tag(&mona), tag(&mona));
    let seen = stream.about(&first, |_| {});
    drop(stream);
    let again = Stream::open(&mona, &[("last-event-id", &seen.id)]);
    let place = again.next();
    assert_eq!((place.id.as_str(), place.event.as_str()), (seen.id.as_str(), ""));
    let next = again.next();
    assert_eq!(next.data["subject"], second.as_str());
    assert_eq!(next.id.parse::<i64>().unwrap(), seen.id.parse::<i64>().unwrap() + 1);
    // Nothing else comes until something else happens.
    let third = tag(&mona);
    assert_eq!(again.next().data["subject"], third.as_str());
}

#[test]
fn it_ends_by_itself_after_a_minute() {
    let ada = login("ada");
    let begun = Instant::now();
    let stream = Stream::open(&ada, &[]);
    let mut beats = 0;
    // The channel ends with the stream.
    while let Ok(block) = stream.blocks.recv_timeout(Duration::from_secs(20)) {
        beats += usize::from(block.comment);
    }
    let lasted = begun.elapsed().as_secs();
    assert!((55..=65).contains(&lasted), "{lasted} s");
    assert!(beats >= 2, "{beats} comments while it was quiet");
}

#[test]
fn a_wrong_question_gets_a_problem_and_no_stream() {
    let alice = login("alice");
    for (query, id, field) in
        [("", "x", "Last-Event-ID"), ("?after=-1", "", "after"), ("?since=1", "", "since")]
    {
        let headers: &[(&str, &str)] = if id.is_empty() { &[] } else { &[("last-event-id", id)] };
        let refused = alice.send("GET", &format!("{PATH}{query}"), headers, "");
        assert_eq!(
            (refused.status, refused.header("content-type")),
            (400, "application/problem+json"),
            "{query} {id}"
        );
        assert_eq!(refused.json()["field"], field);
    }
    let post = alice.send("POST", PATH, &[], "");
    assert_eq!((post.status, post.header("allow")), (405, "GET, HEAD"));
    assert_eq!(Client::stranger().get(PATH).status, 401);
}
