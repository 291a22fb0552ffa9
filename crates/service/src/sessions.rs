//! Sessions with parts that may go away (PostgreSQL, RabbitMQ): begun again until they are back.

use std::time::{Duration, Instant};

use anyhow::Result;
use backon::{BackoffBuilder, ExponentialBuilder};

use crate::health::Readiness;
use crate::shutdown::Stop;

/// A session that lasted this long was a good one: the next pause is a short one again.
const LASTING: Duration = Duration::from_secs(30);

/// Run sessions until the process is asked to stop. A session ends with `Ok` when it was asked to, and with an error
/// when something broke; then the next one begins after a pause that grows from 0.2 s to 5 s, twice as long where chance wants it.
pub async fn keep(what: &str, readiness: &Readiness, stop: &Stop, session: impl AsyncFn() -> Result<()>) {
    let pauses = ExponentialBuilder::default()
        .with_min_delay(Duration::from_millis(200))
        .with_max_delay(Duration::from_secs(5))
        .with_jitter()
        .without_max_times();
    let mut next = pauses.build();
    while !stop.is_requested() {
        let begun = Instant::now();
        let Err(error) = session().await else { return };
        readiness.set(false);
        if begun.elapsed() > LASTING {
            next = pauses.build();
        }
        let pause = next.next().unwrap_or(LASTING);
        tracing::warn!(
            error = format!("{error:#}"),
            "not {what}; trying again in {:.1} s",
            pause.as_secs_f64()
        );
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = stop.requested() => {}
        }
    }
}
