//! The ceiling: `/api/v1/time-entries` as a native service would be written, with axum, a pool of tokio-postgres
//! connections and tokens verified natively. bench/peers/README.md says what is the same as ours and what is not.

mod answers;
mod entries;
mod realm;

use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::get;
use axum::serve::ListenerExt as _;
use deadpool_postgres::{Manager, ManagerConfig, Pool, RecyclingMethod, Runtime};
use tokio::net::TcpListener;
use tokio_postgres::NoTls;

use realm::Realm;

/// How long a request waits for a connection, as in our runtime.
const WAIT: Duration = Duration::from_secs(10);

struct Peer {
    pool: Pool,
    realm: Realm,
}

#[tokio::main]
async fn main() -> Result<()> {
    let pool = pool(&variable::<String>("PEER_DATABASE_URL")?, variable("PEER_POOL_SIZE")?)?;
    let realm = Realm::new(
        variable("PEER_OIDC_ISSUER")?,
        variable("PEER_OIDC_AUDIENCE")?,
        variable("PEER_OIDC_JWKS_URL")?,
        variable("PEER_REMEMBERED_TOKENS")?,
    );
    let app = Router::new()
        .route("/api/v1/time-entries", get(entries::list).post(entries::create))
        .route("/health", get(async || "ready"))
        .layer(DefaultBodyLimit::max(api::MAX_BODY))
        .with_state(Arc::new(Peer { pool, realm }));
    let listener = TcpListener::bind(("127.0.0.1", variable("PEER_PORT")?)).await.context("PEER_PORT")?;
    // An answer is not held back for the client's acknowledgement of the one before.
    let listener = listener.tap_io(|stream| {
        let _ = stream.set_nodelay(true);
    });
    axum::serve(listener, app).await.context("the server")
}

fn pool(url: &str, size: usize) -> Result<Pool> {
    let manager = Manager::from_config(
        url.parse().context("PEER_DATABASE_URL")?,
        NoTls,
        ManagerConfig { recycling_method: RecyclingMethod::Fast },
    );
    let pool = Pool::builder(manager).max_size(size).wait_timeout(Some(WAIT)).runtime(Runtime::Tokio1);
    pool.build().context("the pool of connections")
}

fn variable<T: FromStr<Err: std::fmt::Display>>(name: &str) -> Result<T> {
    let text = std::env::var(name).with_context(|| format!("{name} is not set: bench/peers/README.md"))?;
    text.parse().map_err(|error: T::Err| anyhow::anyhow!("{name} is {text:?}: {error}"))
}
