//! `/health/live`, `/health/ready` and `/metrics` of a native worker.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, Result};
use axum::http::StatusCode;
use axum::{Router, routing::get};
use metrics_exporter_prometheus::PrometheusBuilder;

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
    let metrics = PrometheusBuilder::new().install_recorder().context("metrics recorder")?;
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
