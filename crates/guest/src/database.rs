//! PostgreSQL through Spin.
//!
//! Opening a connection costs as much as a query (Spin's pool resets the session), so the requests that an
//! instance has in flight share one. It is held weakly: an idle instance must not keep one, or a few hundred
//! clients empty the pool.

use std::cell::{OnceCell, RefCell};
use std::rc::{Rc, Weak};

use api::sql::{Database, Error, Rows, Value, as_one_value};
use futures::future::join;
use spin_sdk::pg::{self, Connection, DbValue, ParameterValue, PgError, QueryError};
use spin_sdk::wit_bindgen::StreamResult;

use crate::turns::asked_twice;

/// How many rows are read at a time: there is one, and in the room for another the host tells that it was the last.
const ROWS: usize = 2;
/// How often a statement is run again after a deadlock or serialisation failure.
const RETRIES: usize = 3;

thread_local! {
    static SHARED: RefCell<Weak<Connection>> = const { RefCell::new(Weak::new()) };
    /// The variable `database_url`, asked for once in an instance's life, which the runtime bounds.
    static URL: OnceCell<String> = const { OnceCell::new() };
}

/// The database of one request. It connects at the first statement.
pub struct SpinDatabase {
    connection: RefCell<Option<Rc<Connection>>>,
    request_id: String,
}

impl SpinDatabase {
    pub(crate) fn new(request_id: &str) -> Self {
        Self { connection: RefCell::new(None), request_id: request_id.to_owned() }
    }

    async fn connection(&self) -> Result<Rc<Connection>, Error> {
        if let Some(own) = self.connection.borrow().clone() {
            return Ok(own);
        }
        let shared = SHARED.with_borrow(Weak::upgrade);
        let connection = match shared {
            Some(connection) => connection,
            None => {
                let opened = Rc::new(Connection::open(url().await?).await.map_err(error)?);
                SHARED.set(Rc::downgrade(&opened));
                opened
            }
        };
        *self.connection.borrow_mut() = Some(connection.clone());
        Ok(connection)
    }

    async fn run(&self, statement: &str, parameters: Vec<ParameterValue>) -> Result<Rows, Error> {
        let connection = self.connection().await?;
        let result = connection.query(statement, parameters).await.map_err(error)?;
        let (_, mut rows, ended) = result.into_inner();
        let read = async move {
            let mut read = Vec::with_capacity(ROWS);
            let mut state = StreamResult::Complete(0);
            while read.len() < ROWS && matches!(state, StreamResult::Complete(_)) {
                (state, read) = rows.read(read).await;
            }
            read
        };
        let (mut read, ended) = asked_twice(join(read, ended.into_future())).await;
        ended.map_err(|reason| error(reason.into()))?;
        match read.pop().as_deref_mut() {
            Some([DbValue::Binary(rows)]) => Rows::new(std::mem::take(rows)),
            Some([DbValue::DbNull]) => Ok(Rows::default()),
            other => Err(Error::Fault(format!("not the rows as one value: {other:?}"))),
        }
    }

    /// A connection that failed is nobody's any more.
    fn forget(&self) {
        self.connection.replace(None);
        SHARED.set(Weak::new());
    }
}

impl Database for SpinDatabase {
    async fn query(&self, select: &str, parameters: Vec<Value>) -> Result<Rows, Error> {
        let statement = as_one_value(select);
        let parameters = parameters.into_iter().map(parameter).collect::<Result<Vec<_>, _>>()?;
        let mut tries = 0;
        loop {
            match self.run(&statement, parameters.clone()).await {
                Err(Error::Retry(_)) if tries < RETRIES => tries += 1,
                Err(error) => {
                    if matches!(error, Error::Unavailable(_)) {
                        self.forget();
                    }
                    eprintln!("request {}: {error}", self.request_id);
                    return Err(error);
                }
                done => return done,
            }
        }
    }
}

async fn url() -> Result<String, Error> {
    if let Some(known) = URL.with(|url| url.get().cloned()) {
        return Ok(known);
    }
    let url = spin_sdk::variables::get("database_url")
        .await
        .map_err(|error| Error::Fault(format!("variable database_url: {error:?}")))?;
    Ok(URL.with(|known| known.get_or_init(|| url).clone()))
}

fn error(error: pg::Error) -> Error {
    match error {
        pg::Error::PgError(PgError::ConnectionFailed(reason)) => Error::Unavailable(reason),
        pg::Error::PgError(PgError::QueryFailed(QueryError::DbError(error))) => {
            let text = format!("{} {}", error.code, error.message);
            match error.code.get(..2) {
                _ if matches!(error.code.as_str(), "40001" | "40P01") => Error::Retry(text),
                // Its lock is somebody else's for too long.
                _ if error.code == "55P03" => Error::Unavailable(text),
                // Connection lost, resources used up, server stopping or out of patience.
                Some("08" | "53" | "57") => Error::Unavailable(text),
                _ => Error::Fault(text),
            }
        }
        // No answer of the server's: the connection broke.
        pg::Error::PgError(PgError::QueryFailed(QueryError::Text(reason))) => Error::Unavailable(reason),
        other => Error::Fault(format!("{other:?}")),
    }
}

fn parameter(value: Value) -> Result<ParameterValue, Error> {
    Ok(match value {
        Value::Null => ParameterValue::DbNull,
        Value::Bool(value) => value.into(),
        Value::Int(value) => value.into(),
        Value::Text(value) => value.into(),
        Value::Uuid(value) => ParameterValue::Uuid(value.to_string()),
        Value::Timestamp(value) => value.into(),
        Value::Date(value) => value.into(),
        Value::Json(text) => ParameterValue::Jsonb(text.into_bytes()),
        Value::Bytes(value) => ParameterValue::Binary(value),
    })
}
