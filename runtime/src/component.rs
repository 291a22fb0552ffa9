//! From a manifest entry and its files to a component that is compiled, linked and granted what it may use.

pub mod compiled;
mod compose;
mod denied;
mod source;

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use anyhow::{Context, Result, anyhow, bail};
use wasmtime::Engine;
use wasmtime::component::{Component as Compiled, Linker};
use wasmtime_wasi_http::handler::ProxyPre;

use crate::files::{self, Mount};
use crate::instance::limits::Limits;
use crate::instance::state::State;
use crate::instance::{Instances, ReuseSettings};
use crate::key_value::store::Database;
use crate::manifest::{Component, Dependency, Inherit, Manifest};
use crate::metrics;
use crate::outbound::hosts::AllowedHosts;
use crate::postgres::pool::Pools;
use crate::variables::{ComponentVariables, Variables};
use compiled::CodeCache;
pub use source::Sources;

/// What a component's instances may use.
pub struct Grants {
    /// `spin:variables`.
    pub variables: ComponentVariables,
    /// Outbound HTTP and PostgreSQL.
    pub allowed_hosts: AllowedHosts,
    /// Labels of `spin:key-value`.
    pub key_value_stores: Arc<BTreeSet<String>>,
    /// WASI environment variables.
    pub environment: Vec<(String, String)>,
    /// Folders to read.
    pub mounts: Vec<Mount>,
    /// Where key-value stores are kept.
    pub database: Arc<Database>,
    /// PostgreSQL connections of the process.
    pub pools: Arc<Pools>,
}

/// Makes components ready; keeps what they share.
#[derive(Clone)]
pub struct Loader {
    /// wasmtime.
    pub engine: Engine,
    /// What it compiled.
    pub code: CodeCache,
    /// All that may be imported.
    pub linker: Linker<State>,
    /// The checked manifest.
    pub manifest: Manifest,
    /// Its path, absolute.
    pub manifest_path: PathBuf,
    /// The manifest's folder.
    pub root: PathBuf,
    /// Where copies of `files` go; each load makes its own, since older instances still read theirs.
    pub copies: PathBuf,
    /// Counts the loads.
    pub loads: Arc<AtomicU64>,
    /// Values of the application's variables.
    pub variables: Variables,
    /// Where key-value stores are kept.
    pub database: Arc<Database>,
    /// PostgreSQL connections of the process.
    pub pools: Arc<Pools>,
    /// How instances are reused.
    pub reuse: ReuseSettings,
    /// What each of them may use.
    pub limits: Limits,
    /// Where the application listens.
    pub own_address: SocketAddr,
    /// Set when the process is about to end.
    pub stopping: Arc<AtomicBool>,
}

/// The code of `id` with its dependencies and middleware, out of `code` or compiled now; `root` is the manifest's folder.
///
/// # Errors
/// Those of its files; it cannot be composed, or does not compile.
pub fn compiled<'a>(
    code: &CodeCache,
    manifest: &'a Manifest,
    root: &Path,
    id: &str,
    sources: &Sources,
) -> Result<Compiled> {
    let component = manifest.part(id)?;
    let own = sources.at(&root.join(&component.source))?;
    let part = |name: &'a str, id: &'a str, export: Option<&'a str>, inherit: &'a Inherit| {
        let source = sources.at(&root.join(&manifest.part(id)?.source))?;
        anyhow::Ok(compose::Part { name, component: id, export, inherit, source })
    };
    let dependencies = component.dependencies.iter().map(|(name, dependency)| {
        let Dependency { component, export, inherit_configuration } = dependency;
        part(name, component, export.as_deref(), inherit_configuration)
    });
    let dependencies: Vec<_> = dependencies.collect::<Result<_>>()?;
    let middleware = component
        .middleware
        .iter()
        .map(|middleware| part("middleware", &middleware.component, None, &middleware.inherit_configuration));
    let middleware: Vec<_> = middleware.collect::<Result<_>>()?;
    let made_of = compose::digest(&own, &[&dependencies, &middleware]);
    code.compiled(&made_of, || {
        compose::behind(compose::compose(id, own.bytes()?, &dependencies)?, &middleware)
    })
}

