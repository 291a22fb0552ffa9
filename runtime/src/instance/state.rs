//! What the host keeps for one instance of a component.

use std::net::SocketAddr;
use std::sync::Arc;

use wasmtime::component::ResourceTable;
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};
use wasmtime_wasi_http::{WasiHttpCtx, WasiHttpCtxView, WasiHttpView};

use super::limits::{Limits, Meter};
use super::output::Output;
use crate::component::Grants;
use crate::key_value::{KeyValue, KeyValueView};
use crate::outbound::http::OutboundHttp;
use crate::postgres::{Postgres, PostgresView};
use crate::variables::ComponentVariables;

/// The data of a store.
pub struct State {
    wasi: WasiCtx,
    http: WasiHttpCtx,
    outbound: OutboundHttp,
    table: ResourceTable,
    /// Values for `spin:variables`.
    pub variables: ComponentVariables,
    key_value: KeyValue,
    postgres: Postgres,
    /// What it has used.
    pub meter: Meter,
}

impl State {
    /// For a fresh instance of the component that has `grants`.
    ///
    /// # Errors
    /// A folder to be mounted is gone.
    pub fn new(
        component: &Arc<str>,
        grants: &Grants,
        limits: Limits,
        own_address: SocketAddr,
    ) -> wasmtime::Result<Self> {
        let mut wasi = WasiCtx::builder();
        wasi.stdout(Output::stdout(component)).stderr(Output::stderr(component));
        for (name, value) in &grants.environment {
            wasi.env(name, value);
        }
        for mount in &grants.mounts {
            mount.add_to(&mut wasi)?;
        }
        let mut table = ResourceTable::new();
        table.set_max_capacity(limits.handles);
        Ok(Self {
            wasi: wasi.build(),
            http: WasiHttpCtx::new(),
            outbound: OutboundHttp::new(component, grants.allowed_hosts.clone(), own_address),
            table,
            variables: grants.variables.clone(),
            key_value: KeyValue::new(Arc::clone(&grants.key_value_stores), Arc::clone(&grants.database)),
            postgres: Postgres::new(grants.allowed_hosts.clone(), Arc::clone(&grants.pools)),
            meter: Meter::new(component, limits),
        })
    }

    /// For the linker.
    pub fn key_value(&mut self) -> KeyValueView<'_> {
        KeyValueView { state: &mut self.key_value, table: &mut self.table }
    }

    /// For the linker.
    pub fn postgres(&mut self) -> PostgresView<'_> {
        PostgresView { state: &mut self.postgres, table: &mut self.table }
    }
}

impl WasiView for State {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView { ctx: &mut self.wasi, table: &mut self.table }
    }
}

impl WasiHttpView for State {
    fn http(&mut self) -> WasiHttpCtxView<'_> {
        WasiHttpCtxView { hooks: &mut self.outbound, table: &mut self.table, ctx: &mut self.http }
    }
}
