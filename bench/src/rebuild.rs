//! How many events a second a rebuild of the read model reads, all in: until the new model is the live one.

use std::time::Instant;

use anyhow::{Result, ensure};
use reporting::{FORM, Progress, ReadModel, rebuild};
use tokio_postgres::Client;

/// Print the rate. Needs a log (`seed::log`).
pub async fn print(database: &Client) -> Result<()> {
    let url = testkit::required("TIMETRACKER_TEST_DATABASE_URL");
    let log: i64 = database.query_one("SELECT count(*) FROM tracking.events", &[]).await?.get(0);
    println!("\nrebuild: {log} events");
    let begun = Instant::now();
    let phases = std::sync::Mutex::new(Vec::<(&str, f64)>::new());
    let tell = |progress| {
        let name = match progress {
            Progress::Reading(..) => "read",
            Progress::AddingUp => "added up",
            Progress::CatchingUp(_) => "caught up",
            Progress::Swapping => "swapped",
        };
        let Ok(mut phases) = phases.lock() else { return };
        if phases.last().is_none_or(|(last, _)| *last != name) {
            phases.push((name, begun.elapsed().as_secs_f64()));
        }
    };
    let events = rebuild(&url, FORM, &tell).await?;
    let took = begun.elapsed().as_secs_f64();
    ensure!(events >= log, "{events} events were read of {log}");
    println!(
        "  {:.0} events/s, {took:.1} s in all (from when, in s: {:?})",
        log as f64 / took,
        phases.into_inner()?
    );

    let begun = Instant::now();
    let found = ReadModel::connect(&url).await?.verify().await?;
    ensure!(found.differences.is_empty(), "the model differs from the log: {:?}", found.differences.first());
    println!("  verify: no difference, {:.1} s", begun.elapsed().as_secs_f64());
    Ok(())
}
