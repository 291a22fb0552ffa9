//! Data to measure on, made by SQL inside PostgreSQL.

use std::time::Instant;

use anyhow::{Context, Result};
use tokio_postgres::Client;

/// Put a log of this many events in, as the components would have written it for 200 people. Nothing waits to be sent.
pub async fn log(database: &Client, events: i32) -> Result<()> {
    told(&format!("a log of {events} events"), async {
        set(database, "events", events).await?;
        database.batch_execute(include_str!("sql/log.sql")).await.context("the log")?;
        settle(database).await
    })
    .await
}

/// Put a year (2025) of this many entries into the read model, by so many people; and the same entries in a table of
/// the form of `tracking.time_entries` (`bench.entries`), to compare with.
pub async fn year(database: &Client, entries: i32, people: i32) -> Result<()> {
    told(&format!("a year of {entries} entries by {people} people"), async {
        set(database, "entries", entries).await?;
        set(database, "people", people).await?;
        database.batch_execute(include_str!("sql/year.sql")).await.context("the year")?;
        settle(database).await
    })
    .await
}

/// Do now what PostgreSQL would otherwise do in the background, while something is measured.
async fn settle(database: &Client) -> Result<()> {
    database.batch_execute("VACUUM ANALYZE").await?;
    Ok(database.batch_execute("CHECKPOINT").await?)
}

async fn set(database: &Client, name: &str, value: i32) -> Result<()> {
    database.execute("SELECT set_config('bench.' || $1, $2::int::text, false)", &[&name, &value]).await?;
    Ok(())
}

async fn told(what: &str, work: impl Future<Output = Result<()>>) -> Result<()> {
    let begun = Instant::now();
    work.await?;
    println!("\n({what}: made in {:.0} s)", begun.elapsed().as_secs_f64());
    Ok(())
}
