//! The endpoints' SQL through a native driver.

use api::sql::{Database, Error, Rows, Value, as_one_value};
use tokio_postgres::Client;
use tokio_postgres::types::private::BytesMut;
use tokio_postgres::types::{IsNull, ToSql, Type};

/// A connection that runs the endpoints' statements.
pub struct NativeSql(pub Client);

impl Database for NativeSql {
    async fn query(&self, select: &str, parameters: Vec<Value>) -> Result<Rows, Error> {
        let prepared = self.0.prepare(&as_one_value(select)).await.map_err(fault)?;
        let boxed: Vec<Box<dyn ToSql + Sync + Send>> = parameters.into_iter().map(parameter).collect();
        let references: Vec<&(dyn ToSql + Sync)> = boxed.iter().map(|value| value.as_ref() as _).collect();
        let row = self.0.query_one(&prepared, &references).await.map_err(fault)?;
        Rows::new(row.try_get::<_, Option<_>>(0).map_err(fault)?.unwrap_or_default())
    }
}

fn fault(error: tokio_postgres::Error) -> Error {
    let text = error.as_db_error().map_or_else(|| error.to_string(), |inner| format!("{inner:?}"));
    Error::Fault(text)
}

/// NULL of any type.
#[derive(Debug)]
struct Null;

impl ToSql for Null {
    fn to_sql(&self, _: &Type, _: &mut BytesMut) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        Ok(IsNull::Yes)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    tokio_postgres::types::to_sql_checked!();
}

fn parameter(value: Value) -> Box<dyn ToSql + Sync + Send> {
    match value {
        Value::Null => Box::new(Null),
        Value::Bool(value) => Box::new(value),
        Value::Int(value) => Box::new(value),
        Value::Text(value) => Box::new(value),
        Value::Uuid(value) => Box::new(value),
        Value::Timestamp(value) => Box::new(value),
        Value::Date(value) => Box::new(value),
        Value::Json(text) => Box::new(text.parse::<serde_json::Value>().expect("JSON")),
        Value::Bytes(value) => Box::new(value),
    }
}

/// Rows as PostgreSQL sends them, for a database of a test's own.
///
/// # Panics
/// Where a value has no binary form.
pub fn rows(of: &[Vec<Value>]) -> Rows {
    let mut bytes = Vec::new();
    let int = |length: usize| i32::try_from(length).expect("a short value").to_be_bytes();
    for row in of {
        bytes.extend(int(row.len()));
        for value in row {
            let kind = kind(value);
            let mut written = BytesMut::new();
            let null = parameter(value.clone()).to_sql_checked(&kind, &mut written).expect("a binary form");
            bytes.extend(kind.oid().to_be_bytes());
            bytes.extend(match null {
                IsNull::Yes => (-1_i32).to_be_bytes(),
                IsNull::No => int(written.len()),
            });
            bytes.extend(written);
        }
    }
    Rows::new(bytes).expect("rows")
}

fn kind(of: &Value) -> Type {
    match of {
        Value::Null | Value::Text(_) => Type::TEXT,
        Value::Bool(_) => Type::BOOL,
        Value::Int(_) => Type::INT8,
        Value::Uuid(_) => Type::UUID,
        Value::Timestamp(_) => Type::TIMESTAMP,
        Value::Date(_) => Type::DATE,
        Value::Json(_) => Type::JSONB,
        Value::Bytes(_) => Type::BYTEA,
    }
}
