//! What shows that an instance is reused and shared.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use spin_sdk::wasip3;

static REQUESTS: AtomicU32 = AtomicU32::new(0);
static NOW: AtomicU32 = AtomicU32::new(0);
static MOST: AtomicU32 = AtomicU32::new(0);

/// How many requests this instance has counted.
pub fn count() -> String {
    (REQUESTS.fetch_add(1, Ordering::Relaxed) + 1).to_string()
}

/// Wait so many milliseconds (200 where nothing is said); the most requests that this instance had waiting here at once.
pub async fn at_once(milliseconds: &str) -> String {
    MOST.fetch_max(NOW.fetch_add(1, Ordering::Relaxed) + 1, Ordering::Relaxed);
    spin_sdk::time::sleep(Duration::from_millis(milliseconds.parse().unwrap_or(200))).await;
    NOW.fetch_sub(1, Ordering::Relaxed);
    MOST.load(Ordering::Relaxed).to_string()
}

/// Never returns.
pub fn spin_forever() -> String {
    let mut number = 1_u64;
    loop {
        number = std::hint::black_box(number.wrapping_mul(3));
        if number == 0 {
            return String::new();
        }
    }
}

/// Compute for so many milliseconds.
pub fn compute(milliseconds: &str) -> String {
    let end = Instant::now() + Duration::from_millis(milliseconds.parse().unwrap_or_default());
    while Instant::now() < end {}
    String::new()
}

/// Allocate so many megabytes, and give them back.
pub fn allocate(megabytes: &str) -> String {
    let bytes = megabytes.parse::<usize>().unwrap_or_default() << 20;
    std::hint::black_box(vec![1_u8; bytes]).len().to_string()
}

/// Open handles of the host, and close none.
pub fn open_forever() -> String {
    loop {
        std::mem::forget(wasip3::http::types::Fields::new());
    }
}

/// Write to both standard streams.
#[allow(clippy::print_stdout, clippy::print_stderr, reason = "the runtime logs them")]
pub fn print(text: &str) -> String {
    println!("out {text}");
    eprintln!("err {text}");
    "printed".to_owned()
}
