//! Hot reload of one component: a saved source runs just the builds whose `watch` globs it matches, a changed
//! .wasm file is compiled beside the old one, and the new component is swapped in when it links. A changed manifest
//! adds, removes and rewires components the same way. Whatever fails, what was there goes on serving.

mod build;
mod changes;
mod failures;

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use notify::{RecursiveMode, Watcher};
use tokio::sync::mpsc;

use crate::app::{App, load_all, millis};
use crate::component::Loader;
use crate::metrics;
use changes::Watched;
pub use failures::Failures;

/// A burst of changes is over when nothing came for this long.
const QUIET: Duration = Duration::from_millis(150);

/// Do not wait longer than this for the end of a burst.
const BURST: Duration = Duration::from_secs(2);

/// Watch the manifest, the sources and the .wasm files of `app` until the process ends.
///
/// # Errors
/// A `watch` glob is none, or the system refuses to watch a folder.
pub async fn run(app: Arc<App>) -> Result<()> {
    // Before anything is watched, so that no change falls in between.
    let mut reloader = Reloader { loaded: hashes(&app.serving().loader), app };
    let mut paths = BTreeSet::new();
    loop {
        let loader = Arc::clone(&reloader.app.serving().loader);
        let watched = Watched::new(&loader)?;
        let (_watcher, mut changes) = watch(&watched)?;
        tracing::info!("watching the sources of {} components", loader.manifest.component.len());
        // What was saved together with a manifest, by its globs; and what changed before anything was watched.
        reloader.apply(&watched, &paths).await;
        reloader.reload().await;
        loop {
            paths = burst(&mut changes).await;
            if paths.iter().any(|path| watched.is_manifest(path)) && reloader.take_manifest().await {
                break;
            }
            reloader.apply(&watched, &paths).await;
        }
    }
}

/// What changes from now on.
fn watch(watched: &Watched) -> Result<(impl Watcher + use<>, mpsc::UnboundedReceiver<PathBuf>)> {
    let (send, changes) = mpsc::unbounded_channel();
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| match event {
        Ok(event) if !event.kind.is_access() => {
            for path in event.paths {
                _ = send.send(path);
            }
        }
        Ok(_) => {}
        Err(error) => tracing::warn!("watching: {error}"),
    })?;
    for (folder, deep) in watched.folders() {
        let mode = if *deep { RecursiveMode::Recursive } else { RecursiveMode::NonRecursive };
        watcher.watch(folder, mode).with_context(|| format!("can't watch {}", folder.display()))?;
    }
    Ok((watcher, changes))
}

/// The paths of one burst of changes; for ever if there is none any more.
async fn burst(changes: &mut mpsc::UnboundedReceiver<PathBuf>) -> BTreeSet<PathBuf> {
    let Some(first) = changes.recv().await else { return std::future::pending().await };
    let mut paths = BTreeSet::from([first]);
    let end = Instant::now() + BURST;
    while Instant::now() < end
        && let Ok(Some(path)) = tokio::time::timeout(QUIET, changes.recv()).await
    {
        paths.insert(path);
    }
    paths
}

struct Reloader {
    app: Arc<App>,
    /// What each component's .wasm file had in it when it was last looked at.
    loaded: BTreeMap<String, u64>,
}

impl Reloader {
    async fn apply(&mut self, watched: &Watched, paths: &BTreeSet<PathBuf>) {
        let to_build = watched.to_build(paths);
        if !to_build.is_empty() {
            self.build(&self.app.serving().loader, &to_build, paths).await;
        }
        if !to_build.is_empty() || paths.iter().any(|path| watched.is_source(path)) {
            self.reload().await;
        }
    }

    async fn build(&self, loader: &Loader, ids: &BTreeSet<String>, because: &BTreeSet<PathBuf>) {
        let names = ids.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
        let saved =
            because.iter().map(|path| path.strip_prefix(&loader.root).unwrap_or(path).display().to_string());
        tracing::info!("{} changed: building {names}", saved.collect::<Vec<_>>().join(", "));
        let mut failures = build::run(loader, ids).await;
        for id in ids {
            self.app.failures.set(id, failures.remove(id));
        }
    }

