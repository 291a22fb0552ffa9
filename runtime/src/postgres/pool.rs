//! One bounded pool for each distinct connection string, shared by all components of the process.
//!
//! A connection keeps its prepared statements. It is cleaned after a guest lets go of it, so the next one does not wait
//! for that, and left as it is where nothing that the guest said can have left anything ([`Statements`]). A connection
//! that the server closed is replaced, also under a guest that holds on to it; so is one on which nothing is answered.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use deadpool_postgres::{Hook, Manager, ManagerConfig, Object, PoolError, RecyclingMethod, Runtime};
use tokio_postgres::config::SslMode;
use tokio_postgres::error::SqlState;
use tokio_postgres::{Config, NoTls, Statement};

use super::errors::{connection_failed, query_failed, summary};
use super::pulse::{Pulse, no_answer};
use super::statements::Statements;
use super::tls::{self, Authority};
use crate::bindings::postgres::Error;
use crate::metrics::{Counted, PoolMetrics};

/// Undoes all that a guest can leave in a session, but keeps prepared statements. A ROLLBACK by itself would have
/// PostgreSQL write a warning into its log for each session that has nothing to roll back.
const CLEAN: &str = "BEGIN; ROLLBACK; CLOSE ALL; SET SESSION AUTHORIZATION DEFAULT; RESET ALL; UNLISTEN *; \
     SELECT pg_advisory_unlock_all(); DISCARD TEMP; DISCARD SEQUENCES";

/// How often a session is used at most until it is cleaned: a function can leave something behind, and hide it.
const USES: usize = 64;

/// Distinct statements that a connection keeps prepared.
const PREPARED: usize = 256;

/// Limits of each pool.
#[derive(Debug, Clone, Copy)]
pub struct PoolSettings {
    /// Connections to the server.
    pub max_connections: usize,
    /// How long a guest waits for one of them.
    pub wait: Duration,
    /// How long establishing one may take, unless the connection string says otherwise.
    pub connect: Duration,
}

impl Default for PoolSettings {
    fn default() -> Self {
        Self { max_connections: 16, wait: Duration::from_secs(10), connect: Duration::from_secs(5) }
    }
}

/// Where a guest connects to.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Address {
    /// The connection string.
    pub url: String,
    /// Who vouches for the server, beside those whom the system trusts.
    pub authority: Option<Authority>,
}

impl From<String> for Address {
    fn from(url: String) -> Self {
        Self { url, authority: None }
    }
}

/// The pools of the process.
pub struct Pools {
    settings: PoolSettings,
    by_address: Mutex<HashMap<Address, Arc<Pool>>>,
}

/// The connections to one address, and what is told of them.
pub struct Pool {
    connections: deadpool_postgres::Pool,
    pulse: Pulse,
    metrics: PoolMetrics,
}

impl Pools {
    /// No pool yet; each is made at its first use.
    pub fn new(settings: PoolSettings) -> Self {
        Self { settings, by_address: Mutex::default() }
    }

    /// The pool of `address`.
    ///
    /// # Errors
    /// The connection string is none, or the authority cannot be used.
    pub fn of(&self, address: &Address) -> Result<Arc<Pool>, Error> {
        let mut pools = self.by_address.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(pool) = pools.get(address) {
            return Ok(Arc::clone(pool));
        }
        let pool = Arc::new(self.make(address)?);
        pools.insert(address.clone(), Arc::clone(&pool));
        Ok(pool)
    }

    /// Whether all servers answer, as far as is known.
    pub fn answer(&self) -> bool {
        let pools = self.by_address.lock().unwrap_or_else(PoisonError::into_inner);
        pools.values().all(|pool| pool.pulse.answers())
    }

    fn make(&self, Address { url, authority }: &Address) -> Result<Pool, Error> {
        let mut config: Config = url.parse().map_err(connection_failed)?;
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(self.settings.connect);
        }
        if config.get_application_name().is_none() {
            config.application_name("runtime");
        }
        let metrics = PoolMetrics::new(&config);
        let manager = |config: Config| {
            let recycling = ManagerConfig { recycling_method: RecyclingMethod::Fast };
            Ok::<_, Error>(match config.get_ssl_mode() {
                SslMode::Disable => Manager::from_config(config, NoTls, recycling),
                _ => Manager::from_config(config, tls::connector(authority.as_ref())?, recycling),
            })
        };
        let mut of_pulse = config.clone();
        of_pulse.application_name("runtime pulse");
        let pulse = Pulse::follow(manager(of_pulse)?).map_err(connection_failed)?;
        let manager = manager(config)?;
        let connections = deadpool_postgres::Pool::builder(manager)
            .max_size(self.settings.max_connections)
            .wait_timeout(Some(self.settings.wait))
            .create_timeout(Some(self.settings.wait))
            .runtime(Runtime::Tokio1)
            .post_create(Hook::sync_fn(|_, _| {
                tracing::debug!("a PostgreSQL connection was opened");
                Ok(())
            }))
            .build()
            .map_err(connection_failed)?;
        Ok(Pool { connections, pulse, metrics })
    }
}

