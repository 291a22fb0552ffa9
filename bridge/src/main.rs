//! `bridge`: relays what the components commit (tracking.outbox) into RabbitMQ, since Spin speaks no AMQP.
//!
//! At least once: a row is deleted only after RabbitMQ has confirmed its message. A crash between the two
//! sends the message again, which the reader sees by its version.

use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use bridge::{Changes, Relay};
use broker::Broker;
use futures::future::try_join_all;
use service::config;
use service::health::{self, Readiness};
use service::sessions::within;
use service::shutdown::Stop;
use tokio_postgres::NoTls;

/// Look at the outbox at least this often, should a notification be lost.
const POLL: Duration = Duration::from_secs(2);
/// How long PostgreSQL may take for a look at the outbox, and it and RabbitMQ together for a batch or a connection: what
/// takes longer hangs.
const LOOK: Duration = Duration::from_secs(5);
const STEP: Duration = Duration::from_secs(30);

struct Config {
    database: config::Secret,
    amqp: config::Secret,
    http: SocketAddr,
    /// Messages claimed and published together.
    batch: usize,
    /// Batches at once: while one waits for its confirms, the next is read.
    lanes: usize,
}

// One thread: what it does is little, and waking threads for each confirm cost more.
#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    service::logging::init();
    service::logging::ended(bridge().await)
}

async fn bridge() -> Result<()> {
    let config = Config {
        database: config::secret("BRIDGE_DATABASE_URL")?,
        amqp: config::secret("BRIDGE_AMQP_URL")?,
        http: config::required("BRIDGE_HTTP_ADDR")?.parse()?,
        batch: config::or_default("BRIDGE_BATCH_SIZE", 500)?,
        lanes: config::or_default("BRIDGE_LANES", 4)?,
    };
    let readiness = Readiness::default();
    health::serve(config.http, readiness.clone()).await?;
    let stop = Stop::on_signal();
    service::sessions::keep("relaying", &readiness, &stop, async || {
        let changes = within(LOOK, "PostgreSQL", Changes::listen(config.database.expose())).await?;
        let lanes = (0..config.lanes.max(1)).map(|_| relay(&config));
        let lanes = within(STEP, "PostgreSQL and RabbitMQ", try_join_all(lanes)).await?;
        tracing::info!(lanes = lanes.len(), "relaying");
        readiness.set(true);
        try_join_all(lanes.into_iter().map(|lane| run(lane, &changes, &stop))).await?;
        Ok(())
    })
    .await;
    Ok(())
}

async fn relay(config: &Config) -> Result<Relay<Broker>> {
    let (client, connection) =
        tokio_postgres::connect(config.database.expose(), NoTls).await.context("PostgreSQL")?;
    tokio::spawn(connection);
    let broker = Broker::connect(config.amqp.expose()).await?;
    Relay::new(client, broker, config.batch).await
}

/// Relay until asked to stop. A batch that is begun is finished.
async fn run(mut relay: Relay<Broker>, changes: &Changes, stop: &Stop) -> Result<()> {
    let mut looked: Option<Instant> = None;
    while !stop.is_requested() {
        if looked.is_none_or(|at| at.elapsed() >= POLL) {
            metrics::gauge!("bridge_oldest_seconds").set(within(LOOK, "PostgreSQL", relay.oldest()).await?);
            looked = Some(Instant::now());
        }
        let outcome = within(STEP, "PostgreSQL and RabbitMQ", relay.step()).await?;
        if relay.was_full(outcome) {
            changes.more();
            continue;
        }
        tokio::select! {
            woken = changes.next(POLL) => woken?,
            () = stop.requested() => {}
        }
    }
    Ok(())
}
