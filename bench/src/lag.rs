//! How long after its commit a change is in the reports, under steady writes through the gateway.
//!
//! Both moments are PostgreSQL's own: the commit timestamps of the transaction that wrote the event and of the one that
//! stored the fact (and moved the rollups).

use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use chrono::{TimeDelta, Utc};
use e2e::{Client as Api, free_day, login};
use serde_json::json;
use tokio_postgres::Client;

use crate::figures::Times;

/// Changes a second.
const RATE: u32 = 200;
const WRITERS: u32 = 8;
const PEOPLE: [&str; 4] = ["alice", "bob", "mona", "ada"];

const LAGS: &str = "
    SELECT extract(epoch FROM pg_xact_commit_timestamp(f.xmin) - pg_xact_commit_timestamp(e.xmin))::float8 * 1000
    FROM tracking.events e
    LEFT JOIN reporting.entry_facts f ON f.entry_id = e.subject
    WHERE e.recorded_at >= $1 AND e.type = 'timetracker.time_entry.created'";

/// Print the lags.
pub async fn print(database: &Client, seconds: u32) -> Result<()> {
    println!("\nlag: {RATE} new entries a second through the gateway, {seconds} s");
    let people = PEOPLE.map(login);
    let begun = Utc::now();
    let answers = tokio::task::spawn_blocking(move || {
        thread::scope(|scope| {
            let writers: Vec<_> = (0..WRITERS)
                .map(|number| {
                    let api = &people[number as usize % people.len()];
                    scope.spawn(move || write(api, number, seconds * RATE / WRITERS))
                })
                .collect();
            writers.into_iter().flat_map(|writer| writer.join().unwrap_or_default()).collect::<Vec<_>>()
        })
    })
    .await?;
    let took = (Utc::now() - begun).as_seconds_f64();
    let answers = Times::of(answers);
    println!(
        "  {} changes, {:.0}/s, answered within p50 {:.1} ms, p99 {:.1} ms",
        answers.count(),
        answers.count() as f64 / took,
        answers.at(0.5),
        answers.at(0.99)
    );

    let patience = Instant::now();
    let lags = loop {
        let rows = database.query(LAGS, &[&begun]).await?;
        let lags: Vec<Option<f64>> = rows.iter().map(|row| row.get(0)).collect();
        if lags.iter().all(Option::is_some) {
            break Times::of_millis(lags.into_iter().flatten());
        }
        ensure!(patience.elapsed() < Duration::from_secs(60), "some changes do not come to the reports");
        tokio::time::sleep(Duration::from_millis(200)).await;
    };
    ensure!(lags.count() == answers.count(), "{} events of {} changes", lags.count(), answers.count());
    println!(
        "  commit → visible in a report: p50 {:.1} ms, p90 {:.1} ms, p99 {:.1} ms, max {:.1} ms",
        lags.at(0.5),
        lags.at(0.9),
        lags.at(0.99),
        lags.at(1.0)
    );
    Ok(())
}

/// Make this many entries at a steady rate, in turn with the other writers; answers how long each answer took.
fn write(api: &Api, writer: u32, count: u32) -> Vec<Duration> {
    let day = free_day().and_hms_opt(0, 0, 0).unwrap_or_default().and_utc();
    let between = Duration::from_secs(1) * WRITERS / RATE;
    let begun = Instant::now() + between * writer / WRITERS;
    (0..count)
        .map(|number| {
            thread::sleep((begun + between * number).saturating_duration_since(Instant::now()));
            let start = day + TimeDelta::seconds(30 * i64::from(number));
            let asked = Instant::now();
            let made = api.post(
                "/api/v1/time-entries",
                &json!({ "start": start, "end": start + TimeDelta::seconds(30) }),
            );
            assert_eq!(made.status, 201, "{}", made.text);
            asked.elapsed()
        })
        .collect()
}
