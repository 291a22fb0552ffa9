//! Hot reload of one component: a saved source runs just the builds whose `watch` globs it matches, a changed
//! .wasm file is compiled beside the old one, and the new component is swapped in when it links. Whatever
//! fails, the old component goes on serving.

mod build;
mod changes;

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
use changes::Watched;

/// A burst of changes is over when nothing came for this long.
const QUIET: Duration = Duration::from_millis(150);

/// Do not wait longer than this for the end of a burst.
const BURST: Duration = Duration::from_secs(2);

/// Watch the sources and .wasm files of `app`'s components until the process ends.
///
/// # Errors
/// A `watch` glob is none, or the system refuses to watch a folder.
pub async fn run(app: Arc<App>) -> Result<()> {
    // Before anything is watched, so that no change falls in between.
    let loaded = hashes(&app.loader);
    let watched = Watched::new(&app.loader)?;
    let (send, mut changes) = mpsc::unbounded_channel();
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
    tracing::info!("watching the sources of {} components", app.loader.manifest.component.len());
    let mut reloader = Reloader { loaded, app, watched };
    reloader.reload().await;
    while let Some(first) = changes.recv().await {
        let mut paths = BTreeSet::from([first]);
        let end = Instant::now() + BURST;
        while Instant::now() < end
            && let Ok(Some(path)) = tokio::time::timeout(QUIET, changes.recv()).await
        {
            paths.insert(path);
        }
        reloader.apply(&paths).await;
    }
    Ok(())
}

struct Reloader {
    app: Arc<App>,
    watched: Watched,
    /// What each component's .wasm file had in it when it was last looked at.
    loaded: BTreeMap<String, u64>,
}

impl Reloader {
    async fn apply(&mut self, paths: &BTreeSet<PathBuf>) {
        if paths.iter().any(|path| self.watched.is_manifest(path)) {
            tracing::warn!("the manifest changed: restart to apply it");
        }
        let to_build = self.watched.to_build(paths);
        if !to_build.is_empty() {
            tracing::info!(
                "sources changed: building {}",
                to_build.iter().cloned().collect::<Vec<_>>().join(", ")
            );
            build::run(&self.app.loader, &to_build).await;
        }
        if !to_build.is_empty() || paths.iter().any(|path| self.watched.is_source(path)) {
            self.reload().await;
        }
    }

    /// Replace the components whose own file, or a dependency's, is another than before.
    async fn reload(&mut self) {
        let now = hashes(&self.app.loader);
        let changed: BTreeSet<&String> =
            now.iter().filter(|(id, hash)| self.loaded.get(*id) != Some(*hash)).map(|(id, _)| id).collect();
        let mut reloads = tokio::task::JoinSet::new();
        for id in self.app.served() {
            if !uses_any(&self.app.loader, id, &changed) {
                continue;
            }
            let (app, id) = (Arc::clone(&self.app), id.to_owned());
            reloads.spawn(async move {
                let start = Instant::now();
                match load_all(&app.loader, vec![id.clone()]).await {
                    Ok(ready) => {
                        for (_, instances) in ready {
                            app.swap(instances);
                        }
                        tracing::info!(component = id, ms = millis(start.elapsed()), "replaced");
                    }
                    Err(error) => {
                        tracing::error!(component = id, "not replaced, the old one serves on: {error:#}")
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
        || component.dependencies.values().any(|dependency| changed.contains(&dependency.component))
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
