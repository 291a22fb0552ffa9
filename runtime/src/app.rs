//! The application: its routes, and for each component that a route names the instances that answer now.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use tokio::task::JoinSet;
use wasmtime_wasi_http::handler::ProxyHandler;

use crate::component::{Loader, Sources};
use crate::engine;
use crate::instance::{Instances, ReuseSettings};
use crate::key_value::store::Database;
use crate::manifest;
use crate::postgres::pool::{PoolSettings, Pools};
use crate::routes::Routes;
use crate::variables::Variables;

/// What `up` was asked for.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The manifest.
    pub manifest: PathBuf,
    /// Where the key-value stores and copies of files are kept.
    pub state_dir: PathBuf,
    /// Where compiled code is kept; can be shared by several runtimes.
    pub cache_dir: PathBuf,
    /// How instances are reused.
    pub reuse: ReuseSettings,
    /// Limits of each PostgreSQL pool.
    pub pool: PoolSettings,
}

/// A running application.
pub struct App {
    /// For reloading.
    pub loader: Arc<Loader>,
    /// All routes.
    pub routes: Routes,
    served: BTreeMap<String, RwLock<ProxyHandler<Instances>>>,
}

impl App {
    /// Read the manifest and make all its components ready; `environment` gives environment variables, and
    /// the application will listen at `own_address`.
    ///
    /// # Errors
    /// Anything that is wrong with the manifest, a variable, a component or the state folder.
    pub async fn start(
        settings: &Settings,
        own_address: SocketAddr,
        environment: impl Fn(&str) -> Option<String>,
    ) -> Result<Self> {
        let manifest = manifest::load(&settings.manifest)?;
        let routes = Routes::new(&manifest.trigger.http)?;
        let variables = Variables::resolve(&manifest.variables, environment)?;
        let state_dir = std::path::absolute(&settings.state_dir)?;
        std::fs::create_dir_all(&state_dir)
            .with_context(|| format!("the state folder {}", state_dir.display()))?;
        let manifest_path = std::path::absolute(&settings.manifest)?;
        let stores = state_dir.join("key-value.redb");
        let database = Database::open(&stores)
            .with_context(|| format!("{} (is another runtime using this state folder?)", stores.display()))?;
        // After the database is locked: another runtime's copies are not ours to clear.
        let copies = state_dir.join("files");
        if copies.exists() {
            std::fs::remove_dir_all(&copies).with_context(|| format!("clearing {}", copies.display()))?;
        }
        let engine = engine::engine(&settings.cache_dir)?;
        let loader = Arc::new(Loader {
            linker: engine::linker(&engine)?,
            engine,
            root: manifest_path.parent().context("the manifest is in no folder")?.to_owned(),
            manifest_path,
            copies,
            loads: AtomicU64::new(0),
            variables,
            database: Arc::new(database),
            pools: Arc::new(Pools::new(settings.pool)),
            reuse: settings.reuse,
            own_address,
            stopping: Arc::default(),
            manifest,
        });
        let ids: Vec<String> =
            loader.manifest.trigger.http.iter().map(|trigger| trigger.component.clone()).collect();
        let served = load_all(&loader, ids).await?;
        let served =
            served.into_iter().map(|(id, ready)| (id, RwLock::new(ProxyHandler::new(ready)))).collect();
        Ok(Self { loader, routes, served })
    }

    /// The instances of component `id`; a reload does not change what was handed out.
    pub fn handler(&self, id: &str) -> Option<ProxyHandler<Instances>> {
        self.served.get(id).map(|current| current.read().unwrap_or_else(PoisonError::into_inner).clone())
    }

    /// Let `ready` answer from now on. Requests in flight finish where they are.
    pub fn swap(&self, ready: Instances) {
        if let Some(current) = self.served.get(&*ready.component) {
            *current.write().unwrap_or_else(PoisonError::into_inner) = ProxyHandler::new(ready);
        }
    }

    /// Say that the process is about to end, so that instances which end with it are no failures.
    pub fn stopping(&self) {
        self.loader.stopping.store(true, Ordering::Relaxed);
    }

    /// The components that routes name.
    pub fn served(&self) -> impl Iterator<Item = &str> {
        self.served.keys().map(String::as_str)
    }
}

/// Make the components `ids` ready, all at once; each file is read once.
///
/// # Errors
/// The first component that fails.
pub async fn load_all(loader: &Arc<Loader>, ids: Vec<String>) -> Result<BTreeMap<String, Instances>> {
    let sources = Arc::new(Sources::default());
    let mut loading = JoinSet::new();
    let ids: std::collections::BTreeSet<String> = ids.into_iter().collect();
    for id in ids {
        let (loader, sources) = (Arc::clone(loader), Arc::clone(&sources));
        loading.spawn_blocking(move || {
            let start = Instant::now();
            let ready = loader.load(&id, &sources)?;
            tracing::debug!(component = id, ms = millis(start.elapsed()), "ready");
            Ok::<_, anyhow::Error>((id, ready))
        });
    }
    let mut ready = BTreeMap::new();
    while let Some(loaded) = loading.join_next().await {
        let (id, instances) = loaded.context("a component's loader panicked")??;
        ready.insert(id, instances);
    }
    Ok(ready)
}

/// Whole milliseconds.
pub fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
