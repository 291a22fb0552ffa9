//! What Prometheus reads of each component, and of each pool of connections to PostgreSQL.

use std::time::Instant;

use http::StatusCode;
use metrics::{Counter, Gauge, Histogram, counter, gauge, histogram};
use tokio_postgres::Config;
use tokio_postgres::config::Host;

/// Of one component, the same after a reload.
pub struct Metrics {
    /// Answers by the first digit of their status.
    answers: [Counter; 5],
    refused: Counter,
    seconds: Histogram,
}

impl Metrics {
    /// Of the component with this id.
    pub fn new(component: &str) -> Self {
        let labels = [("component", component.to_owned())];
        let answers = ["1xx", "2xx", "3xx", "4xx", "5xx"].map(|class| {
            counter!("runtime_requests_total", "component" => component.to_owned(), "status" => class)
        });
        Self {
            answers,
            refused: counter!("runtime_refused_total", &labels),
            seconds: histogram!("runtime_request_seconds", &labels),
        }
    }

    /// An answer's head was ready; its request came at `start`.
    pub fn answered(&self, status: StatusCode, start: Instant) {
        if let Some(answers) = self.answers.get(usize::from(status.as_u16() / 100).saturating_sub(1)) {
            answers.increment(1);
        }
        self.seconds.record(start.elapsed());
    }

    /// A request found the component full.
    pub fn refused(&self) {
        self.refused.increment(1);
    }
}

/// Requests of a component that are in flight.
pub fn in_flight(component: &str) -> Gauge {
    gauge!("runtime_requests_in_flight", "component" => component.to_owned())
}

/// Instances of a component that there are now.
pub fn instances(component: &str) -> Gauge {
    gauge!("runtime_instances", "component" => component.to_owned())
}

/// Instances of a component that were made: requests by instances tell how often one is used again.
pub fn made(component: &str) -> Counter {
    counter!("runtime_instances_made_total", "component" => component.to_owned())
}

/// Is in a gauge as long as it is there.
pub struct Counted(Gauge);

impl Counted {
    /// In this one.
    pub fn new(gauge: &Gauge) -> Self {
        gauge.increment(1);
        Self(gauge.clone())
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.decrement(1);
    }
}

/// Of one pool.
pub struct PoolMetrics {
    connections: Gauge,
    /// Connections that guests have.
    pub in_use: Gauge,
    failed: Counter,
    wait: Histogram,
}

impl PoolMetrics {
    /// Of the pool to what `config` names, without its password.
    pub fn new(config: &Config) -> Self {
        let host = match config.get_hosts() {
            [Host::Tcp(host), ..] => host,
            _ => "",
        };
        let port = config.get_ports().first().copied().unwrap_or(5432);
        let (user, database) =
            (config.get_user().unwrap_or_default(), config.get_dbname().unwrap_or_default());
        let labels = [("pool", format!("{user}@{host}:{port}/{database}"))];
        Self {
            connections: gauge!("runtime_postgres_connections", &labels),
            in_use: gauge!("runtime_postgres_connections_in_use", &labels),
            failed: counter!("runtime_postgres_connections_failed_total", &labels),
            wait: histogram!("runtime_postgres_wait_seconds", &labels),
        }
    }

    /// A connection was asked for at `start`, and the pool has so many now.
    pub fn asked(&self, start: Instant, connections: usize, got: bool) {
        self.wait.record(start.elapsed());
        self.connections.set(connections as f64);
        self.failed.increment(u64::from(!got));
    }
}

/// A component was replaced, or could not be.
pub fn reloaded(component: &str, replaced: bool) {
    let outcome = if replaced { "replaced" } else { "failed" };
    counter!("runtime_reloads_total", "component" => component.to_owned(), "outcome" => outcome).increment(1);
}
