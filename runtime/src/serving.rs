//! What answers now: routes, and the instances of each component that a route names. A reload makes the next one beside
//! it and changes over between two requests.

use std::collections::BTreeMap;
use std::sync::Arc;

use tokio_util::sync::CancellationToken;
use wasmtime_wasi_http::handler::ProxyHandler;

use crate::component::Loader;
use crate::instance::Instances;
use crate::instance::limits::Gate;
use crate::metrics::Metrics;
use crate::routes::Routes;

/// One state of the application.
pub struct Serving {
    /// The manifest, and what makes its components ready.
    pub loader: Arc<Loader>,
    /// All routes.
    pub routes: Arc<Routes>,
    components: BTreeMap<String, Served>,
}

/// A component that answers.
#[derive(Clone)]
pub struct Served {
    /// Its instances.
    pub handler: ProxyHandler<Instances>,
    /// The same after a reload: what is in flight counts on.
    pub gate: Arc<Gate>,
    /// The same after a reload, too.
    pub metrics: Arc<Metrics>,
    /// Tells it from what the same component was before.
    version: u64,
    /// Cancelled when it answers no more: its streams of events end, so that their readers come again.
    pub over: CancellationToken,
}

impl Serving {
    /// With these components.
    pub fn new(loader: Arc<Loader>, routes: Routes, ready: BTreeMap<String, Instances>) -> Self {
        let empty = Self { loader, routes: Arc::new(routes), components: BTreeMap::new() };
        empty.with(ready)
    }

    /// What answers for component `id`.
    pub fn component(&self, id: &str) -> Option<&Served> {
        self.components.get(id)
    }

    /// The components that routes name.
    pub fn components(&self) -> impl Iterator<Item = (&String, &Served)> {
        self.components.iter()
    }

    /// The same with these components in the place of their old versions.
    #[must_use]
    pub fn with(&self, ready: BTreeMap<String, Instances>) -> Self {
        let mut components = self.components.clone();
        for (id, instances) in ready {
            let (gate, metrics) = match components.get(&id) {
                Some(before) => (Arc::clone(&before.gate), Arc::clone(&before.metrics)),
                None => (Arc::new(Gate::new(&id, instances.limits)), Arc::new(Metrics::new(&id))),
            };
            let served = Served {
                version: instances.version,
                handler: ProxyHandler::new(instances),
                gate,
                metrics,
                over: CancellationToken::new(),
            };
            components.insert(id, served);
        }
        Self { loader: Arc::clone(&self.loader), routes: Arc::clone(&self.routes), components }
    }

    /// Of another manifest: `ready`, and of the others those that its routes name still.
    #[must_use]
    pub fn of_manifest(
        &self,
        loader: Arc<Loader>,
        routes: Routes,
        ready: BTreeMap<String, Instances>,
    ) -> Self {
        let routed = loader.manifest.routed();
        let components = self
            .components
            .iter()
            .filter(|(id, _)| routed.contains(*id))
            .map(|(id, served)| (id.clone(), served.clone()));
        let kept = Self { loader, routes: Arc::new(routes), components: components.collect() };
        kept.with(ready)
    }

    /// Tell the streams of what answers no more now that `next` does.
    pub fn replaced_by(&self, next: &Self) {
        for (id, served) in &self.components {
            if next.component(id).is_none_or(|next| next.version != served.version) {
                served.over.cancel();
            }
        }
    }
}
