//! What is seen from outside meanwhile.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use e2e::{Client, truth};

/// How long after its commit the last applied event was applied, ten times a second, in seconds.
pub fn lag(stop: &AtomicBool) -> Vec<f64> {
    truth::block_on(async {
        let mut lags = Vec::new();
        let sql = "SELECT extract(epoch FROM last_applied_at - last_event_at)::float8 FROM reporting.state";
        while !stop.load(Ordering::Relaxed) {
            // PostgreSQL is away now and then, too.
            let url = testkit::required("TIMETRACKER_TEST_DATABASE_URL");
            if let Ok((client, connection)) = tokio_postgres::connect(&url, tokio_postgres::NoTls).await {
                tokio::spawn(connection);
                while !stop.load(Ordering::Relaxed) {
                    let Ok(row) = client.query_one(sql, &[]).await else { break };
                    lags.extend(row.get::<_, Option<f64>>(0));
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        lags.sort_by(f64::total_cmp);
        lags
    })
}

/// How many deliveries were of something that the read model had already, or had in a newer version. What a consumer
/// counted in the tenth of a second before it was killed is not in it.
pub fn duplicates(stop: &AtomicBool) -> u64 {
    let metrics = Client::plain(&testkit::required("TIMETRACKER_TEST_REPORTING_URL"));
    let (mut of_others, mut last) = (0, 0);
    while !stop.load(Ordering::Relaxed) {
        let now = metrics.try_send("GET", "/metrics", &[], "").ok().and_then(|answer| {
            let counter = |name: &str| -> Option<u64> {
                answer.text.lines().find_map(|line| line.strip_prefix(name)?.trim().parse().ok())
            };
            Some(counter("reporting_events_total")? - counter("reporting_newer_total")?)
        });
        if let Some(now) = now {
            // It counts from 0 again: another process.
            if now < last {
                of_others += last;
            }
            last = now;
        }
        thread::sleep(Duration::from_millis(100));
    }
    of_others + last
}
