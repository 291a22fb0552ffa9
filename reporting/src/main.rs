//! `reporting`: reads events from RabbitMQ and keeps the read model (schema `reporting`). Nothing else
//! writes there, and it reads nothing of the schema `tracking`.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Result;
use reporting::{ReadModel, consume};
use service::config;
use service::health::{self, Readiness};

/// Wait this long before a broken session is begun anew.
const PAUSE: Duration = Duration::from_secs(1);

#[tokio::main]
async fn main() -> Result<()> {
    service::logging::init();
    let database = config::secret("REPORTING_DATABASE_URL")?;
    let amqp = config::secret("REPORTING_AMQP_URL")?;
    let http: SocketAddr = config::required("REPORTING_HTTP_ADDR")?.parse()?;
    let readiness = Readiness::default();
    health::serve(http, readiness.clone()).await?;

    let session = async || -> Result<()> {
        // The database first: with it away, messages must not be fetched only to be given back.
        let model = ReadModel::connect(database.expose()).await?;
        consume(amqp.expose(), &model, &readiness).await
    };
    let for_ever = async {
        loop {
            if let Err(error) = session().await {
                tracing::warn!(
                    error = format!("{error:#}"),
                    "not consuming; trying again in {} s",
                    PAUSE.as_secs()
                );
            }
            readiness.set(false);
            tokio::time::sleep(PAUSE).await;
        }
    };
    tokio::select! {
        () = for_ever => {}
        () = service::shutdown::requested() => {}
    }
    Ok(())
}
