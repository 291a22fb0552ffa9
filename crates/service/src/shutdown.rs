//! An orderly stop: SIGTERM and Ctrl-C ask for it, the work in hand is finished.

use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// Resolves when the process is asked to stop.
pub async fn requested() {
    let mut terminate = signal(SignalKind::terminate()).expect("SIGTERM can be listened to");
    tokio::select! {
        _ = terminate.recv() => tracing::info!("stopping: SIGTERM"),
        _ = tokio::signal::ctrl_c() => tracing::info!("stopping: Ctrl-C"),
    }
}

/// Says to all parts of a process that it is asked to stop. Clones are one.
#[derive(Clone, Debug, Default)]
pub struct Stop(CancellationToken);

impl Stop {
    /// One that SIGTERM and Ctrl-C set.
    pub fn on_signal() -> Self {
        let stop = Self::default();
        let set = stop.clone();
        tokio::spawn(async move {
            requested().await;
            set.request();
        });
        stop
    }

    /// Ask for the stop.
    pub fn request(&self) {
        self.0.cancel();
    }

    /// Whether it is asked for.
    pub fn is_requested(&self) -> bool {
        self.0.is_cancelled()
    }

    /// Resolves when it is asked for.
    pub async fn requested(&self) {
        self.0.cancelled().await;
    }
}
