//! Wakes the relay when the outbox has something new (LISTEN/NOTIFY). One notification speaks for all that commit at the
//! same moment (docs/adr/0013), some of them a little later: it is followed by echoes.

use std::future::poll_fn;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until};
use tokio_postgres::{AsyncMessage, NoTls};

/// When to look again after a notification: as long as a commit may take that let another one speak for it.
const ECHOES: [Duration; 4] = [
    Duration::from_millis(10),
    Duration::from_millis(30),
    Duration::from_millis(100),
    Duration::from_millis(400),
];

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
            let (mut last, mut echoes) = (Instant::now(), [].iter());
            loop {
                let echo: Option<Instant> = echoes.as_slice().first().map(|after| last + *after);
                let message = poll_fn(|context| connection.poll_message(context));
                tokio::select! {
                    message = message => match message {
                        Some(Ok(AsyncMessage::Notification(_))) => {
                            (last, echoes) = (Instant::now(), ECHOES.iter());
                        }
                        Some(Ok(_)) => continue,
                        Some(Err(_)) | None => break,
                    },
                    () = sleep_until(echo.unwrap_or(last)), if echo.is_some() => drop(echoes.next()),
                }
                telling.wake.notify_one();
            }
            telling.ended.store(true, Ordering::Relaxed);
            telling.wake.notify_waiters();
        });
        client.batch_execute("LISTEN tracking_outbox").await.context("LISTEN")?;
        Ok(Self { shared, _client: client })
    }

    /// Wait for a notification or its echo, at most `longest`.
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
