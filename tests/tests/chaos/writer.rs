//! People who go on working.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use e2e::{Client, free_day};
use fastrand::Rng;
use serde_json::{Value, json};
use uuid::Uuid;

/// The path of what they change.
pub const ENTRIES: &str = "/api/v1/time-entries";
/// A change that has no answer after this long is a failure: the longest fault is the runtime's start.
const PATIENCE: Duration = Duration::from_secs(240);

/// Somebody who writes, and asks again with the same key until there is an answer.
pub struct Writer {
    client: Client,
    random: Rng,
    /// Id and version of the living entries.
    pub living: Vec<(String, i64)>,
    /// The last version of those that were deleted.
    pub deleted: BTreeMap<String, i64>,
    /// How many were answered.
    pub changes: usize,
    /// How often one was asked for again.
    pub repeats: usize,
}

impl Writer {
    /// Somebody who has not begun.
    pub fn new(client: Client, random: Rng) -> Self {
        Self { client, random, living: vec![], deleted: BTreeMap::new(), changes: 0, repeats: 0 }
    }

    /// Change one thing after another.
    pub fn work_until(&mut self, stop: &AtomicBool) {
        for minute in free_minutes().take_while(|_| !stop.load(Ordering::Relaxed)) {
            self.act(minute);
            thread::sleep(Duration::from_millis(20));
        }
    }

    fn insist(&mut self, method: &str, path: &str, body: &Value) -> e2e::Answer {
        let key = Uuid::new_v4().to_string();
        let headers =
            [("idempotency-key", key.as_str()), ("if-match", "*"), ("content-type", "application/json")];
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let begun = Instant::now();
        loop {
            let answer =
                self.client.try_send(method, path, &headers[..if body.is_empty() { 2 } else { 3 }], &body);
            match answer {
                Ok(answer) if answer.status < 500 && answer.status != 429 => return answer,
                other => {
                    let last = other.map_or_else(|error| error.to_string(), |answer| answer.text);
                    assert!(begun.elapsed() < PATIENCE, "{method} {path}: no answer; last: {last}");
                }
            }
            self.repeats += 1;
            thread::sleep(Duration::from_millis(200));
        }
    }

    fn act(&mut self, minute: DateTime<Utc>) {
        let span = json!({ "start": minute, "end": minute + TimeDelta::seconds(self.random.i64(1..60)) });
        let index = self.random.usize(0..self.living.len().max(4) * 2);
        match self.living.get(index).cloned() {
            None => {
                let made = self.insist("POST", ENTRIES, &span);
                assert_eq!(made.status, 201, "{}", made.text);
                self.living.push((made.id(), 1));
            }
            Some((id, version)) if self.random.bool() => {
                let gone = self.insist("DELETE", &format!("{ENTRIES}/{id}"), &Value::Null);
                assert_eq!(gone.status, 204, "{}", gone.text);
                self.living.swap_remove(index);
                self.deleted.insert(id, version + 1);
            }
            Some((id, version)) => {
                let changed = self.insist("PATCH", &format!("{ENTRIES}/{id}"), &span);
                assert_eq!(
                    (changed.status, &changed.json()["version"]),
                    (200, &json!(version + 1)),
                    "{}",
                    changed.text
                );
                self.living[index].1 += 1;
            }
        }
        self.changes += 1;
    }
}

/// Minutes, one after another, and no end of them: a day that is full is followed by another free one.
fn free_minutes() -> impl Iterator<Item = DateTime<Utc>> {
    let midnights = std::iter::repeat_with(|| free_day().and_hms_opt(0, 0, 0).unwrap().and_utc());
    midnights.flat_map(|midnight| (0..24 * 60).map(move |minute| midnight + TimeDelta::minutes(minute)))
}
