//! wrk makes the load; `load.lua` says what it asks and tells what came.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, ensure};

/// What to ask.
#[derive(Clone, Copy)]
pub struct Load<'a> {
    /// Connections kept open.
    pub connections: u32,
    /// A file with a token on each line; each request has one of them, at random.
    pub tokens: &'a Path,
    /// What is read.
    pub path: &'a str,
    /// Of a hundred requests, how many make an entry.
    pub writes: u32,
}

/// What came.
#[derive(Default)]
pub struct Came {
    requests: u64,
    seconds: f64,
    /// Answers by status.
    pub statuses: BTreeMap<u16, u64>,
    /// Connections that could not be made or broke off, and answers that did not come in time.
    pub broken: u64,
    /// How often each time (microseconds) was taken.
    latencies: BTreeMap<u64, u64>,
}

impl Load<'_> {
    /// Ask for so many seconds; entries begin at the second `from` of 1970.
    ///
    /// # Errors
    /// wrk is not there, or says nothing.
    pub fn run(&self, url: &str, seconds: u32, from: u64) -> Result<Came> {
        let output = Command::new("wrk")
            .arg(format!("--threads={}", self.connections.min(2)))
            .arg(format!("--connections={}", self.connections))
            .arg(format!("--duration={seconds}s"))
            .args(["--timeout", "10s", "--script", concat!(env!("CARGO_MANIFEST_DIR"), "/src/lua/load.lua")])
            .args([url, "--"])
            .arg(self.tokens)
            .args([self.path, &self.writes.to_string(), &from.to_string()])
            .output()
            .context("wrk cannot be run: install it (`apt-get install wrk`)")?;
        let told = String::from_utf8_lossy(&output.stdout);
        // Without an answer it still tells so.
        let complaint = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success() && told.contains("\nrequests"), "wrk failed: {told}{complaint}");
        Ok(Came::read(&told))
    }
}

impl Came {
    fn read(told: &str) -> Self {
        let mut came = Self::default();
        for line in told.lines() {
            let mut words = line.split_whitespace();
            let word = words.next();
            let mut number = || words.next().and_then(|text| text.parse::<u64>().ok()).unwrap_or_default();
            match word {
                Some("requests") => came.requests = number(),
                Some("microseconds") => came.seconds = number() as f64 / 1e6,
                Some("broken") => came.broken = number(),
                Some("status") => {
                    let status = u16::try_from(number()).unwrap_or_default();
                    *came.statuses.entry(status).or_default() += number();
                }
                Some("latency") => {
                    let (micros, count) = (number(), number());
                    *came.latencies.entry(micros).or_default() += count;
                }
                _ => {}
            }
        }
        came
    }

    /// What came in another round.
    pub fn add(&mut self, other: Self) {
        self.requests += other.requests;
        self.seconds += other.seconds;
        self.broken += other.broken;
        for (status, count) in other.statuses {
            *self.statuses.entry(status).or_default() += count;
        }
        for (micros, count) in other.latencies {
            *self.latencies.entry(micros).or_default() += count;
        }
    }

    /// Answers in all.
    pub fn requests(&self) -> u64 {
        self.requests
    }

    /// Answers a second that were as they should be.
    pub fn rate(&self) -> f64 {
        (self.requests - self.refused().map(|(_, count)| count).sum::<u64>()) as f64 / self.seconds
    }

    /// Statuses other than 200 and 201.
    pub fn refused(&self) -> impl Iterator<Item = (u16, u64)> {
        self.statuses
            .iter()
            .filter(|(status, _)| !matches!(status, 200 | 201))
            .map(|(status, count)| (*status, *count))
    }

    /// The time that this share of the answers (0 to 1) did not exceed, in milliseconds.
    pub fn within(&self, share: f64) -> f64 {
        let all: u64 = self.latencies.values().sum();
        let rank = ((all as f64 * share).ceil() as u64).max(1);
        let mut seen = 0;
        let found = self.latencies.iter().find(|(_, count)| {
            seen += **count;
            seen >= rank
        });
        found.map_or(0.0, |(micros, _)| *micros as f64 / 1000.0)
    }
}
