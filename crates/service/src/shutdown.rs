//! An orderly stop: SIGTERM and Ctrl-C ask for it, the work in hand is finished.

use tokio::signal::unix::{SignalKind, signal};

/// Resolves when the process is asked to stop.
pub async fn requested() {
    let mut terminate = signal(SignalKind::terminate()).expect("SIGTERM can be listened to");
    tokio::select! {
        _ = terminate.recv() => tracing::info!("stopping: SIGTERM"),
        _ = tokio::signal::ctrl_c() => tracing::info!("stopping: Ctrl-C"),
    }
}
