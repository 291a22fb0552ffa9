//! SQL as the endpoints see it. `guest` runs it through Spin, tests through a native driver, so that the
//! statements that are tested are the ones that run.
//!
//! Instants go in as `timestamp` in UTC, since Spin has no `timestamptz`: statements say
//! `$1::timestamp AT TIME ZONE 'UTC'`. They come out as they are.

pub mod lists;
mod rows;

use std::future::Future;

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use serde_json::Value as Json;
use uuid::Uuid;

pub use rows::{Columns, Row, Rows, as_one_value};

use crate::{Problem, ProblemType};

/// A value on its way in.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// SQL's NULL.
    Null,
    /// `boolean`.
    Bool(bool),
    /// `bigint`.
    Int(i64),
    /// `text`.
    Text(String),
    /// `uuid`.
    Uuid(Uuid),
    /// `timestamp`, in UTC.
    Timestamp(NaiveDateTime),
    /// `date`.
    Date(NaiveDate),
    /// `jsonb`, as its text.
    Json(String),
    /// `bytea`.
    Bytes(Vec<u8>),
}

/// Why a statement had no result.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database cannot be reached, or has no connection free.
    #[error("the database does not answer: {0}")]
    Unavailable(String),
    /// A deadlock or a serialisation failure: the same statement may be run again.
    #[error("the database asks for another try: {0}")]
    Retry(String),
    /// The statement is wrong, or its result is not what the caller expects: a fault of ours.
    #[error("{0}")]
    Fault(String),
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        // What went wrong inside is logged where it happened and never told outside.
        match error {
            Error::Unavailable(_) | Error::Retry(_) => Problem::new(
                ProblemType::Unavailable,
                "The database does not answer: try again in a moment, a write with the same `Idempotency-Key`.",
            ),
            Error::Fault(_) => {
                Problem::new(ProblemType::Internal, "Nothing was changed. The request id helps to find why.")
            }
        }
    }
}

/// The parameters of a statement that is put together, in the order of their numbers: pieces of SQL are constants, what
/// callers say is bound.
#[derive(Default)]
pub struct Parameters(pub Vec<Value>);

impl Parameters {
    /// Bind a value; answers how the statement names it: `$3::uuid`.
    pub fn bind(&mut self, value: impl Into<Value>, kind: &'static str) -> String {
        self.0.push(value.into());
        format!("${}::{kind}", self.0.len())
    }
}

/// A PostgreSQL that runs one statement at a time. There are no transactions: Spin has none.
pub trait Database {
    /// Run a SELECT and fetch all its rows, [as one value](as_one_value).
    fn query(&self, select: &str, parameters: Vec<Value>) -> impl Future<Output = Result<Rows, Error>>;
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Value::Null, Into::into)
    }
}

macro_rules! conversions {
    ($($kind:ident => $type:ty),*) => {$(
        impl From<$type> for Value {
            fn from(value: $type) -> Self {
                Value::$kind(value)
            }
        }
    )*};
}
conversions!(Bool => bool, Int => i64, Text => String, Uuid => Uuid, Date => NaiveDate, Bytes => Vec<u8>);

impl From<Json> for Value {
    fn from(value: Json) -> Self {
        Value::Json(value.to_string())
    }
}

impl From<DateTime<Utc>> for Value {
    fn from(value: DateTime<Utc>) -> Self {
        Value::Timestamp(value.naive_utc())
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Value::Text(value.to_owned())
    }
}
