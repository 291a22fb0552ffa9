//! Everything that the messages pass through is killed, stopped, frozen and cut off at random while people work. At
//! the end nothing is lost, nothing is counted twice, and the dead letters are those that were put in.
//!
//! `cargo xtask test` runs the short form; `cargo xtask chaos` a long one, from a seed of its own or a given one.

#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use e2e::{Client, Control, eventually, free_day, login, truth};
use fastrand::Rng;
use lapin::options::BasicPublishOptions;
use lapin::{BasicProperties, Connection, ConnectionProperties};
use serde_json::{Value, json};
use uuid::Uuid;

const WRITERS: usize = 4;
const ENTRIES: &str = "/api/v1/time-entries";
/// A change that has no answer after this long is a failure: the longest fault is the runtime's start.
const PATIENCE: Duration = Duration::from_secs(240);

/// What can go wrong, and how often it is chosen.
const FAULTS: [(Fault, usize); 11] = [
    (Fault::Kill("bridge"), 4),
    (Fault::Kill("reporting"), 4),
    (Fault::Kill("rabbitmq"), 1),
    (Fault::Stop("rabbitmq"), 1),
    (Fault::Freeze("rabbitmq"), 2),
    (Fault::Restart("postgres"), 1),
    (Fault::Freeze("bridge"), 1),
    (Fault::Freeze("reporting"), 1),
    (Fault::CutDatabase, 3),
    (Fault::OldMessages, 4),
    (Fault::Reversed, 2),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fault {
    /// SIGKILL, and a start.
    Kill(&'static str),
    /// An orderly stop, some seconds of absence, and a start.
    Stop(&'static str),
    /// A restart.
    Restart(&'static str),
    /// It does not answer for some seconds: confirms are late.
    Freeze(&'static str),
    /// All connections to PostgreSQL are cut.
    CutDatabase,
    /// Messages of the past are delivered again.
    OldMessages,
    /// The newest messages are delivered again, the last one first.
    Reversed,
}

fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |value| value.parse().unwrap_or_else(|_| panic!("{name}={value}")))
}

/// Somebody who writes, and asks again with the same key until there is an answer.
struct Writer {
    client: Client,
    random: Rng,
    /// Id and version of the living entries.
    living: Vec<(String, i64)>,
    /// The last version of those that were deleted.
    deleted: BTreeMap<String, i64>,
    changes: usize,
    repeats: usize,
}

impl Writer {
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

/// One after another, and no end of them: a day that is full is followed by another free one.
fn free_minutes() -> impl Iterator<Item = DateTime<Utc>> {
    let midnights = std::iter::repeat_with(|| free_day().and_hms_opt(0, 0, 0).unwrap().and_utc());
    midnights.flat_map(|midnight| (0..24 * 60).map(move |minute| midnight + TimeDelta::minutes(minute)))
}

async fn publish(routing_key: &str, messages: &[(String, Vec<u8>)]) {
    let amqp = testkit::required("TIMETRACKER_TEST_AMQP_URL");
    let connection = Connection::connect(&amqp, ConnectionProperties::default()).await.unwrap();
    let channel = connection.create_channel().await.unwrap();
    channel.confirm_select(lapin::options::ConfirmSelectOptions::default()).await.unwrap();
    for (id, body) in messages {
        let properties = BasicProperties::default().with_message_id(id.as_str().into()).with_delivery_mode(2);
        let options = BasicPublishOptions::default();
        let confirm =
            channel.basic_publish(broker::EVENTS.into(), routing_key.into(), options, body, properties);
        confirm.await.unwrap().await.unwrap();
    }
}

/// Deliver events of the log again: `order` is an ORDER BY.
fn deliver_again(order: &str) -> usize {
    truth::block_on(async {
        let sql = format!(
            "SELECT id::text, envelope::text FROM tracking.events WHERE type LIKE '%time_entry%' ORDER BY {order} LIMIT 100"
        );
        let rows = truth::database().await.query(&sql, &[]).await.unwrap();
        let messages: Vec<_> =
            rows.iter().map(|row| (row.get(0), row.get::<_, String>(1).into_bytes())).collect();
        publish("time_entry.changed", &messages).await;
        messages.len()
    })
}

/// Do one; answers how many messages it has repeated.
fn inflict(fault: Fault, control: &Control, random: &mut Rng) -> usize {
    let some_time = Duration::from_millis(random.u64(200..3000));
    match fault {
        Fault::Kill(service) => {
            control.ask(&format!("kill {service}"));
            thread::sleep(some_time / 4);
            control.ask(&format!("start {service}"));
        }
        Fault::Stop(service) => {
            control.ask(&format!("stop {service}"));
            thread::sleep(some_time);
            control.ask(&format!("start {service}"));
        }
        Fault::Restart(service) => drop(control.ask(&format!("restart {service}"))),
        Fault::Freeze(service) => control.freeze(service, some_time),
        Fault::CutDatabase => truth::block_on(async {
            let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename IN ('bridge', 'reporting_writer', 'tracking_api')";
            truth::database().await.execute(cut, &[]).await.unwrap();
        }),
        Fault::OldMessages => return deliver_again("md5(id::text || now()::text)"),
        Fault::Reversed => return deliver_again("recorded_at DESC"),
    }
    0
}

/// How long after its commit the last applied event was applied, ten times a second, in seconds.
fn watch_lag(stop: &AtomicBool) -> Vec<f64> {
    truth::block_on(async {
        let mut lags = Vec::new();
        let sql = "SELECT extract(epoch FROM last_applied_at - last_event_at)::float8 FROM reporting.state";
        while !stop.load(Ordering::Relaxed) {
            // PostgreSQL is away now and then, too.
            let url = testkit::required("TIMETRACKER_TEST_DATABASE_URL");
            if let Ok((client, connection)) = tokio_postgres::connect(&url, tokio_postgres::NoTls).await {
                tokio::spawn(connection);
                while !stop.load(Ordering::Relaxed) {
                    let Ok(row) = client.query_one(sql, &[]).await else { break };
                    lags.extend(row.get::<_, Option<f64>>(0));
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        lags.sort_by(f64::total_cmp);
        lags
    })
}

#[test]
fn nothing_is_lost_and_nothing_is_counted_twice() {
    let length = Duration::from_secs(setting("TIMETRACKER_CHAOS_SECONDS", 40));
    let seed = setting("TIMETRACKER_CHAOS_SEED", 20_261_122);
    let long = std::env::var_os("TIMETRACKER_CHAOS_SECONDS").is_some();
    println!("seed {seed}, {} s", length.as_secs());
    let (control, client) = (Control::new(), login("bob"));
    let mut random = Rng::with_seed(seed);
    let stop = AtomicBool::new(false);

    // Poison that no attempt helps, and one of a form that only a later version knows.
    let (poison, parked) = (Uuid::new_v4(), Uuid::new_v4());
    let of_later = json!({ "specversion": "1.0", "type": "timetracker.time_entry.created", "id": parked,
        "dataschema": "/schemas/time-entry-event-v99.json" });
    truth::block_on(publish(
        "time_entry.created",
        &[(poison.to_string(), b"{".to_vec()), (parked.to_string(), of_later.to_string().into_bytes())],
    ));

    let mut faults: BTreeMap<Fault, usize> = BTreeMap::new();
    let mut repeated = 0;
    let (writers, lags) = thread::scope(|scope| {
        let writers: Vec<_> = (0..WRITERS)
            .map(|_| {
                let random = random.fork();
                let (client, stop) = (client.clone(), &stop);
                scope.spawn(move || {
                    let (living, deleted) = (vec![], BTreeMap::new());
                    let mut writer = Writer { client, random, living, deleted, changes: 0, repeats: 0 };
                    for minute in free_minutes().take_while(|_| !stop.load(Ordering::Relaxed)) {
                        writer.act(minute);
                        thread::sleep(Duration::from_millis(20));
                    }
                    writer
                })
            })
            .collect();
        let lags = scope.spawn(|| watch_lag(&stop));

        let begun = Instant::now();
        let mut killed_runtime = false;
        while begun.elapsed() < length {
            thread::sleep(Duration::from_millis(random.u64(500..2000)));
            let weights: usize = FAULTS.iter().map(|(_, weight)| weight).sum();
            let mut choice = random.usize(0..weights);
            let mut fault = FAULTS
                .iter()
                .find(|(_, weight)| {
                    choice.checked_sub(*weight).is_none_or(|rest| {
                        choice = rest;
                        false
                    })
                })
                .unwrap()
                .0;
            // Its start takes most of a minute: once in the short form, now and then in the long one.
            if !killed_runtime && begun.elapsed() > length / 3 || long && random.usize(0..60) == 0 {
                (killed_runtime, fault) = (true, Fault::Kill("spin"));
            }
            println!("{:6.1} s  {fault:?}", begun.elapsed().as_secs_f64());
            repeated += inflict(fault, &control, &mut random);
            *faults.entry(fault).or_default() += 1;
        }
        stop.store(true, Ordering::Relaxed);
        let writers: Vec<Writer> = writers.into_iter().map(|writer| writer.join().unwrap()).collect();
        (writers, lags.join().unwrap())
    });

    // All of it works at once again, also for those who come in new.
    assert_eq!(login("alice").get(ENTRIES).status, 200);
    truth::tables_and_log_agree();
    truth::reports_equal_tables();
    every_answer_is_in_the_tables(&writers);
    let expected = [(poison, "poison".to_owned(), 4), (parked, "parked".to_owned(), 1)];
    eventually(150, "the dead letters", || {
        let dead = truth::block_on(dead_letters());
        if expected.iter().all(|letter| dead.contains(letter)) { Ok(()) } else { Err(format!("{dead:?}")) }
    });

    let changes: usize = writers.iter().map(|writer| writer.changes).sum();
    let asked_again: usize = writers.iter().map(|writer| writer.repeats).sum();
    let percentile = |share: f64| lags.get((lags.len() as f64 * share) as usize).copied().unwrap_or_default();
    println!("changes {changes}, asked again {asked_again}, faults {faults:?}");
    println!("messages repeated by hand {repeated}, lost 0, double-counted 0");
    println!(
        "lag while all this went on: p50 {:.0} ms, p99 {:.0} ms, max {:.0} ms",
        percentile(0.5) * 1000.0,
        percentile(0.99) * 1000.0,
        lags.last().copied().unwrap_or_default() * 1000.0
    );
    assert!(changes > 50 && faults.len() > 3, "too few to show anything");
}

/// Id, kind and number of attempts. None of them is an event that could have been applied.
async fn dead_letters() -> Vec<(Uuid, String, i32)> {
    let sql = "SELECT id, kind, jsonb_array_length(attempts), body FROM reporting.dead_letters";
    let rows = truth::database().await.query(sql, &[]).await.unwrap();
    for row in &rows {
        let read = events::Event::parse(row.get(3));
        assert!(read.is_err(), "a good message is among the dead: {read:?}");
    }
    rows.iter().map(|row| (row.get(0), row.get(1), row.get(2))).collect()
}

/// What people were told was done is there, each in the version that they were told.
fn every_answer_is_in_the_tables(writers: &[Writer]) {
    let told = writers.iter().flat_map(|writer| {
        let living = writer.living.iter().map(|(id, version)| (id.clone(), (*version, false)));
        living.chain(writer.deleted.iter().map(|(id, version)| (id.clone(), (*version, true))))
    });
    let told: BTreeMap<String, (i64, bool)> = told.collect();
    let ids: Vec<Uuid> = told.keys().map(|id| id.parse().unwrap()).collect();
    let found: BTreeMap<String, (i64, bool)> = truth::block_on(async {
        let sql =
            "SELECT id::text, version, deleted_at IS NOT NULL FROM tracking.time_entries WHERE id = ANY($1)";
        let rows = truth::database().await.query(sql, &[&ids]).await.unwrap();
        rows.iter().map(|row| (row.get(0), (row.get(1), row.get(2)))).collect()
    });
    assert_eq!(found, told);
}
