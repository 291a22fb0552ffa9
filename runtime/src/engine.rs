//! wasmtime as every component uses it: pooled memory, and one linker with all that a component may import.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use wasmtime::component::Linker;
use wasmtime::{Config, Engine, InstanceAllocationStrategy, PoolingAllocationConfig};

use crate::bindings::{key_value, postgres, variables};
use crate::component::compiled::Functions;
use crate::instance::state::State;
use crate::key_value::HasKeyValue;
use crate::postgres::HasPostgres;
use crate::variables::ComponentVariables;

/// Memories of a component instance: a composed component has one for each part, and some core instances.
const MEMORIES: u32 = 4;

/// What a guest's memory may grow to, in bytes.
const MEMORY_LIMIT: usize = 512 << 20;

/// How often a guest that computes lets others run.
pub const TICK: Duration = Duration::from_millis(10);

/// The engine, for so many component instances at once, over all components.
///
/// # Errors
/// The pool can't be reserved: each memory takes 4 GiB of addresses, so that no access to one has to be checked.
pub fn engine(instances: u32) -> Result<Engine> {
    let memories = instances.saturating_mul(MEMORIES);
    let mut pool = PoolingAllocationConfig::default();
    pool.total_component_instances(instances)
        .total_core_instances(memories.saturating_mul(5))
        .total_memories(memories)
        .total_tables(memories.saturating_mul(2))
        .total_stacks(memories)
        .max_core_instances_per_component(200)
        .max_memories_per_component(20)
        .max_tables_per_component(40)
        .max_component_instance_size(1 << 20)
        .max_core_instance_size(1 << 20)
        .table_elements(100_000)
        .max_memory_size(MEMORY_LIMIT)
        .linear_memory_keep_resident(256 << 10)
        .table_keep_resident(16 << 10);
    let mut config = Config::new();
    config
        .wasm_component_model_async(true)
        .epoch_interruption(true)
        // For debuggers from outside; wasmtime's own backtraces do without, and it is a tenth of what is mapped at rest.
        .native_unwind_info(false)
        .allocation_strategy(InstanceAllocationStrategy::Pooling(pool));
    config.enable_incremental_compilation(Arc::new(Functions::default()))?;
    let engine = Engine::new(&config).map_err(anyhow::Error::from).context("wasmtime can't start")?;
    let ticking = engine.weak();
    std::thread::spawn(move || {
        while let Some(engine) = ticking.upgrade() {
            engine.increment_epoch();
            drop(engine);
            std::thread::sleep(TICK);
        }
    });
    Ok(engine)
}

/// All that a component may import: WASI 0.2 (which Rust's std uses), WASI 0.3, and Spin's interfaces.
///
/// # Errors
/// Only if two of them clash, which is a mistake of this crate.
pub fn linker(engine: &Engine) -> Result<Linker<State>> {
    let mut linker = Linker::<State>::new(engine);
    wasmtime_wasi::p2::add_to_linker_async(&mut linker)?;
    wasmtime_wasi::p3::add_to_linker(&mut linker)?;
    wasmtime_wasi_http::p2::add_only_http_to_linker_async(&mut linker)?;
    wasmtime_wasi_http::p3::add_to_linker(&mut linker)?;
    variables::add_to_linker::<_, ComponentVariables>(&mut linker, |state| &mut state.variables)?;
    key_value::add_to_linker::<_, HasKeyValue>(&mut linker, State::key_value)?;
    postgres::add_to_linker::<_, HasPostgres>(&mut linker, State::postgres)?;
    Ok(linker)
}
