//! PostgreSQL errors in the words of Spin's interface.

use tokio_postgres::error::{DbError as PgError, ErrorPosition};

use crate::bindings::postgres::{DbError, Error, QueryError};

/// A failed statement: structured where the server said so, text otherwise.
pub fn query_failed(error: tokio_postgres::Error) -> Error {
    let as_text = format!("{error:?}");
    Error::QueryFailed(match error.as_db_error() {
        None => QueryError::Text(as_text),
        Some(db) => QueryError::DbError(DbError {
            as_text,
            severity: db.severity().to_owned(),
            code: db.code().code().to_owned(),
            message: db.message().to_owned(),
            detail: db.detail().map(str::to_owned),
            extras: extras(db),
        }),
    })
}

/// A failure that is not the server's.
pub fn failed_with(text: impl ToString) -> Error {
    Error::QueryFailed(QueryError::Text(text.to_string()))
}

/// What PostgreSQL adds to an error, under the names that Spin gives it and in its order.
fn extras(error: &PgError) -> Vec<(String, String)> {
    let line = error.line().map(|line| line.to_string());
    let fields = [
        ("column", error.column()),
        ("constraint", error.constraint()),
        ("routine", error.routine()),
        ("hint", error.hint()),
        ("table", error.table()),
        ("datatype", error.datatype()),
        ("schema", error.schema()),
        ("file", error.file()),
        ("line", line.as_deref()),
        ("where_", error.where_()),
    ];
    fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?.to_owned()))).collect()
}

/// A connection that could not be had, without the password that its URL carries: `tokio_postgres` never
/// prints one.
pub fn connection_failed(error: impl std::error::Error) -> Error {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let more = error.to_string();
        if !text.contains(&more) {
            text = format!("{text}: {more}");
        }
        cause = error.source();
    }
    Error::ConnectionFailed(text)
}

/// A line for the log: the server's message and where in the statement it points.
pub fn summary(error: &tokio_postgres::Error) -> String {
    match error.as_db_error() {
        None => error.to_string(),
        Some(db) => match db.position() {
            Some(ErrorPosition::Original(at)) => format!("{} {} at {at}", db.code().code(), db.message()),
            _ => format!("{} {}", db.code().code(), db.message()),
        },
    }
}
