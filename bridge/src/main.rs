//! `bridge`: relays what the components commit (tracking.outbox) into RabbitMQ, since Spin speaks no AMQP.
//!
//! At least once: a row is deleted only after RabbitMQ has confirmed its message. A crash between the two
//! sends the message again, which the reader sees by its version.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Result;
use bridge::{Outcome, RabbitMq, Relay, outbox_changes};
use service::config;
use service::health::{self, Readiness};

/// Look at the outbox at least this often, should a notification be lost.
const POLL: Duration = Duration::from_secs(2);
/// Wait this long before a broken session is begun anew.
const PAUSE: Duration = Duration::from_secs(1);

struct Config {
    database: config::Secret,
    amqp: config::Secret,
    http: SocketAddr,
    batch: usize,
}

#[tokio::main]
async fn main() -> Result<()> {
    service::logging::init();
    let config = Config {
        database: config::secret("BRIDGE_DATABASE_URL")?,
        amqp: config::secret("BRIDGE_AMQP_URL")?,
        http: config::required("BRIDGE_HTTP_ADDR")?.parse()?,
        batch: config::or_default("BRIDGE_BATCH_SIZE", 100)?,
    };
    let readiness = Readiness::default();
    health::serve(config.http, readiness.clone()).await?;
    tokio::select! {
        () = relay_for_ever(&config, &readiness) => {}
        () = service::shutdown::requested() => {}
    }
    Ok(())
}

/// PostgreSQL or RabbitMQ may go away at any time: begin again until both are back.
async fn relay_for_ever(config: &Config, readiness: &Readiness) {
    loop {
        if let Err(error) = relay(config, readiness).await {
            tracing::warn!(
                error = format!("{error:#}"),
                "not relaying; trying again in {} s",
                PAUSE.as_secs()
            );
        }
        readiness.set(false);
        tokio::time::sleep(PAUSE).await;
    }
}

async fn relay(config: &Config, readiness: &Readiness) -> Result<()> {
    let (client, changes) = outbox_changes(config.database.expose()).await?;
    let publisher = RabbitMq::connect(config.amqp.expose()).await?;
    let mut relay = Relay::new(client, publisher, config.batch);
    tracing::info!("relaying");
    readiness.set(true);
    loop {
        let sent = relay.step().await?;
        metrics::counter!("bridge_published_total").increment(sent.confirmed as u64);
        metrics::counter!("bridge_refused_total").increment(sent.refused as u64);
        if sent == Outcome::default() {
            changes.next(POLL).await?;
        }
    }
}
