//! SQL as the endpoints see it. `guest` runs it through Spin, tests through a native driver, so that the
//! statements that are tested are the ones that run.
//!
//! Instants go in and out as `timestamp` in UTC: Spin does not decode `timestamptz`. Statements say
//! `$1::timestamp AT TIME ZONE 'UTC'` and `column AT TIME ZONE 'UTC'`.

pub mod lists;

use std::future::Future;

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use serde_json::Value as Json;
use uuid::Uuid;

use crate::{Problem, ProblemType};

/// A value on its way in or out.
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
    /// `jsonb`, as its text: it is read into what is asked for, without a tree of values in between.
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
            Error::Unavailable(_) | Error::Retry(_) => {
                Problem::new(ProblemType::Unavailable, "The database does not answer. Nothing was changed.")
            }
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
    /// Run a statement and fetch all its rows.
    fn query(&self, statement: &str, parameters: Vec<Value>)
    -> impl Future<Output = Result<Vec<Row>, Error>>;
}

/// A row, by position.
#[derive(Debug, Clone, PartialEq)]
pub struct Row(pub Vec<Value>);

impl Row {
    /// Its values, one after the other.
    pub fn into_columns(self) -> Columns {
        Columns(self.0.into_iter().enumerate())
    }

    /// The value at `index` as a Rust type.
    ///
    /// # Errors
    /// A fault, if the statement does not give that type there.
    pub fn get<T: FromValue>(&self, index: usize) -> Result<T, Error> {
        let value = self.0.get(index).ok_or_else(|| Error::Fault(format!("no column {index}")))?;
        read(index, value.clone())
    }

    /// The JSON at `index` as a Rust type; NULL is read as JSON's null.
    ///
    /// # Errors
    /// A fault, if it is not of that form.
    pub fn read<T: serde::de::DeserializeOwned>(&self, index: usize) -> Result<T, Error> {
        let value = self.0.get(index).ok_or_else(|| Error::Fault(format!("no column {index}")))?;
        read_json(index, value)
    }
}

fn read<T: FromValue>(index: usize, value: Value) -> Result<T, Error> {
    T::from_value(value).map_err(|value| Error::Fault(format!("column {index} is {value:?}")))
}

fn read_json<T: serde::de::DeserializeOwned>(index: usize, value: &Value) -> Result<T, Error> {
    let text = match value {
        Value::Json(text) => text,
        Value::Null => "null",
        other => return Err(Error::Fault(format!("column {index} is {other:?}"))),
    };
    serde_json::from_str(text).map_err(|error| Error::Fault(format!("column {index}: {error}")))
}

/// Reads a row from its first value on.
pub struct Columns(std::iter::Enumerate<std::vec::IntoIter<Value>>);

impl Columns {
    fn next(&mut self) -> Result<(usize, Value), Error> {
        self.0.next().ok_or_else(|| Error::Fault("the row has no further column".to_owned()))
    }

    /// The next value as a Rust type.
    ///
    /// # Errors
    /// As [`Row::get`].
    pub fn read<T: FromValue>(&mut self) -> Result<T, Error> {
        let (index, value) = self.next()?;
        read(index, value)
    }

    /// The next JSON as a Rust type.
    ///
    /// # Errors
    /// As [`Row::read`].
    pub fn read_json<T: serde::de::DeserializeOwned>(&mut self) -> Result<T, Error> {
        let (index, value) = self.next()?;
        read_json(index, &value)
    }
}

/// A Rust type that a value may have.
pub trait FromValue: Sized {
    /// The value, if it is of this type.
    ///
    /// # Errors
    /// The value as it was, of another type.
    fn from_value(value: Value) -> Result<Self, Value>;
}

impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: Value) -> Result<Self, Value> {
        match value {
            Value::Null => Ok(None),
            value => T::from_value(value).map(Some),
        }
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Value::Null, Into::into)
    }
}

macro_rules! conversions {
    ($($kind:ident => $type:ty),*) => {$(
        impl FromValue for $type {
            fn from_value(value: Value) -> Result<Self, Value> {
                match value {
                    Value::$kind(inner) => Ok(inner),
                    other => Err(other),
                }
            }
        }
        impl From<$type> for Value {
            fn from(value: $type) -> Self {
                Value::$kind(value)
            }
        }
    )*};
}
conversions!(Bool => bool, Int => i64, Text => String, Uuid => Uuid, Date => NaiveDate, Bytes => Vec<u8>);

impl FromValue for Json {
    fn from_value(value: Value) -> Result<Self, Value> {
        match value {
            Value::Json(text) => serde_json::from_str(&text).map_err(|_| Value::Json(text)),
            other => Err(other),
        }
    }
}

impl From<Json> for Value {
    fn from(value: Json) -> Self {
        Value::Json(value.to_string())
    }
}

impl FromValue for DateTime<Utc> {
    fn from_value(value: Value) -> Result<Self, Value> {
        match value {
            Value::Timestamp(naive) => Ok(naive.and_utc()),
            other => Err(other),
        }
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
