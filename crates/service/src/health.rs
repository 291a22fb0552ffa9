//! `/health/live`, `/health/ready` and `/metrics` of a native worker.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, Result};
use axum::http::StatusCode;
use axum::{Router, routing::get};
use metrics_exporter_prometheus::PrometheusBuilder;

/// Upper bounds of the histograms' buckets, in seconds: from one write to the disk to a retry's longest tier.
const BUCKETS: [f64; 14] =
    [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 60.0, 300.0];

/// Whether the worker can do its work now; the worker sets it, `/health/ready` tells it.
#[derive(Clone, Default)]
pub struct Readiness(Arc<AtomicBool>);

impl Readiness {
    /// Say whether the worker can do its work now.
    pub fn set(&self, ready: bool) {
        if self.0.swap(ready, Ordering::Relaxed) != ready {
            tracing::info!(ready, "readiness changed");
        }
    }

    /// What was last said; not ready at first.
    pub fn get(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Serve health and metrics at `addr` until the process ends.
///
/// # Errors
/// The port is in use, or a metrics recorder was installed before.
pub async fn serve(addr: SocketAddr, readiness: Readiness) -> Result<()> {
    let metrics = PrometheusBuilder::new().set_buckets(&BUCKETS).context("buckets")?;
    let metrics = metrics.install_recorder().context("metrics recorder")?;
    let app = Router::new()
        .route("/health/live", get(|| async { "alive" }))
        .route(
            "/health/ready",
            get(move || async move {
                match readiness.get() {
                    true => (StatusCode::OK, "ready"),
                    false => (StatusCode::SERVICE_UNAVAILABLE, "not ready"),
                }
            }),
        )
        .route("/metrics", get(move || async move { metrics.render() }));
    let listener =
        tokio::net::TcpListener::bind(addr).await.with_context(|| format!("health port {addr}"))?;
    tokio::spawn(async move { axum::serve(listener, app).await });
    Ok(())
}
