//! The endpoints' SQL through a native driver, as strict as Spin: `timestamptz` is not decoded.

use api::sql::{Database, Error, Row, Value};
use tokio_postgres::Client;
use tokio_postgres::types::{ToSql, Type};

/// A connection that runs the endpoints' statements.
pub struct NativeSql(pub Client);

impl Database for NativeSql {
    async fn query(&self, statement: &str, parameters: Vec<Value>) -> Result<Vec<Row>, Error> {
        let prepared = self.0.prepare(statement).await.map_err(fault)?;
        let boxed: Vec<Box<dyn ToSql + Sync + Send>> = parameters.into_iter().map(parameter).collect();
        let references: Vec<&(dyn ToSql + Sync)> = boxed.iter().map(|value| value.as_ref() as _).collect();
        let rows = self.0.query(&prepared, &references).await.map_err(fault)?;
        rows.iter()
            .map(|row| {
                let columns = row.columns().iter().enumerate();
                columns
                    .map(|(index, column)| value(row, index, column.type_()))
                    .collect::<Result<_, _>>()
                    .map(Row)
            })
            .collect()
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
    fn to_sql(
        &self,
        _: &Type,
        _: &mut tokio_postgres::types::private::BytesMut,
    ) -> Result<tokio_postgres::types::IsNull, Box<dyn std::error::Error + Sync + Send>> {
        Ok(tokio_postgres::types::IsNull::Yes)
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

fn value(row: &tokio_postgres::Row, index: usize, kind: &Type) -> Result<Value, Error> {
    macro_rules! get {
        ($kind:ident, $type:ty) => {
            row.try_get::<_, Option<$type>>(index).map(|value| value.map_or(Value::Null, Value::$kind))
        };
    }
    match *kind {
        Type::BOOL => get!(Bool, bool),
        Type::INT8 => get!(Int, i64),
        Type::TEXT | Type::VARCHAR => get!(Text, String),
        Type::UUID => get!(Uuid, uuid::Uuid),
        Type::TIMESTAMP => get!(Timestamp, chrono::NaiveDateTime),
        Type::DATE => get!(Date, chrono::NaiveDate),
        Type::BYTEA => get!(Bytes, Vec<u8>),
        Type::JSONB => row
            .try_get::<_, Option<serde_json::Value>>(index)
            .map(|value| value.map_or(Value::Null, Value::from)),
        ref other => return Err(Error::Fault(format!("Spin does not decode {other}"))),
    }
    .map_err(fault)
}
