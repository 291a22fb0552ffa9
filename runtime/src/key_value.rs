//! `spin:key-value`: stores by label in one embedded database file of the state folder.

pub mod store;

use std::collections::BTreeSet;
use std::sync::Arc;

use wasmtime::component::{Accessor, FutureReader, HasData, Resource, ResourceTable, StreamReader};

use crate::bindings::key_value::{self, Error, Host, HostStore, HostStoreWithStore};
use crate::instance::limits::check_size;
use store::Database;

/// How many stores an instance may have open at once, as in Spin.
const OPEN_STORES: usize = 256;

/// The key-value side of one instance.
pub struct KeyValue {
    granted: Arc<BTreeSet<String>>,
    database: Arc<Database>,
    open: usize,
}

impl KeyValue {
    /// For a component that may open the `granted` labels.
    pub fn new(granted: Arc<BTreeSet<String>>, database: Arc<Database>) -> Self {
        Self { granted, database, open: 0 }
    }
}

/// What the host functions reach of an instance.
pub struct KeyValueView<'a> {
    /// Grants and database.
    pub state: &'a mut KeyValue,
    /// Holds each open store's label.
    pub table: &'a mut ResourceTable,
}

/// Marks the access for the linker.
pub struct HasKeyValue;

impl HasData for HasKeyValue {
    type Data<'a> = KeyValueView<'a>;
}

impl Host for KeyValueView<'_> {
    fn convert_error(&mut self, error: Error) -> wasmtime::Result<Error> {
        Ok(error)
    }
}

impl HostStore for KeyValueView<'_> {
    async fn drop(&mut self, store: Resource<key_value::Store>) -> wasmtime::Result<()> {
        self.table.delete(label(store))?;
        self.state.open -= 1;
        Ok(())
    }
}

/// An open store is its label; the bindings' own type carries nothing.
fn label(store: Resource<key_value::Store>) -> Resource<String> {
    Resource::new_own(store.rep())
}

/// Run `work` on the database where blocking is allowed.
async fn on_database<T, V: Send + 'static>(
    accessor: &Accessor<T, HasKeyValue>,
    store: Resource<key_value::Store>,
    work: impl FnOnce(&Database, &str) -> Result<V, store::StoreError> + Send + 'static,
) -> Result<V, Error> {
    let (database, label) = opened(accessor, store)?;
    let done = tokio::task::spawn_blocking(move || work(&database, &label)).await;
    done.map_err(|error| failed(&error))?.map_err(|error| failed(&error))
}

/// The database, and the label of an open store.
fn opened<T>(
    accessor: &Accessor<T, HasKeyValue>,
    store: Resource<key_value::Store>,
) -> Result<(Arc<Database>, String), Error> {
    accessor.with(|mut access| {
        let view = access.get();
        let label = view.table.get(&label(store)).cloned().map_err(|_| Error::NoSuchStore)?;
        Ok((Arc::clone(&view.state.database), label))
    })
}

/// What is under `key`. On this thread: it comes from the database's cache or the system's, and the way to another thread
/// costs more than that.
fn read<T>(
    accessor: &Accessor<T, HasKeyValue>,
    store: Resource<key_value::Store>,
    key: &str,
) -> Result<Option<Vec<u8>>, Error> {
    let (database, label) = opened(accessor, store)?;
    database.get(&label, key).map_err(|error| failed(&error))
}

fn failed(error: &dyn std::fmt::Display) -> Error {
    tracing::error!("key-value store: {error}");
    Error::Other(error.to_string())
}

impl<T: 'static> HostStoreWithStore<T> for HasKeyValue {
    async fn open(accessor: &Accessor<T, Self>, name: String) -> Result<Resource<key_value::Store>, Error> {
        accessor.with(|mut access| {
            let view = access.get();
            if !view.state.granted.contains(&name) {
                return Err(Error::AccessDenied);
            }
            if view.state.open >= OPEN_STORES {
                return Err(Error::StoreTableFull);
            }
            let store = view.table.push(name).map_err(|_| Error::StoreTableFull)?;
            view.state.open += 1;
            Ok(Resource::new_own(store.rep()))
        })
    }

    async fn get(
        accessor: &Accessor<T, Self>,
        store: Resource<key_value::Store>,
        key: String,
    ) -> Result<Option<Vec<u8>>, Error> {
        let value = read(accessor, store, &key)?;
        let bytes = size_of::<Option<Vec<u8>>>() + value.as_ref().map_or(0, Vec::len);
        check_size(bytes).map_err(Error::Other)?;
        Ok(value)
    }

    async fn set(
        accessor: &Accessor<T, Self>,
        store: Resource<key_value::Store>,
        key: String,
        value: Vec<u8>,
    ) -> Result<(), Error> {
        on_database(accessor, store, move |database, label| database.set(label, &key, &value)).await
    }

    async fn delete(
        accessor: &Accessor<T, Self>,
        store: Resource<key_value::Store>,
        key: String,
    ) -> Result<(), Error> {
        on_database(accessor, store, move |database, label| database.delete(label, &key)).await
    }

    async fn exists(
        accessor: &Accessor<T, Self>,
        store: Resource<key_value::Store>,
        key: String,
    ) -> Result<bool, Error> {
        read(accessor, store, &key).map(|value| value.is_some())
    }

    async fn get_keys(
        accessor: &Accessor<T, Self>,
        store: Resource<key_value::Store>,
    ) -> wasmtime::Result<(StreamReader<String>, FutureReader<Result<(), Error>>)> {
        let (keys, end) = match on_database(accessor, store, |database, label| database.keys(label)).await {
            Ok(keys) => (keys, Ok(())),
            Err(error) => (Vec::new(), Err(error)),
        };
        accessor.with(|mut access| {
            let keys = StreamReader::new(&mut access, keys)?;
            let end = FutureReader::new(&mut access, async move { wasmtime::error::Ok(end) })?;
            Ok((keys, end))
        })
    }
}
