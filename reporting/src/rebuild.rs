//! The read model built anew from the log, beside the live one, and swapped in: under live traffic, all or nothing.
//!
//! ```text
//! begin ──▶ read (blocks of the log, several at once) ──▶ add up (each rollup) ──▶ catch up ──▶ swap
//!                              any fault: the tables being built go, the live model stays
//! ```

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use anyhow::{Context, Result};
use futures::future::{try_join_all, try_join3};
use tokio_postgres::error::SqlState;

use crate::ReadModel;

/// Blocks of the log that are read at a time: some 1,500 events.
const BLOCKS: i64 = 200;
/// Connections that read at once.
const READERS: usize = 2;
/// Events that are caught up with at a time; fewer than that and the swap does the rest.
const CATCH_UP: i64 = 2000;
/// How often to ask for the moment in which the tables are swapped, each time for two seconds.
const SWAPS: u32 = 60;

/// How far a rebuild is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Progress {
    /// Events read, and the share of the log that is done, from 0 to 1.
    Reading(i64, f64),
    /// Rollups being added up, and indexes made.
    AddingUp,
    /// Events applied that were committed since the beginning.
    CatchingUp(i64),
    /// The new model takes the old one's place.
    Swapping,
}

/// Build the model anew. Answers how many events were read. Of two rebuilds at once, the second waits for the first.
///
/// # Errors
/// The database breaks off: the model is as before.
pub async fn rebuild(url: &str, form: i64, tell: &(dyn Fn(Progress) + Sync)) -> Result<i64> {
    let main = ReadModel::connect(url).await?;
    let lock = "SELECT pg_advisory_lock(hashtext('reporting rebuild'))";
    main.client().execute(lock, &[]).await.context("lock")?;
    let built = build(&main, url, form, tell).await;
    if built.is_err() {
        let _ = main.client().execute("SELECT reporting.rebuild_abandon()", &[]).await;
    }
    built
}

async fn build(main: &ReadModel, url: &str, form: i64, tell: &(dyn Fn(Progress) + Sync)) -> Result<i64> {
    let blocks: i64 =
        main.client().query_one("SELECT reporting.rebuild_begin()", &[]).await.context("begin")?.get(0);
    let (next, done, events) = (AtomicI64::new(0), AtomicI64::new(0), AtomicI64::new(0));
    let read = async || -> Result<()> {
        let reader = ReadModel::connect(url).await?;
        loop {
            let from = next.fetch_add(BLOCKS, Ordering::Relaxed);
            if from >= blocks {
                return Ok(());
            }
            // The last piece has no end: the log may have grown.
            let to = if from + BLOCKS >= blocks { i64::from(u32::MAX) - 1 } else { from + BLOCKS };
            let read: i64 = reader
                .client()
                .query_one("SELECT reporting.rebuild_read($1, $2)", &[&from, &to])
                .await
                .context("read the log")?
                .get(0);
            let events = events.fetch_add(read, Ordering::Relaxed) + read;
            let done = done.fetch_add(BLOCKS, Ordering::Relaxed) + BLOCKS;
            tell(Progress::Reading(events, (done as f64 / blocks as f64).min(1.0)));
        }
    };
    try_join_all((0..READERS).map(|_| read())).await?;

    tell(Progress::AddingUp);
    try_join3(index(url), add_up(url, false), add_up(url, true)).await?;

    let mut total = 0;
    loop {
        let caught: i64 = main
            .client()
            .query_one("SELECT reporting.rebuild_catch_up($1)", &[&CATCH_UP])
            .await
            .context("catch up")?
            .get(0);
        total += caught;
        tell(Progress::CatchingUp(total));
        if caught < CATCH_UP {
            break;
        }
    }
    tell(Progress::Swapping);
    swap(main, form).await?;
    Ok(events.into_inner() + total)
}

async fn index(url: &str) -> Result<()> {
    let indexer = ReadModel::connect(url).await?;
    indexer.client().execute("SELECT reporting.rebuild_indexes()", &[]).await.context("indexes")?;
    Ok(())
}

/// The rollups with tags or those without, the finer ones first.
async fn add_up(url: &str, by_tag: bool) -> Result<()> {
    let adder = ReadModel::connect(url).await?;
    let rollups = adder
        .client()
        .query("SELECT rollup FROM reporting.rollups() WHERE by_tag = $1", &[&by_tag])
        .await
        .context("rollups")?;
    for row in rollups {
        let rollup: String = row.get(0);
        adder
            .client()
            .execute("SELECT reporting.rebuild_rollup($1)", &[&rollup])
            .await
            .with_context(|| format!("add up {rollup}"))?;
    }
    Ok(())
}

/// A report that is being read holds the tables: ask again rather than make all others queue up behind us.
async fn swap(main: &ReadModel, form: i64) -> Result<()> {
    main.client().batch_execute("SET lock_timeout = '2s'").await?;
    for _ in 1..SWAPS {
        match main.client().execute("SELECT reporting.rebuild_swap($1)", &[&form]).await {
            Err(error) if error.code() == Some(&SqlState::LOCK_NOT_AVAILABLE) => {
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
            done => return done.map(|_| ()).context("swap"),
        }
    }
    main.client().execute("SELECT reporting.rebuild_swap($1)", &[&form]).await.context("swap")?;
    Ok(())
}