impl Pool {
    /// A connection for a guest.
    ///
    /// # Errors
    /// `connection-failed` with the reason, at the latest after the settings' times.
    pub async fn connection(self: Arc<Self>) -> Result<Connection, Error> {
        let current = Mutex::new(self.acquire().await?);
        Ok(Connection { pool: self, current })
    }

    async fn acquire(&self) -> Result<Arc<Session>, Error> {
        let start = Instant::now();
        let got = tokio::select! {
            biased;
            () = self.pulse.clone().lost() => {
                self.metrics.asked(start, self.connections.status().size, false);
                return Err(no_answer());
            }
            got = self.connections.get() => got,
        };
        let status = self.connections.status();
        self.metrics.asked(start, status.size, got.is_ok());
        match got {
            Ok(client) => Ok(Arc::new(Session {
                client: Some(client),
                statements: Statements::default(),
                abandoned: AtomicBool::new(false),
                _in_use: Counted::new(&self.metrics.in_use),
            })),
            Err(PoolError::Timeout(_)) => Err(Error::ConnectionFailed(format!(
                "no free connection: all {} of the pool are in use, or the server does not answer",
                status.max_size
            ))),
            Err(error) => {
                tracing::warn!("PostgreSQL: {error}");
                Err(connection_failed(error))
            }
        }
    }
}

/// A guest's connection.
pub struct Connection {
    pool: Arc<Pool>,
    current: Mutex<Arc<Session>>,
}

impl Connection {
    /// The session, a new one if the server closed it.
    pub async fn session(&self) -> Result<Arc<Session>, Error> {
        let current = Arc::clone(&self.current.lock().unwrap_or_else(PoisonError::into_inner));
        if !current.client().is_closed() && !current.abandoned.load(Ordering::Relaxed) {
            return Ok(current);
        }
        // Give the broken one back before asking for another, so that the pool has room for it.
        drop(current);
        let fresh = self.pool.acquire().await?;
        *self.current.lock().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&fresh);
        Ok(fresh)
    }

    /// What comes of `work` on `session`; an error once the server does not answer.
    pub async fn answered<T>(
        &self,
        session: &Session,
        work: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
        tokio::select! {
            biased;
            done = work => done,
            () = self.pool.pulse.clone().lost() => {
                session.abandoned.store(true, Ordering::Relaxed);
                Err(no_answer())
            }
        }
    }
}

/// A pooled session; cleaned in the background when the last user drops it.
pub struct Session {
    client: Option<Object>,
    /// Of the guests that have it.
    pub statements: Statements,
    /// Something on it was not waited for to its end: it is not used again.
    abandoned: AtomicBool,
    _in_use: Counted,
}

impl Session {
    /// The client of the session.
    pub fn client(&self) -> &Object {
        self.client.as_ref().expect("taken only in drop")
    }

    /// `statement` prepared on this session, from its cache if it was before.
    pub async fn prepare(&self, statement: &str) -> Result<Statement, Error> {
        let client = self.client();
        if client.statement_cache.size() >= PREPARED {
            client.statement_cache.clear();
        }
        client.prepare_cached(statement).await.map_err(query_failed)
    }

    /// Whether `error` means that a cached statement went stale (its tables changed, or it is gone), so that
    /// preparing it anew can help; if so it is forgotten.
    pub fn forget_if_stale(&self, statement: &str, error: &tokio_postgres::Error) -> bool {
        let stale = match error.code() {
            Some(code) if *code == SqlState::FEATURE_NOT_SUPPORTED => {
                error.as_db_error().is_some_and(|db| db.message().contains("cached plan"))
            }
            Some(code) => *code == SqlState::INVALID_SQL_STATEMENT_NAME,
            None => false,
        };
        if stale {
            self.client().statement_cache.remove(statement, &[]);
        }
        stale
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let Some(client) = self.client.take() else { return };
        if self.abandoned.load(Ordering::Relaxed) {
            drop(Object::take(client));
            return;
        }
        if self.statements.left_nothing() && !Object::metrics(&client).recycle_count.is_multiple_of(USES) {
            return;
        }
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        if client.is_closed() {
            return;
        }
        runtime.spawn(async move {
            let mut cleaned = client.batch_execute(CLEAN).await;
            // In a transaction that failed nothing but its end is let through.
            if cleaned.is_err() && client.batch_execute("ROLLBACK").await.is_ok() {
                cleaned = client.batch_execute(CLEAN).await;
            }
            if let Err(error) = cleaned {
                tracing::warn!(
                    "a PostgreSQL session could not be cleaned and is closed: {}",
                    summary(&error)
                );
                drop(Object::take(client));
            }
        });
    }
}
