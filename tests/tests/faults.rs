//! Parts of the system go away while people work: every write is answered, nothing is lost, nothing is
//! counted twice.

#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use chrono::{NaiveDate, TimeDelta};
use e2e::{Client, Control, eventually, free_day, login, truth};
use serde_json::json;

/// One fault at a time: the parts are shared.
fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// Somebody who writes an entry of one minute some twenty times a second, until told to stop.
struct Writer {
    stop: Arc<AtomicBool>,
    thread: JoinHandle<Vec<u16>>,
}

impl Writer {
    fn start(client: &Client, day: NaiveDate) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let (client, told) = (client.clone(), stop.clone());
        let thread = thread::spawn(move || {
            let mut statuses = Vec::new();
            let mut start = day.and_hms_opt(0, 0, 0).unwrap().and_utc();
            while !told.load(Ordering::Relaxed) {
                let end = start + TimeDelta::minutes(1);
                statuses
                    .push(client.post("/api/v1/time-entries", &json!({ "start": start, "end": end })).status);
                start = end;
                thread::sleep(Duration::from_millis(40));
            }
            statuses
        });
        Self { stop, thread }
    }

    /// How many entries were written. Every one was answered with 201.
    fn finish(self) -> usize {
        self.stop.store(true, Ordering::Relaxed);
        let statuses = self.thread.join().unwrap();
        assert!(statuses.iter().all(|status| *status == 201), "{statuses:?}");
        statuses.len()
    }
}

/// The outbox runs empty and, for everybody, the report's seconds are the entries' seconds.
fn report_equals_the_table(client: &Client, day: NaiveDate, written: usize) {
    let seconds = 60 * i64::try_from(written).unwrap();
    let path = format!("/api/v1/reports/summary?from={day}&to={}&group_by=day", day + TimeDelta::days(3));
    eventually(90, "the report", || {
        let answer = client.get(&path);
        if answer.json()["totals"]["seconds"] == seconds {
            Ok(())
        } else {
            Err(format!("{} of {seconds}", answer.text))
        }
    });
    truth::reports_equal_tables();
}

#[test]
fn rabbitmq_away_for_thirty_seconds_loses_nothing() {
    let _alone = alone();
    let (control, bob, day) = (Control::new(), login("bob"), free_day());
    let writer = Writer::start(&bob, day);
    thread::sleep(Duration::from_secs(1));
    control.ask("stop rabbitmq");
    thread::sleep(Duration::from_secs(30));
    control.ask("start rabbitmq");
    thread::sleep(Duration::from_secs(1));
    let written = writer.finish();
    assert!(written > 100, "{written} is too few to show anything");
    report_equals_the_table(&bob, day, written);
}

#[test]
fn bridge_and_consumer_killed_in_the_middle_lose_and_double_nothing() {
    let _alone = alone();
    let (control, bob, day) = (Control::new(), login("bob"), free_day());
    let writer = Writer::start(&bob, day);
    for _ in 0..3 {
        thread::sleep(Duration::from_millis(700));
        control.ask("kill bridge");
        control.ask("kill reporting");
        thread::sleep(Duration::from_millis(700));
        control.ask("start reporting");
        control.ask("start bridge");
    }
    let written = writer.finish();
    assert!(written > 20, "{written} is too few to show anything");
    report_equals_the_table(&bob, day, written);
}

#[test]
fn rabbitmq_killed_under_load_loses_nothing() {
    let _alone = alone();
    let (control, bob, day) = (Control::new(), login("bob"), free_day());
    let writer = Writer::start(&bob, day);
    thread::sleep(Duration::from_secs(1));
    control.ask("kill rabbitmq");
    thread::sleep(Duration::from_secs(1));
    control.ask("start rabbitmq");
    let written = writer.finish();
    report_equals_the_table(&bob, day, written);
}

#[test]
fn keycloak_away_leaves_those_who_are_logged_in_at_work() {
    let _alone = alone();
    let (control, alice) = (Control::new(), login("alice"));
    assert_eq!(alice.get("/api/v1/time-entries").status, 200);
    control.ask("stop keycloak");
    let statuses: Vec<u16> = (0..10).map(|_| alice.get("/api/v1/time-entries").status).collect();
    control.ask("start keycloak");
    assert!(statuses.iter().all(|status| *status == 200), "{statuses:?}");
    assert_eq!(login("alice").get("/api/v1/time-entries").status, 200);
}

#[test]
fn a_database_that_hangs_is_a_503_and_nobody_who_needs_it_says_ready() {
    let _alone = alone();
    let (control, alice) = (Control::new(), login("alice"));
    let readiness = testkit::required("TIMETRACKER_TEST_READINESS");
    let ready = |status: u16| {
        let asked = readiness.split(' ').map(|url| (url, Client::plain(url).get("/health/ready").status));
        let others: Vec<_> = asked.filter(|(_, found)| *found != status).collect();
        if others.is_empty() { Ok(()) } else { Err(format!("{others:?}")) }
    };
    eventually(30, "all are ready", || ready(200));
    // From here on there is a connection that is open.
    assert_eq!(alice.get("/api/v1/tags").status, 200);
    let frozen = control.frozen("postgres");
    for path in
        ["/api/v1/tags", "/api/v1/reports/summary?from=2026-01-01&to=2026-01-31&group_by=day", "/api/v1/tags"]
    {
        let answer = alice.get(path);
        assert_eq!((answer.status, &answer.json()["type"]), (503, &"/problems/unavailable".into()), "{path}");
        assert!(answer.header("retry-after").parse::<u32>().is_ok(), "{answer:?}");
    }
    eventually(30, "nobody is ready", || ready(503));
    drop(frozen);
    eventually(30, "all are ready", || ready(200));
    eventually(30, "an answer", || match alice.get("/api/v1/tags") {
        answer if answer.status == 200 => Ok(()),
        answer => Err(answer.text),
    });
}
