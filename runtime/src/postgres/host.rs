//! The functions of `spin:postgres/postgres`.

use std::sync::Arc;
use std::task::Poll;

use futures::stream::BoxStream;
use futures::{StreamExt, TryStreamExt, pin_mut};
use tokio_postgres::config::Host as PgHost;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Config, RowStream};
use wasmtime::component::{Accessor, FutureReader, Resource, StreamReader};

use super::errors::{connection_failed, failed_with, query_failed};
use super::pool::{Address, Connection, Pool, Session};
use super::rows::Rows;
use super::tls::Authority;
use super::values::{self, Parameter};
use super::{HasPostgres, PostgresView};
use crate::bindings::postgres::{
    self as wit, Column, Error, Host, HostConnection, HostConnectionBuilder, HostConnectionBuilderWithStore,
    HostConnectionWithStore, ParameterValue, Row, RowSet,
};
use crate::instance::limits::check_size;
use crate::outbound::hosts::AllowedHosts;

/// The table holds `Connection` and `Address`; the bindings' own types carry nothing.
fn connection(of: &Resource<wit::Connection>) -> Resource<Arc<Connection>> {
    Resource::new_own(of.rep())
}

fn builder(of: &Resource<wit::ConnectionBuilder>) -> Resource<Address> {
    Resource::new_own(of.rep())
}

fn check_allowed(allowed: &AllowedHosts, address: &str) -> Result<(), Error> {
    let config: Config = address.parse().map_err(connection_failed)?;
    let ports = config.get_ports();
    for (index, host) in config.get_hosts().iter().enumerate() {
        let PgHost::Tcp(host) = host else {
            return Err(Error::ConnectionFailed("Unix sockets are not supported on WebAssembly".into()));
        };
        let port = ports.get(index).or_else(|| ports.first().filter(|_| ports.len() == 1));
        let url = port.map_or_else(|| host.clone(), |port| format!("{host}:{port}"));
        if !allowed.allow(&url, "postgres") {
            tracing::warn!("outbound connection to postgres://{url} refused: not in allowed_outbound_hosts");
            return Err(Error::ConnectionFailed(format!("address postgres://{url} is not permitted")));
        }
    }
    // `hostaddr` would lead elsewhere than the hosts checked above.
    match config.get_hostaddrs().is_empty() {
        true => Ok(()),
        false => Err(Error::ConnectionFailed("`hostaddr` is not permitted; use `host`".into())),
    }
}

fn bind(params: Vec<ParameterValue>) -> Result<Vec<Parameter>, Error> {
    values::parameters(params).map_err(|error| Error::BadParameter(format!("{error:#}")))
}

async fn start(session: &Session, statement: &str, params: &[Parameter]) -> Result<RowStream, Error> {
    let client = session.client();
    session.statements.begun();
    let values = || params.iter().map(|value| value.as_ref() as &(dyn ToSql + Sync));
    let prepared = session.prepare(statement).await?;
    match client.query_raw(&prepared, values()).await {
        Err(error) if session.forget_if_stale(statement, &error) => {
            let prepared = session.prepare(statement).await?;
            client.query_raw(&prepared, values()).await.map_err(query_failed)
        }
        result => result.map_err(query_failed),
    }
}

async fn execute(
    connection: &Connection,
    statement: &str,
    params: Vec<ParameterValue>,
) -> Result<u64, Error> {
    let params =
        values::parameters(params).map_err(|error| Error::ValueConversionFailed(format!("{error:#}")))?;
    let session = connection.session().await?;
    let changed = async {
        let rows = start(&session, statement, &params).await?;
        pin_mut!(rows);
        while rows.try_next().await.map_err(query_failed)?.is_some() {}
        Ok(rows.rows_affected().unwrap_or(0))
    };
    let changed = connection.answered(&session, changed).await?;
    session.statements.ended(statement);
    Ok(changed)
}

