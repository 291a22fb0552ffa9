//! Waiting, and days of one's own.

use std::path::Path;
use std::time::{Duration, Instant};

use chrono::{Days, NaiveDate};

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

/// A day in the past that no other test uses, nor the four after it: entries of one person must not overlap, and
/// tests run side by side. A folder beside the control socket, which each run makes anew, says that it is taken.
///
/// # Panics
/// When no folder can be made there.
pub fn free_day() -> NaiveDate {
    let socket = testkit::required("TIMETRACKER_TEST_CONTROL");
    let taken = Path::new(&socket).with_file_name("days");
    std::fs::create_dir_all(&taken).expect("the run's folder");
    (0..2500_u64)
        .find(|number| std::fs::create_dir(taken.join(number.to_string())).is_ok())
        .and_then(|number| NaiveDate::from_ymd_opt(1990, 1, 1)?.checked_add_days(Days::new(5 * number)))
        .expect("a day is free")
}