impl Loader {
    /// Read, compose, compile, link and grant. Takes a while: call it where blocking is allowed.
    ///
    /// # Errors
    /// The first thing that is wrong, with the component's id.
    pub fn load(&self, id: &str, sources: &Sources) -> Result<Instances> {
        self.try_load(id, sources).with_context(|| format!("component {id:?}"))
    }

    fn try_load(&self, id: &str, sources: &Sources) -> Result<Instances> {
        let component = self.manifest.part(id)?;
        let version = self.loads.fetch_add(1, Ordering::Relaxed);
        let grants = self.grants(component, &self.copies.join(format!("{id}-{version}")))?;
        let compiled = compiled(&self.code, &self.manifest, &self.root, id, sources)?;
        Ok(Instances {
            component: id.into(),
            version,
            alive: metrics::instances(id),
            made: metrics::made(id),
            pre: self.link(&compiled)?,
            grants: Arc::new(grants),
            reuse: self.reuse,
            limits: self.limits,
            own_address: self.own_address,
            stopping: Arc::clone(&self.stopping),
        })
    }

    /// For another version of the manifest; what the process shares stays.
    #[must_use]
    pub fn of_manifest(&self, manifest: Manifest, variables: Variables) -> Self {
        Self { manifest, variables, ..self.clone() }
    }

    /// Whether `id` and what it depends on are in both manifests, and the same in both.
    pub fn same(&self, other: &Self, id: &str) -> bool {
        let parts = |loader: &Self| -> Option<Vec<Component>> {
            let ids = std::iter::once(id).chain(loader.manifest.component.get(id)?.parts());
            ids.map(|id| loader.manifest.component.get(id).cloned()).collect()
        };
        self.variables == other.variables && parts(self).is_some_and(|own| Some(own) == parts(other))
    }

    fn grants(&self, component: &Component, copies: &Path) -> Result<Grants> {
        Ok(Grants {
            variables: self.variables.of(component).context("variables")?,
            allowed_hosts: AllowedHosts::of(component, &self.variables)?,
            key_value_stores: Arc::new(component.key_value_stores.iter().cloned().collect()),
            environment: component.environment.clone().into_iter().collect(),
            mounts: files::mounts(&component.files, &self.root, copies)?,
            database: Arc::clone(&self.database),
            pools: Arc::clone(&self.pools),
        })
    }

    fn link(&self, compiled: &Compiled) -> Result<ProxyPre<State>> {
        let mut linker = self.linker.clone();
        denied::define(&mut linker, &self.engine, compiled)?;
        let pre = linker.instantiate_pre(compiled).map_err(|error| anyhow!("{}", link_error(&error)))?;
        let ty = compiled.component_type();
        let exports: Vec<&str> = ty.exports(&self.engine).map(|(name, _)| name).collect();
        if exports.iter().any(|export| export.starts_with("wasi:http/handler@0.3")) {
            let pre = wasmtime_wasi_http::p3::bindings::ServicePre::new(pre)?;
            return Ok(ProxyPre::P3(pre));
        }
        if exports.iter().any(|export| export.starts_with("wasi:http/incoming-handler@0.2")) {
            let pre = wasmtime_wasi_http::p2::bindings::ProxyPre::new(pre)?;
            return Ok(ProxyPre::P2(pre));
        }
        bail!("it exports no wasi:http handler, so it can't answer a route")
    }
}

/// What the linker says, and what to do about it if an interface has no provider.
fn link_error(error: &wasmtime::Error) -> String {
    let text = format!("{error:#}");
    let hint = match text.contains("was not found") || text.contains("not found in the linker") {
        true => {
            "; wire it in [component.<id>.dependencies], or it is an interface that this runtime does not offer"
        }
        false => "",
    };
    format!("{text}{hint}")
}
