//! Sessions with parts that may go away (PostgreSQL, RabbitMQ): begun again until they are back.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
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

/// What comes of `work`, or an error when `whom` it asks does not answer in time: a server that hangs closes nothing.
///
/// # Errors
/// Those of `work`, and the end of the time.
pub async fn within<T>(limit: Duration, whom: &str, work: impl Future<Output = Result<T>>) -> Result<T> {
    let done = tokio::time::timeout(limit, work).await;
    done.with_context(|| format!("{whom}: no answer within {} s", limit.as_secs()))?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_hangs_is_an_error_that_names_it() {
        let hangs = within(Duration::from_millis(10), "PostgreSQL", std::future::pending::<Result<()>>());
        assert!(hangs.await.unwrap_err().to_string().starts_with("PostgreSQL: no answer"));
    }
}
