//! Waiting, and days of one's own.

use std::time::{Duration, Instant};

use chrono::{Days, NaiveDate};
use uuid::Uuid;

/// Ask until the answer is there; a test that waits in vain fails with the last answer.
///
/// # Panics
/// After `seconds`.
pub fn eventually<T>(seconds: u64, what: &str, mut ask: impl FnMut() -> Result<T, String>) -> T {
    let begun = Instant::now();
    loop {
        match ask() {
            Ok(answer) => return answer,
            Err(last) if begun.elapsed() > Duration::from_secs(seconds) => {
                panic!("{what}: not within {seconds} s; last: {last}")
            }
            Err(_) => std::thread::sleep(Duration::from_millis(100)),
        }
    }
}

/// A day that no other test uses: entries of one person must not overlap, and tests run side by side.
pub fn free_day() -> NaiveDate {
    let days = Uuid::new_v4().as_u128() % 70_000;
    NaiveDate::default() + Days::new(u64::try_from(days).unwrap_or_default() + 365)
}
