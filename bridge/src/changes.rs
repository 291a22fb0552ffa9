//! Wakes the relay when the outbox has something new (LISTEN/NOTIFY).

use std::future::poll_fn;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use tokio::sync::Notify;
use tokio_postgres::{AsyncMessage, NoTls};

/// Notifications of new rows, over a connection of their own. Each wakes one who waits; while nobody does, several count
/// as one.
pub struct Changes {
    shared: Arc<Shared>,
    // Dropping it ends the connection.
    _client: tokio_postgres::Client,
}

#[derive(Default)]
struct Shared {
    wake: Notify,
    ended: AtomicBool,
}

impl Changes {
    /// Connect and listen.
    ///
    /// # Errors
    /// PostgreSQL does not answer, or refuses.
    pub async fn listen(url: &str) -> Result<Self> {
        let (client, mut connection) = tokio_postgres::connect(url, NoTls).await.context("PostgreSQL")?;
        let shared = Arc::new(Shared::default());
        let telling = Arc::clone(&shared);
        tokio::spawn(async move {
            while let Some(Ok(message)) = poll_fn(|context| connection.poll_message(context)).await {
                if let AsyncMessage::Notification(_) = message {
                    telling.wake.notify_one();
                }
            }
            telling.ended.store(true, Ordering::Relaxed);
            telling.wake.notify_waiters();
        });
        client.batch_execute("LISTEN tracking_outbox").await.context("LISTEN")?;
        Ok(Self { shared, _client: client })
    }

    /// Wait for a notification, at most `longest`.
    ///
    /// # Errors
    /// The connection to PostgreSQL ended.
    pub async fn next(&self, longest: Duration) -> Result<()> {
        let _ = tokio::time::timeout(longest, self.shared.wake.notified()).await;
        ensure!(!self.shared.ended.load(Ordering::Relaxed), "the connection to PostgreSQL ended");
        Ok(())
    }

    /// Wake one who waits: there is more than one takes at once.
    pub fn more(&self) {
        self.shared.wake.notify_one();
    }
}