    /// Serve the manifest as it is now; whether that went well.
    async fn take_manifest(&mut self) -> bool {
        let start = Instant::now();
        let taken = async {
            let next = self.app.next_manifest()?;
            let changed = next.changed.clone();
            let missing = |id: &String| {
                let component = next.loader.manifest.component.get(id);
                component.is_some_and(|component| !next.loader.root.join(&component.source).exists())
            };
            let to_build: BTreeSet<String> =
                next.loader.manifest.component.keys().filter(|id| missing(id)).cloned().collect();
            if !to_build.is_empty() {
                self.build(&next.loader, &to_build, &BTreeSet::from([next.loader.manifest_path.clone()]))
                    .await;
            }
            let found = hashes(&next.loader);
            self.app.take(next).await?;
            // Of the others, what was loaded is what was loaded: their files may have changed in the same moment.
            found.into_iter().for_each(|(id, hash)| _ = self.loaded.entry(id).or_insert(hash));
            anyhow::Ok(changed)
        };
        match taken.await {
            Ok(changed) => {
                let changed = changed.into_iter().collect::<Vec<_>>().join(", ");
                tracing::info!(changed, ms = millis(start.elapsed()), "the manifest is served as it is now");
                self.app.failures.manifest_taken(&self.app.serving().loader.manifest);
                true
            }
            Err(error) => {
                tracing::error!("the manifest is not taken, the old one serves on: {error:#}");
                self.app.failures.set_manifest(format!("{error:#}"));
                false
            }
        }
    }

    /// Replace the components whose own file, or a dependency's, is another than before.
    async fn reload(&mut self) {
        let serving = self.app.serving();
        let now = hashes(&serving.loader);
        let changed: BTreeSet<&String> =
            now.iter().filter(|(id, hash)| self.loaded.get(*id) != Some(*hash)).map(|(id, _)| id).collect();
        let mut reloads = tokio::task::JoinSet::new();
        for (id, _) in serving.components() {
            if !uses_any(&serving.loader, id, &changed) {
                continue;
            }
            let (app, loader, id) = (Arc::clone(&self.app), Arc::clone(&serving.loader), id.to_owned());
            reloads.spawn(async move {
                let start = Instant::now();
                match load_all(&loader, BTreeSet::from([id.clone()])).await {
                    Ok(ready) => {
                        app.swap(ready);
                        tracing::info!(component = id, ms = millis(start.elapsed()), "replaced");
                        metrics::reloaded(&id, true);
                        app.failures.set(&id, None);
                    }
                    Err(error) => {
                        tracing::error!(component = id, "not replaced, the old one serves on: {error:#}");
                        metrics::reloaded(&id, false);
                        app.failures.set(&id, Some(format!("{error:#}")));
                    }
                }
            });
        }
        while reloads.join_next().await.is_some() {}
        self.loaded.extend(now);
    }
}

fn uses_any(loader: &Loader, id: &str, changed: &BTreeSet<&String>) -> bool {
    let Some(component) = loader.manifest.component.get(id) else { return false };
    changed.iter().any(|other| *other == id)
        || component.parts().any(|part| changed.iter().any(|other| *other == part))
}

/// What the components' files have in them; files that can't be read now are left out.
fn hashes(loader: &Loader) -> BTreeMap<String, u64> {
    let hash = |path: &Path| {
        let mut hasher = DefaultHasher::new();
        std::fs::read(path).ok()?.hash(&mut hasher);
        Some(hasher.finish())
    };
    let components = loader.manifest.component.iter();
    components
        .filter_map(|(id, component)| Some((id.clone(), hash(&loader.root.join(&component.source))?)))
        .collect()
}
