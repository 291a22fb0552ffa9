//! Two hundred writers at once: whatever they send, no two entries share time, nobody has two timers, nothing fails on
//! our side, and the log has exactly one event for each change.

#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

use std::collections::{BTreeMap, BTreeSet};
use std::thread;
use std::time::{Duration, Instant};

use chrono::{NaiveDate, TimeDelta};
use e2e::{Answer, Client, free_day, login, truth};
use fastrand::Rng;
use serde_json::{Value, json};

const WRITERS: usize = 200;
const LENGTH: Duration = Duration::from_secs(30);
const ENTRIES: &str = "/api/v1/time-entries";

/// One person and the day that their writers fight over.
struct Person {
    client: Client,
    day: NaiveDate,
}

impl Person {
    /// Some span of the day; spans of different writers overlap often.
    fn span(&self, random: &mut Rng) -> Value {
        let from = random.i64(0..24 * 60);
        let length = random.i64(1..=20);
        let start = self.day.and_hms_opt(0, 0, 0).unwrap().and_utc() + TimeDelta::minutes(from);
        json!({ "start": start, "end": start + TimeDelta::minutes(length) })
    }

    fn any_entry(&self, random: &mut Rng) -> Option<(String, i64)> {
        let list = self.client.get(&format!("{ENTRIES}?sort=-updated&limit=10&from={}T00:00:00Z", self.day));
        let items = list.json()["items"].as_array()?.clone();
        let entry = items.get(random.usize(0..10))?;
        Some((entry["id"].as_str()?.to_owned(), entry["version"].as_i64()?))
    }

    /// Do one thing; answers the shared key, where one was used, with what came.
    fn act(&self, random: &mut Rng) -> Vec<(Option<String>, Answer)> {
        let json_type = ("content-type", "application/json");
        let one = |answer| vec![(None, answer)];
        match random.u8(0..10) {
            0 => one(self.client.post("/api/v1/timer", &json!({}))),
            1 => one(self.client.delete("/api/v1/timer")),
            2 => one(self.client.post("/api/v1/timer/switch", &json!({ "description": "switched" }))),
            3 => one(self.client.send("POST", "/api/v1/timer/discard", &[], "")),
            4 | 5 => one(self.client.post(ENTRIES, &self.span(random))),
            6 => {
                // The writers of a person share a few keys, and each key one request.
                let number = random.u8(0..40);
                let key = format!("shared-{number}");
                let start = self.day.and_hms_opt(0, 0, 0).unwrap().and_utc()
                    + TimeDelta::days(1)
                    + TimeDelta::minutes(i64::from(number) * 30);
                let body = json!({ "start": start, "end": start + TimeDelta::minutes(5) }).to_string();
                let headers = [json_type, ("idempotency-key", key.as_str())];
                vec![(Some(key.clone()), self.client.send("POST", ENTRIES, &headers, &body))]
            }
            7 => {
                let items: Vec<_> =
                    (0..3).map(|_| json!({ "action": "create", "entry": self.span(random) })).collect();
                one(self.client.post(&format!("{ENTRIES}/bulk"), &json!({ "items": items })))
            }
            8 => match self.any_entry(random) {
                Some((id, version)) => {
                    let tag = format!("\"{version}\"");
                    let body = self.span(random).to_string();
                    let headers = [json_type, ("if-match", tag.as_str())];
                    one(self.client.send("PATCH", &format!("{ENTRIES}/{id}"), &headers, &body))
                }
                None => Vec::new(),
            },
            _ => match self.any_entry(random) {
                Some((id, _)) => one(self.client.delete(&format!("{ENTRIES}/{id}"))),
                None => Vec::new(),
            },
        }
    }
}

#[test]
fn two_hundred_writers_leave_tables_and_log_in_order() {
    let people: Vec<Person> = ["alice", "bob", "mona", "ada"]
        .map(|name| Person { client: login(name), day: free_day() })
        .into_iter()
        .collect();
    let begun = Instant::now();
    let answers: Vec<(usize, Option<String>, Answer)> = thread::scope(|scope| {
        let writers: Vec<_> = (0..WRITERS)
            .map(|number| {
                let person = &people[number % people.len()];
                scope.spawn(move || {
                    let mut random = Rng::with_seed(number as u64);
                    let mut answers = Vec::new();
                    while begun.elapsed() < LENGTH {
                        let acted = person.act(&mut random);
                        answers.extend(acted.into_iter().map(|(key, answer)| (number % 4, key, answer)));
                    }
                    answers
                })
            })
            .collect();
        writers.into_iter().flat_map(|writer| writer.join().unwrap()).collect()
    });

    let mut statuses = BTreeMap::new();
    for (_, _, answer) in &answers {
        *statuses.entry(answer.status).or_insert(0) += 1;
    }
    println!("{} answers in {:?}: {statuses:?}", answers.len(), begun.elapsed());
    let failed = answers.iter().find(|(_, _, answer)| answer.status >= 500);
    assert!(failed.is_none(), "{statuses:?}: {failed:?}");
    assert!(
        statuses.get(&201).is_some_and(|written| *written > 100),
        "too few to show anything: {statuses:?}"
    );

    // One effect for each shared key: whoever used it was told of the same entry.
    let mut effects: BTreeMap<(usize, String), BTreeSet<String>> = BTreeMap::new();
    for (person, key, answer) in &answers {
        if let (Some(key), 201) = (key, answer.status) {
            effects.entry((*person, key.clone())).or_default().insert(answer.id());
        }
    }
    assert!(effects.len() > 100 && effects.values().all(|ids| ids.len() == 1), "{effects:?}");
    truth::tables_and_log_agree();
    for person in &people {
        person.client.send("POST", "/api/v1/timer/discard", &[], "");
    }
}
