//! The application from its start on, through every change of its components and its manifest.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use futures::stream::{self, StreamExt as _, TryStreamExt as _};

use crate::component::compiled::CodeCache;
use crate::component::{self, Loader, Sources};
use crate::engine;
use crate::instance::limits::Limits;
use crate::instance::{Instances, ReuseSettings};
use crate::key_value::store::Database;
use crate::manifest;
use crate::postgres::pool::{PoolSettings, Pools};
use crate::routes::Routes;
use crate::serving::Serving;
use crate::traces::Traces;
use crate::variables::Variables;
use crate::watch::Failures;

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
    /// What a component may use.
    pub limits: Limits,
    /// Limits of each PostgreSQL pool.
    pub pool: PoolSettings,
    /// Where spans of requests go.
    pub traces: Option<Traces>,
}

/// A running application.
pub struct App {
    current: RwLock<Arc<Serving>>,
    environment: Environment,
    /// Where spans of requests go.
    pub traces: Option<Traces>,
    /// What could not be built or taken over, while files are watched.
    pub failures: Failures,
}

/// Gives environment variables.
type Environment = Box<dyn Fn(&str) -> Option<String> + Send + Sync>;

impl App {
    /// Read the manifest and make all its components ready; `environment` gives environment variables, and
    /// the application will listen at `own_address`.
    ///
    /// # Errors
    /// Anything that is wrong with the manifest, a variable, a component or the state folder.
    pub async fn start(
        settings: &Settings,
        own_address: SocketAddr,
        environment: impl Fn(&str) -> Option<String> + Send + Sync + 'static,
    ) -> Result<Self> {
        let manifest = manifest::load(&settings.manifest)?;
        let routes = Routes::new(&manifest.trigger.http)?;
        let variables = Variables::resolve(&manifest.variables, &environment)?;
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
        let engine = engine::engine(settings.limits.instances)?;
        let loader = Arc::new(Loader {
            code: CodeCache::new(&engine, &settings.cache_dir)?,
            linker: engine::linker(&engine)?,
            engine,
            root: manifest_path.parent().context("the manifest is in no folder")?.to_owned(),
            manifest_path,
            copies,
            loads: Arc::default(),
            variables,
            database: Arc::new(database),
            pools: Arc::new(Pools::new(settings.pool)),
            reuse: settings.reuse,
            limits: settings.limits,
            own_address,
            stopping: Arc::default(),
            manifest,
        });
        let ready = load_all(&loader, loader.manifest.routed()).await?;
        loader.code.prune();
        Ok(Self {
            current: RwLock::new(Arc::new(Serving::new(loader, routes, ready))),
            environment: Box::new(environment),
            traces: settings.traces.clone(),
            failures: Failures::default(),
        })
    }

    /// What answers now; a reload does not change what was handed out.
    pub fn serving(&self) -> Arc<Serving> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Let these components answer from now on. Requests in flight finish where they are.
    pub fn swap(&self, ready: BTreeMap<String, Instances>) {
        self.change(|serving| serving.with(ready));
    }

    fn change(&self, next: impl FnOnce(&Serving) -> Serving) {
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        let next = Arc::new(next(&current));
        let before = std::mem::replace(&mut *current, next);
        before.replaced_by(&current);
    }

    /// The manifest as its file has it now, beside the one that is served.
    ///
    /// # Errors
    /// Anything that is wrong with it, or with a variable.
    pub fn next_manifest(&self) -> Result<Next> {
        let before = self.serving();
        let manifest = manifest::load(&before.loader.manifest_path)?;
        let routes = Routes::new(&manifest.trigger.http)?;
        let variables = Variables::resolve(&manifest.variables, &self.environment)?;
        let loader = Arc::new(before.loader.of_manifest(manifest, variables));
        let routed = loader.manifest.routed();
        let changed = routed.into_iter().filter(|id| !loader.same(&before.loader, id)).collect();
        Ok(Next { loader, routes, changed })
    }

    /// Serve another manifest; components that are the same in both go on as they are.
    ///
    /// # Errors
    /// The first component that cannot be made ready; nothing changes then.
    pub async fn take(&self, next: Next) -> Result<()> {
        let ready = load_all(&next.loader, next.changed).await?;
        self.change(|serving| serving.of_manifest(next.loader, next.routes, ready));
        Ok(())
    }

    /// End streams of events, which would not end by themselves.
    pub fn end_streams(&self) {
        self.serving().components().for_each(|(_, served)| served.over.cancel());
    }

    /// Say that the process is about to end, so that instances which end with it are no failures.
    pub fn stopping(&self) {
        self.serving().loader.stopping.store(true, Ordering::Relaxed);
    }
}

/// A manifest that could be served.
pub struct Next {
    /// For its components.
    pub loader: Arc<Loader>,
    routes: Routes,
    /// The components with routes that are new, or not what they were.
    pub changed: BTreeSet<String>,
}

/// Make the components `ids` ready.
///
/// # Errors
/// The first component that fails.
pub async fn load_all(loader: &Arc<Loader>, ids: BTreeSet<String>) -> Result<BTreeMap<String, Instances>> {
    let (loader, sources) = (Arc::clone(loader), Sources::default());
    side_by_side(ids, move |id| {
        let start = Instant::now();
        let ready = loader.load(id, &sources)?;
        tracing::debug!(component = id, ms = millis(start.elapsed()), "ready");
        Ok(ready)
    })
    .await
}

/// `work` for each of the components `ids`, as many at once as there are cores: more would not be faster, but each takes
/// memory to compile in.
async fn side_by_side<T: Send + 'static>(
    ids: BTreeSet<String>,
    work: impl Fn(&str) -> Result<T> + Send + Sync + 'static,
) -> Result<BTreeMap<String, T>> {
    let work = Arc::new(work);
    let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
    let working = ids.into_iter().map(|id| {
        let work = Arc::clone(&work);
        let work = move || work(&id).map(|done| (id, done));
        async { tokio::task::spawn_blocking(work).await.context("a component's loader panicked")? }
    });
    stream::iter(working).buffer_unordered(cores).try_collect().await
}

/// Compile all that `manifest` serves into the cache; what is there already costs nothing.
///
/// # Errors
/// Anything that is wrong with the manifest, a component or the cache's folder.
pub async fn compile(manifest: &Path, cache_dir: &Path) -> Result<()> {
    let root = std::path::absolute(beside(manifest))?;
    let manifest = manifest::load(manifest)?;
    // Nothing runs on this engine.
    let code = CodeCache::new(&engine::engine(1)?, cache_dir)?;
    let sources = Sources::default();
    let ids = manifest.routed();
    side_by_side(ids, move |id| component::compiled(&code, &manifest, &root, id, &sources).map(drop)).await?;
    Ok(())
}

/// The folder that a manifest is in.
pub fn beside(manifest: &Path) -> &Path {
    manifest.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Whole milliseconds.
pub fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