async fn query(
    connection: &Connection,
    statement: &str,
    params: Vec<ParameterValue>,
) -> Result<RowSet, Error> {
    let params = bind(params)?;
    let session = connection.session().await?;
    let read = async {
        let stream = start(&session, statement, &params).await?;
        pin_mut!(stream);
        let (mut columns, mut rows, mut bytes) = (Vec::new(), Vec::new(), 0);
        while let Some(row) = stream.try_next().await.map_err(query_failed)? {
            if rows.is_empty() {
                columns = values::columns(row.columns());
            }
            let row = values::row(&row).map_err(|error| failed_with(format!("{error:#}")))?;
            bytes += values::size(&row);
            check_size(bytes).map_err(failed_with)?;
            rows.push(row);
        }
        Ok(RowSet { columns, rows })
    };
    let read = connection.answered(&session, read).await?;
    session.statements.ended(statement);
    Ok(read)
}

/// As [`query`], but the rows are read while the guest reads them; no columns if there is no row, as in Spin.
async fn stream(
    connection: Arc<Connection>,
    statement: &str,
    params: Vec<ParameterValue>,
) -> Result<(Vec<Column>, BoxStream<'static, Result<Row, Error>>), Error> {
    let params = bind(params)?;
    let session = connection.session().await?;
    let begun = async {
        let mut rows = Box::pin(start(&session, statement, &params).await?).fuse();
        let first = rows.next().await;
        Ok((first, rows))
    };
    let (first, rows) = connection.answered(&session, begun).await?;
    let columns = match &first {
        Some(Ok(row)) => values::columns(row.columns()),
        Some(Err(_)) | None => Vec::new(),
    };
    let rest = futures::stream::unfold(Some((connection, Arc::clone(&session), rows)), async |state| {
        let (connection, session, mut rows) = state?;
        let next =
            connection.answered(&session, async { rows.next().await.transpose().map_err(query_failed) });
        match next.await {
            Ok(row) => row.map(|row| (Ok(row), Some((connection, session, rows)))),
            Err(error) => Some((Err(error), None)),
        }
    });
    let rows = futures::stream::iter(first.map(|row| row.map_err(query_failed)))
        .chain(rest)
        .map(|row| values::row(&row?).map_err(|error| failed_with(format!("{error:#}"))));
    // The session is nobody else's as long as rows come. The end may be asked for more than once.
    let mut running = Some((session, statement.to_owned()));
    let end = futures::stream::poll_fn(move |_| {
        if let Some((session, statement)) = running.take() {
            session.statements.ended(&statement);
        }
        Poll::Ready(None)
    });
    Ok((columns, rows.chain(end).boxed()))
}

impl Host for PostgresView<'_> {
    fn convert_error(&mut self, error: Error) -> wasmtime::Result<Error> {
        Ok(error)
    }
}

impl PostgresView<'_> {
    fn connection(&self, of: &Resource<wit::Connection>) -> Result<Arc<Connection>, Error> {
        self.table.get(&connection(of)).cloned().map_err(|error| Error::Other(error.to_string()))
    }

    fn keep(&mut self, opened: Connection) -> Result<Resource<wit::Connection>, Error> {
        let kept = self.table.push(Arc::new(opened)).map_err(|error| Error::Other(error.to_string()))?;
        Ok(Resource::new_own(kept.rep()))
    }

    fn builder(&mut self, of: &Resource<wit::ConnectionBuilder>) -> Result<&mut Address, Error> {
        self.table.get_mut(&builder(of)).map_err(|error| Error::Other(error.to_string()))
    }

    /// The pool of an address that this instance may connect to.
    fn pool(&mut self, of: Address) -> Result<Arc<Pool>, Error> {
        if let Some((last, pool)) = &self.state.last
            && *last == of
        {
            return Ok(Arc::clone(pool));
        }
        check_allowed(&self.state.allowed, &of.url)?;
        let pool = self.state.pools.of(&of)?;
        self.state.last = Some((of, Arc::clone(&pool)));
        Ok(pool)
    }
}

