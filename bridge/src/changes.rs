//! Wakes the relay when the outbox has something new (LISTEN/NOTIFY).

use std::future::poll_fn;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use tokio::sync::mpsc::{Receiver, channel};
use tokio_postgres::{AsyncMessage, Client, NoTls};

/// Notifications of new rows; several that come while the relay works count as one.
pub struct Changes(tokio::sync::Mutex<Receiver<()>>);

impl Changes {
    /// Wait for a notification, at most `longest`.
    ///
    /// # Errors
    /// The connection to PostgreSQL ended.
    pub async fn next(&self, longest: Duration) -> Result<()> {
        let mut receiver = self.0.lock().await;
        match tokio::time::timeout(longest, receiver.recv()).await {
            Ok(None) => bail!("the connection to PostgreSQL ended"),
            Ok(Some(())) | Err(_) => Ok(()),
        }
    }
}

/// Connect and listen; the client is for the relay's statements.
///
/// # Errors
/// PostgreSQL does not answer, or refuses.
pub async fn outbox_changes(url: &str) -> Result<(Client, Changes)> {
    let (client, mut connection) = tokio_postgres::connect(url, NoTls).await.context("PostgreSQL")?;
    // One place: a wake-up that is waiting already says all that another would.
    let (sender, receiver) = channel(1);
    tokio::spawn(async move {
        loop {
            match poll_fn(|context| connection.poll_message(context)).await {
                Some(Ok(AsyncMessage::Notification(_))) => drop(sender.try_send(())),
                Some(Ok(_)) => {}
                Some(Err(error)) => {
                    tracing::warn!(%error, "the connection to PostgreSQL ended");
                    return;
                }
                None => return,
            }
        }
    });
    client.batch_execute("LISTEN tracking_outbox").await.context("LISTEN")?;
    Ok((client, Changes(tokio::sync::Mutex::new(receiver))))
}
