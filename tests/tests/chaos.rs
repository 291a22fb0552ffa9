//! Everything that the messages pass through is killed, stopped, frozen and cut off at random while people work. At
//! the end nothing is lost, nothing is counted twice, and the dead letters are those that were put in.
//!
//! `cargo xtask test` runs the short form; `cargo xtask chaos` a long one, from a seed of its own or a given one.

#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

mod chaos {
    pub mod faults;
    pub mod watch;
    pub mod writer;
}

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use chaos::faults::{Fault, publish};
use chaos::watch;
use chaos::writer::{ENTRIES, Writer};
use e2e::{Control, eventually, login, truth};
use fastrand::Rng;
use serde_json::json;
use uuid::Uuid;

const WRITERS: usize = 4;

fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |value| value.parse().unwrap_or_else(|_| panic!("{name}={value}")))
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
    let (writers, lags, duplicates) = thread::scope(|scope| {
        let writers: Vec<_> = (0..WRITERS)
            .map(|_| {
                let (mut writer, stop) = (Writer::new(client.clone(), random.fork()), &stop);
                scope.spawn(move || {
                    writer.work_until(stop);
                    writer
                })
            })
            .collect();
        let lags = scope.spawn(|| watch::lag(&stop));
        let duplicates = scope.spawn(|| watch::duplicates(&stop));

        let begun = Instant::now();
        let mut killed_runtime = false;
        while begun.elapsed() < length {
            thread::sleep(Duration::from_millis(random.u64(500..2000)));
            let mut fault = Fault::any(&mut random);
            // Its start takes most of a minute: once in the short form, now and then in the long one.
            if !killed_runtime && begun.elapsed() > length / 3 || long && random.usize(0..60) == 0 {
                (killed_runtime, fault) = (true, Fault::Kill("spin"));
            }
            println!("{:6.1} s  {fault:?}", begun.elapsed().as_secs_f64());
            repeated += fault.inflict(&control, &mut random);
            *faults.entry(fault).or_default() += 1;
        }
        stop.store(true, Ordering::Relaxed);
        let writers: Vec<Writer> = writers.into_iter().map(|writer| writer.join().unwrap()).collect();
        (writers, lags.join().unwrap(), duplicates.join().unwrap())
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
    println!("messages repeated by hand {repeated}, duplicates seen {duplicates}, lost 0, double-counted 0");
    println!(
        "lag while all this went on: p50 {:.0} ms, p99 {:.0} ms, max {:.0} ms",
        percentile(0.5) * 1000.0,
        percentile(0.99) * 1000.0,
        lags.last().copied().unwrap_or_default() * 1000.0
    );
    assert!(changes > 50 && faults.len() > 3 && duplicates > 0, "too few to show anything");
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
