//! `reporting`: reads events from RabbitMQ and keeps the read model (schema `reporting`). Nothing else
//! writes there. Without a command it works until it is stopped; the commands are for people.

mod commands;

use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Result;
use broker::Broker;
use clap::Parser;
use futures::future::join;
use reporting::{FORM, Progress, ReadModel, consume, dead_letters, rebuild};
use service::config;
use service::health::{self, Readiness};
use service::sessions::within;
use service::shutdown::Stop;
use tokio::sync::OnceCell;

use commands::Command;

/// How long PostgreSQL may take for what reads nothing: what takes longer hangs.
const READ: Duration = Duration::from_secs(5);

/// TimeTracker's reporting worker.
#[derive(Parser)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
}

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    service::logging::init();
    service::logging::ended(run(cli).await)
}

async fn run(cli: Cli) -> Result<()> {
    let database = config::secret("REPORTING_DATABASE_URL")?;
    if let Some(command) = cli.command {
        return commands::run(command, database.expose()).await;
    }
    let amqp = config::secret("REPORTING_AMQP_URL")?;
    let http: SocketAddr = config::required("REPORTING_HTTP_ADDR")?.parse()?;
    let readiness = Readiness::default();
    health::serve(http, readiness.clone()).await?;
    let stop = Stop::on_signal();
    // What goes wrong with dead letters must not hold the living ones up.
    let (unasked, woken) = (Readiness::default(), OnceCell::new());
    let letters = service::sessions::keep("keeping dead letters", &unasked, &stop, async || {
        let model = ReadModel::connect(database.expose()).await?;
        // Once a process: this version may know what an older one has parked.
        woken.get_or_try_init(|| dead_letters::replay(&model, None, Some("parked"))).await?;
        let broker = Broker::connect(amqp.expose()).await?;
        dead_letters::tend(&broker, &model, &stop).await
    });
    let events = service::sessions::keep("consuming", &readiness, &stop, async || {
        // The database first: with it away, messages must not be fetched only to be given back.
        let connect = || within(READ, "PostgreSQL", ReadModel::connect(database.expose()));
        let (model, pulse) = (connect().await?, connect().await?);
        if model.form().await? < FORM {
            tracing::info!("the read model's form is an older one: it is built anew from the log");
            rebuild(database.expose(), FORM, &|progress| {
                if let Progress::Reading(events, share) = progress {
                    tracing::info!(events, "{:.0} % of the log read", share * 100.0);
                }
            })
            .await?;
        }
        let broker = Broker::connect(amqp.expose()).await?;
        tracing::info!("consuming");
        readiness.set(true);
        tokio::select! {
            done = consume(&broker, &model, &stop) => done,
            // Over a connection of its own, for a batch may take its time. Without messages nothing else would tell.
            lost = pulse.lost(READ) => Err(lost),
        }
    });
    join(letters, events).await;
    Ok(())
}
