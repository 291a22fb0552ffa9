//! A million entries as CSV through the gateway: when the first line comes, how fast the rest, and what memory it takes.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use chrono::{NaiveDate, TimeDelta};
use e2e::{Control, login};
use tokio_postgres::Client;

const ROWS: i64 = 1_000_000;

/// Print the figures. Needs a year (`seed::year`).
pub async fn print(database: &Client) -> Result<()> {
    // The first days of the year that have a million entries.
    let sql = "SELECT first_day, sum(count(*)) OVER (ORDER BY first_day)::bigint FROM reporting.entry_facts GROUP BY 1 ORDER BY 1";
    let days = database.query(sql, &[]).await?;
    let last = days.iter().find(|day| day.get::<_, i64>(1) >= ROWS).or(days.last()).context("no entries")?;
    let (to, expected): (NaiveDate, i64) = (last.get(0), last.get(1));
    let path = format!("/api/v1/reports/export?format=csv&user=all&from=2025-01-01&to={to}");
    println!("\nexport: {expected} entries as CSV through the gateway");

    let api = login("ada");
    let (growth, stop) = (std::sync::Mutex::new(BTreeMap::new()), AtomicBool::new(false));
    let roots = services();
    let read = || -> Result<(Duration, Duration, i64, usize)> {
        let begun = Instant::now();
        let (head, body) = api.open(&path, &[]);
        ensure!(head.status == 200, "{}", head.status);
        let (mut first, mut lines, mut bytes, mut line) = (None, 0, 0, Vec::new());
        let mut body = BufReader::with_capacity(1 << 16, body);
        loop {
            line.clear();
            match body.read_until(b'\n', &mut line)? {
                0 => break,
                read => bytes += read,
            }
            // The header alone is no answer yet.
            lines += 1;
            if lines == 2 {
                first = Some(begun.elapsed());
            }
        }
        Ok((first.context("nothing came")?, begun.elapsed(), lines - 1, bytes))
    };
    let (first, all, lines, bytes) = tokio::task::block_in_place(|| {
        std::thread::scope(|scope| {
            scope.spawn(|| {
                let before = memory(&roots);
                while !stop.load(Ordering::Relaxed) {
                    for (process, (service, now)) in memory(&roots) {
                        let grown = now.saturating_sub(before.get(&process).map_or(0, |(_, then)| *then));
                        if let Ok(mut growth) = growth.lock() {
                            let most: &mut u64 = growth.entry(service).or_default();
                            *most = grown.max(*most);
                        }
                    }
                    std::thread::sleep(Duration::from_millis(50));
                }
            });
            let read = read();
            stop.store(true, Ordering::Relaxed);
            read
        })
    })?;
    ensure!(lines == expected, "{lines} lines came of {expected}");
    println!(
        "  first entry after {:.0} ms, all after {:.1} s: {:.0} entries/s, {:.0} MB",
        first.as_secs_f64() * 1000.0,
        all.as_secs_f64(),
        lines as f64 / all.as_secs_f64(),
        bytes as f64 / 1e6
    );
    println!(
        "  most that one process of a service grew by, in MiB of its own memory: {}",
        told(&growth.into_inner()?)
    );
    let took = Instant::now();
    let copy = format!(
        "COPY (SELECT * FROM bench.entries WHERE started_at < '{}' ORDER BY started_at DESC) TO '/dev/null' CSV",
        to + TimeDelta::days(1)
    );
    database.batch_execute(&copy).await?;
    println!(
        "  PostgreSQL's own COPY of the same entries, without names, to nowhere: {:.1} s",
        took.elapsed().as_secs_f64()
    );
    Ok(())
}

fn told(growth: &BTreeMap<String, u64>) -> String {
    let parts: Vec<String> =
        growth.iter().map(|(service, kib)| format!("{service} {:.1}", *kib as f64 / 1024.0)).collect();
    parts.join(", ")
}

/// Process id and name of all services.
fn services() -> BTreeMap<u32, String> {
    let lines = Control::new().ask("status");
    lines
        .iter()
        .filter_map(|line| {
            let pid = line.split_once("pid=")?.1.split(' ').next()?.parse().ok()?;
            Some((pid, line.split(' ').next()?.to_owned()))
        })
        .collect()
}

/// Of each process of a service: the service, and the memory that is its own (not shared), in KiB.
fn memory(services: &BTreeMap<u32, String>) -> BTreeMap<u32, (String, u64)> {
    let field = |status: &str, name: &str| {
        let line = status.lines().find(|line| line.starts_with(name))?;
        line.split_whitespace().nth(1)?.parse::<u64>().ok()
    };
    let mut parents = BTreeMap::new();
    let mut own = BTreeMap::new();
    for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
        let Some(pid) = entry.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else {
            continue;
        };
        let status = fs::read_to_string(entry.path().join("status")).unwrap_or_default();
        if let (Some(parent), Some(memory)) = (field(&status, "PPid:"), field(&status, "RssAnon:")) {
            parents.insert(pid, parent as u32);
            own.insert(pid, memory);
        }
    }
    let service_of = |mut pid: u32| loop {
        match services.get(&pid) {
            Some(service) => return Some(service.clone()),
            None => pid = *parents.get(&pid)?,
        }
    };
    own.into_iter().filter_map(|(pid, memory)| Some((pid, (service_of(pid)?, memory)))).collect()
}
