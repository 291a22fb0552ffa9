//! Ctrl-C, SIGTERM and SIGHUP become one flag that every wait looks at, so that all stops in order.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

static ASKED: AtomicBool = AtomicBool::new(false);

/// What a step says that ended early because everything is to stop.
pub const STOPPED: &str = "stopped before its end";

/// Listens from now on.
pub fn listen() -> Result<()> {
    let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP]).context("signals cannot be listened to")?;
    std::thread::spawn(move || {
        for _ in signals.forever() {
            if ASKED.swap(true, Ordering::SeqCst) {
                eprintln!("already stopping; a kill -9 would end the rest at once");
            }
        }
    });
    Ok(())
}

/// True once somebody asked to stop.
pub fn asked() -> bool {
    ASKED.load(Ordering::SeqCst)
}

/// Fails once somebody asked to stop: for use between steps.
pub fn check() -> Result<()> {
    if asked() { bail!("{STOPPED}") } else { Ok(()) }
}

/// Sleeps, but not past the wish to stop.
pub fn sleep(time: Duration) {
    let until = Instant::now() + time;
    while !asked() && Instant::now() < until {
        std::thread::sleep(Duration::from_millis(50).min(until - Instant::now()));
    }
}

/// Makes all waits end, as a signal would: one part failed, so the others need not be waited for.
pub fn ask() {
    ASKED.store(true, Ordering::SeqCst);
}
