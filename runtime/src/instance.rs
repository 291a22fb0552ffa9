//! How long an instance of a component lives and how many requests it takes, told to wasmtime's
//! `ProxyHandler`, which does the dispatch.

pub mod limits;
mod output;
pub mod state;

use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use metrics::{Counter, Gauge};
use tokio::time::Sleep;
use wasmtime::component::GuestTaskId;
use wasmtime::{Store, StoreContextMut, WasmBacktrace};
use wasmtime_wasi_http::WasiHttpView;
use wasmtime_wasi_http::handler::{
    HandlerState, Instance, ProxyPre, ShouldAccept, WorkerExpiration, WorkerState, WorkerStatus,
};

use crate::component::Grants;
use crate::metrics::Counted;
use limits::Limits;
use state::State;

/// Functions of the guest that a trap's line in the log names.
const FRAMES: usize = 6;

/// How instances are reused; the defaults are Spin's but for the requests: it takes 128 (docs/adr/0011). `xtask` tells a real
/// Spin ours.
#[derive(Debug, Clone, Copy)]
pub struct ReuseSettings {
    /// Requests that an instance serves before it is dropped.
    pub requests: usize,
    /// Requests that it serves at once.
    pub at_once: usize,
    /// How long it may be idle.
    pub idle: Duration,
}

impl Default for ReuseSettings {
    fn default() -> Self {
        Self { requests: 4096, at_once: 16, idle: Duration::from_secs(1) }
    }
}

/// A component that is ready to make instances.
pub struct Instances {
    /// Its id.
    pub component: Arc<str>,
    /// Which load made it; no two have the same.
    pub version: u64,
    /// Counts its instances; older versions' as well, until they end.
    pub alive: Gauge,
    /// Counts all that were made.
    pub made: Counter,
    /// Compiled and linked.
    pub pre: ProxyPre<State>,
    /// What it may use.
    pub grants: Arc<Grants>,
    /// How its instances are reused.
    pub reuse: ReuseSettings,
    /// What each of them may use.
    pub limits: Limits,
    /// Where the application listens.
    pub own_address: SocketAddr,
    /// Set when the process is about to end.
    pub stopping: Arc<AtomicBool>,
}

impl HandlerState for Instances {
    type StoreData = State;
    type WorkerExpiration = Expiration;
    type WorkerState = Worker;

    async fn instantiate(&self) -> wasmtime::Result<Instance<State, Expiration, Worker>> {
        // As in Spin, an instance of a WASI 0.2 component serves one request, whatever the settings say.
        let (engine, reuse) = match &self.pre {
            ProxyPre::P3(pre) => (pre.engine(), self.reuse),
            ProxyPre::P2(pre) => (pre.engine(), ReuseSettings { requests: 1, at_once: 1, ..self.reuse }),
        };
        let state = State::new(&self.component, &self.grants, self.limits, self.own_address)?;
        let mut store = Store::new(engine, state);
        limits::meter(&mut store);
        let proxy = self.pre.instantiate_async(&mut store).await?;
        self.made.increment(1);
        Ok(Instance {
            store,
            proxy,
            view: WasiHttpView::http,
            expiration: Expiration { idle: reuse.idle, sleep: Box::pin(tokio::time::sleep(reuse.idle)) },
            state: Worker {
                component: Arc::clone(&self.component),
                _alive: Counted::new(&self.alive),
                reuse,
                stopping: Arc::clone(&self.stopping),
            },
        })
    }
}

/// Ends an instance that is idle.
pub struct Expiration {
    idle: Duration,
    sleep: Pin<Box<Sleep>>,
}

impl WorkerExpiration for Expiration {
    fn poll(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        status: WorkerStatus,
        start: Instant,
    ) -> Poll<()> {
        // As in Spin, a request may take as long as it takes.
        if status != WorkerStatus::Idle {
            return Poll::Pending;
        }
        let deadline = tokio::time::Instant::from_std(start + self.idle);
        if self.sleep.deadline() != deadline {
            self.sleep.as_mut().reset(deadline);
        }
        self.sleep.as_mut().poll(context)
    }
}

/// Counts what an instance may still take, and reports how it ended.
pub struct Worker {
    component: Arc<str>,
    _alive: Counted,
    reuse: ReuseSettings,
    stopping: Arc<AtomicBool>,
}

impl WorkerState for Worker {
    type StoreData = State;
    type RequestData = ();

    fn should_accept_request(&self, concurrent_count: usize, total_count: usize) -> ShouldAccept {
        if total_count >= self.reuse.requests {
            ShouldAccept::Never
        } else if concurrent_count >= self.reuse.at_once {
            ShouldAccept::No
        } else {
            ShouldAccept::Yes
        }
    }

    fn on_request_start(
        &self,
        _: StoreContextMut<'_, State>,
        (): (),
        _: GuestTaskId,
    ) -> Pin<Box<dyn Future<Output = ()> + 'static + Send + Sync>> {
        Box::pin(std::future::pending())
    }

    fn drop(&self, store: Store<State>, result: Result<(), wasmtime::Error>) {
        // At a stop, instances end where they are.
        if let Err(error) = result
            && !self.stopping.load(Ordering::Relaxed)
        {
            tracing::error!(component = &*self.component, "an instance failed: {}", one_line(&error));
        }
        drop(store);
    }
}

/// What went wrong, and where in the guest if it was there, as one line of the log.
pub fn one_line(error: &wasmtime::Error) -> String {
    let cause = error.root_cause().to_string();
    let Some(trace) = error.downcast_ref::<WasmBacktrace>() else {
        let text = format!("{error:#}");
        return if text.contains(&cause) { text } else { format!("{text}: {cause}") }.replace('\n', " ");
    };
    let names = trace.frames().iter().filter_map(|frame| frame.func_name());
    let names: Vec<_> = names
        .map(|name| format!("{:#}", rustc_demangle::demangle(name)))
        .filter(|name| !name.contains("std::") && !name.contains("rust_") && !name.contains("wit_bindgen"))
        .take(FRAMES)
        .collect();
    format!("{} (in {})", cause.replace('\n', " "), names.join(" < "))
}
