//! Whether the server of a pool answers. One that hangs keeps its connections open, and a statement on any of them would
//! wait without end.

use std::time::Duration;

use deadpool_postgres::{Manager, Pool, PoolError};
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use crate::bindings::postgres::Error;

/// Between two questions, while they are answered and while they are not.
const PAUSE: Duration = Duration::from_secs(2);
const SHORT_PAUSE: Duration = Duration::from_millis(250);
/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(3);

/// What came of the last question.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Seen {
    /// An answer.
    Answer,
    /// An error at once: whoever asks hears the same, and more precisely.
    Error,
    /// Nothing.
    Silence,
}

/// What is known of a server.
#[derive(Clone)]
pub struct Pulse(watch::Receiver<Seen>);

impl Pulse {
    /// Ask again and again over a connection of its own, as long as somebody wants to know.
    ///
    /// # Errors
    /// The pool of that one connection cannot be made.
    pub fn follow(manager: Manager) -> Result<Self, deadpool_postgres::BuildError> {
        let own = Pool::builder(manager).max_size(1).build()?;
        let (tell, told) = watch::channel(Seen::Answer);
        tokio::spawn(async move {
            while !tell.is_closed() {
                let seen = match timeout(PATIENCE, ask(&own)).await {
                    Ok(true) => Seen::Answer,
                    Ok(false) => Seen::Error,
                    Err(_) => Seen::Silence,
                };
                let answers = seen == Seen::Answer;
                if !answers {
                    // An answer that comes late must not be taken for that of the next question.
                    own.retain(|_, _| false);
                }
                if (tell.send_replace(seen) == Seen::Answer) != answers {
                    tracing::warn!(answers, "PostgreSQL");
                }
                sleep(if answers { PAUSE } else { SHORT_PAUSE }).await;
            }
        });
        Ok(Self(told))
    }

    /// What is known now; at first, that it answers.
    pub fn answers(&self) -> bool {
        *self.0.borrow() == Seen::Answer
    }

    /// Resolves when the server is silent.
    pub async fn lost(mut self) {
        if self.0.wait_for(|seen| *seen == Seen::Silence).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

/// What a guest hears then.
pub fn no_answer() -> Error {
    Error::ConnectionFailed("the server does not answer".into())
}

/// A server that refuses us answers too, unless it is starting or stopping.
async fn ask(own: &Pool) -> bool {
    let error = match own.get().await {
        Ok(client) => client.simple_query("").await.err(),
        Err(PoolError::Backend(error)) => Some(error),
        Err(_) => return false,
    };
    error.is_none_or(|error| error.code().is_some_and(|code| !code.code().starts_with("57")))
}
