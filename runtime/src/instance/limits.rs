//! What an instance may use, and how many requests a component may have at once: whoever goes beyond it is stopped, or
//! waits, and nobody else notices.

use std::num::NonZero;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use metrics::Gauge;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, SemaphorePermit};
use wasmtime::{CallHook, ResourceLimiter, Store, UpdateDeadline, format_err};

use super::state::State;
use crate::engine::TICK;
use crate::postgres::pool::PoolSettings;

/// The limits of every component, and of all together.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Memory of an instance, all its parts together, in bytes.
    pub memory: usize,
    /// For how long it may compute without once waiting for something.
    pub compute: Duration,
    /// What it may hold open: requests, bodies, streams, connections.
    pub handles: usize,
    /// Instances of all components together.
    pub instances: u32,
    /// Requests that a component may have in flight, each until the end of its answer.
    pub requests: usize,
    /// Requests that its guests work on at once, each until its answer begins: more would only share the same cores and
    /// connections, in more instances. The others wait in the order of their coming.
    pub running: usize,
}

impl Default for Limits {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
        Self {
            memory: 512 << 20,
            compute: Duration::from_secs(10),
            handles: 10_000,
            instances: 1_000,
            requests: 1_000,
            running: (RUNNING * cores).max(PoolSettings::default().max_connections),
        }
    }
}

/// Requests at once for each core. By measurement on two: without a limit less is answered, and half as many make no
/// difference; guests that wait may need them.
const RUNNING: usize = 8;

/// How long a request waits for its turn: those before it may wait themselves, for something slow, with cores idle.
const PATIENCE: Duration = Duration::from_millis(250);

/// Bytes of a result that the host holds for a guest at once, as in Spin.
const BUFFERED_BYTES: usize = 128 << 20;

/// Whether the host may hold so many bytes for a guest.
///
/// # Errors
/// Spin's words for it.
pub fn check_size(bytes: usize) -> Result<(), String> {
    match bytes <= BUFFERED_BYTES {
        true => Ok(()),
        false => Err(format!("query result exceeds limit of {BUFFERED_BYTES} bytes")),
    }
}

/// Measures one instance.
pub struct Meter {
    component: Arc<str>,
    limits: Limits,
    memory: usize,
    /// How often the clock ticked while the guest computed, since it last waited.
    ticks: u32,
}

impl Meter {
    /// Of an instance that has used nothing.
    pub fn new(component: &Arc<str>, limits: Limits) -> Self {
        Self { component: Arc::clone(component), limits, memory: 0, ticks: 0 }
    }

    fn tick(&mut self) -> wasmtime::Result<UpdateDeadline> {
        self.ticks += 1;
        if TICK * self.ticks > self.limits.compute {
            return Err(format_err!(
                "it computed for {} ms without waiting once (--max-compute-ms)",
                self.limits.compute.as_millis()
            ));
        }
        // Let others run.
        Ok(UpdateDeadline::Yield(1))
    }
}

impl ResourceLimiter for Meter {
    fn memory_growing(&mut self, now: usize, wanted: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        let memory = self.memory + (wanted - now);
        let granted = memory <= self.limits.memory;
        if granted {
            self.memory = memory;
        } else {
            tracing::error!(
                component = &*self.component,
                "an instance was refused memory: it would have {memory} bytes of {} (--max-instance-memory)",
                self.limits.memory
            );
        }
        Ok(granted)
    }

    fn table_growing(&mut self, _: usize, _: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        // The pool of the engine bounds them.
        Ok(true)
    }
}

/// Hold `store` to its meter.
pub fn meter(store: &mut Store<State>) {
    store.limiter(|state| &mut state.meter);
    store.set_epoch_deadline(1);
    store.epoch_deadline_callback(|mut context| context.data_mut().meter.tick());
    store.call_hook(|mut context, hook| {
        // Back in the host's event loop: it waits, or has nothing to do.
        if matches!(hook, CallHook::ReturningFromWasm) {
            context.data_mut().meter.ticks = 0;
        }
        Ok(())
    });
}

/// Lets so many requests of a component in at once, and fewer to its guests.
pub struct Gate {
    component: String,
    free: Arc<Semaphore>,
    requests: usize,
    turns: Semaphore,
    inside: Gauge,
    /// Whether somebody was refused since half of it was free.
    full: AtomicBool,
}

/// The right to be in, until it is dropped.
pub struct Inside {
    _permit: OwnedSemaphorePermit,
    inside: Gauge,
}

impl Drop for Inside {
    fn drop(&mut self) {
        self.inside.decrement(1);
    }
}

impl Gate {
    /// For the requests of `component`.
    pub fn new(component: &str, limits: Limits) -> Self {
        Self {
            component: component.to_owned(),
            free: Arc::new(Semaphore::new(limits.requests)),
            requests: limits.requests,
            turns: Semaphore::new(limits.running),
            inside: crate::metrics::in_flight(component),
            full: AtomicBool::new(false),
        }
    }

    /// None when it is full, which is logged once.
    pub fn enter(&self) -> Option<Inside> {
        let Ok(permit) = Arc::clone(&self.free).try_acquire_owned() else {
            if !self.full.swap(true, Ordering::Relaxed) {
                tracing::warn!(
                    component = self.component,
                    "{} requests are in flight: more are refused (--max-requests)",
                    self.requests
                );
            }
            return None;
        };
        if self.free.available_permits() >= self.requests / 2 {
            self.full.store(false, Ordering::Relaxed);
        }
        self.inside.increment(1);
        Some(Inside { _permit: permit, inside: self.inside.clone() })
    }

    /// Wait for a guest to be asked, in the order of coming; it is the next one's turn when this is dropped. None when it
    /// took too long, and one more does no harm.
    pub async fn turn(&self) -> Option<SemaphorePermit<'_>> {
        tokio::time::timeout(PATIENCE, self.turns.acquire()).await.ok()?.ok()
    }
}