impl HostConnection for PostgresView<'_> {
    async fn open(&mut self, address: String) -> Result<Resource<wit::Connection>, Error> {
        let opened = self.pool(address.into())?.connection().await?;
        self.keep(opened)
    }

    async fn query(
        &mut self,
        of: Resource<wit::Connection>,
        statement: String,
        params: Vec<ParameterValue>,
    ) -> Result<RowSet, Error> {
        query(&*self.connection(&of)?, &statement, params).await
    }

    async fn execute(
        &mut self,
        of: Resource<wit::Connection>,
        statement: String,
        params: Vec<ParameterValue>,
    ) -> Result<u64, Error> {
        execute(&*self.connection(&of)?, &statement, params).await
    }

    async fn drop(&mut self, of: Resource<wit::Connection>) -> wasmtime::Result<()> {
        self.table.delete(connection(&of))?;
        Ok(())
    }
}

impl HostConnectionBuilder for PostgresView<'_> {
    async fn new(&mut self, address: String) -> wasmtime::Result<Resource<wit::ConnectionBuilder>> {
        Ok(Resource::new_own(self.table.push(Address::from(address))?.rep()))
    }

    async fn set_ca_root(
        &mut self,
        of: Resource<wit::ConnectionBuilder>,
        certificate: String,
    ) -> Result<(), Error> {
        self.builder(&of)?.authority = Some(Authority::from_pem(&certificate)?);
        Ok(())
    }

    async fn build(
        &mut self,
        of: Resource<wit::ConnectionBuilder>,
    ) -> Result<Resource<wit::Connection>, Error> {
        let to = self.builder(&of)?.clone();
        let opened = self.pool(to)?.connection().await?;
        self.keep(opened)
    }

    async fn drop(&mut self, of: Resource<wit::ConnectionBuilder>) -> wasmtime::Result<()> {
        self.table.delete(builder(&of))?;
        Ok(())
    }
}

async fn open_async<T>(
    accessor: &Accessor<T, HasPostgres>,
    to: Address,
) -> Result<Resource<wit::Connection>, Error> {
    let pool = accessor.with(|mut access| access.get().pool(to))?;
    let opened = pool.connection().await?;
    accessor.with(|mut access| access.get().keep(opened))
}

impl<T: 'static> HostConnectionBuilderWithStore<T> for HasPostgres {
    async fn build_async(
        accessor: &Accessor<T, Self>,
        of: Resource<wit::ConnectionBuilder>,
    ) -> Result<Resource<wit::Connection>, Error> {
        let to = accessor.with(|mut access| access.get().builder(&of).cloned())?;
        open_async(accessor, to).await
    }
}

impl<T: 'static> HostConnectionWithStore<T> for HasPostgres {
    async fn open_async(
        accessor: &Accessor<T, Self>,
        address: String,
    ) -> Result<Resource<wit::Connection>, Error> {
        open_async(accessor, address.into()).await
    }

    async fn query_async(
        accessor: &Accessor<T, Self>,
        of: Resource<wit::Connection>,
        statement: String,
        params: Vec<ParameterValue>,
    ) -> Result<(Vec<Column>, StreamReader<Row>, FutureReader<Result<(), Error>>), Error> {
        let connection = accessor.with(|mut access| access.get().connection(&of))?;
        let (columns, rows) = stream(connection, &statement, params).await?;
        let (rows, end) = Rows::new(rows);
        let opened = accessor.with(|mut access| {
            let rows = StreamReader::new(&mut access, rows)?;
            let end = FutureReader::new(&mut access, end)?;
            wasmtime::error::Ok((rows, end))
        });
        let (rows, end) = opened.map_err(|error| Error::Other(error.to_string()))?;
        Ok((columns, rows, end))
    }

    async fn execute_async(
        accessor: &Accessor<T, Self>,
        of: Resource<wit::Connection>,
        statement: String,
        params: Vec<ParameterValue>,
    ) -> Result<u64, Error> {
        let connection = accessor.with(|mut access| access.get().connection(&of))?;
        execute(&connection, &statement, params).await
    }
}
