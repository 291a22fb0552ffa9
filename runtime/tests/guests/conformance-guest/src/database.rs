//! `POST /query` with JSON `{"sql", "params": [{type: value}], "execute": bool, "keep": bool, "url", "ca", "at_once"}`; the
//! URL is the variable `database_url` where none is given; `keep` uses the instance's own connection; `ca` is an authority in
//! PEM; `at_once` rows are read at once, or one. Answers columns and rows, or the error.

use std::cell::RefCell;
use std::rc::Rc;
use std::str::FromStr;

use serde_json::Value;
use spin_sdk::http::Request;
use spin_sdk::http::body::IncomingBodyExt;
use spin_sdk::pg::{Certificate, Connection, Error, Interval, OpenOptions, ParameterValue, RangeBoundKind};
use spin_sdk::variables;

pub async fn query(request: Request) -> String {
    let body = request.into_body().bytes().await.unwrap_or_default();
    let Ok(order) = serde_json::from_slice::<Value>(&body) else { return "the body is no JSON".to_owned() };
    match run(&order).await {
        Ok(text) => text,
        Err(error) => format!("{error:?}"),
    }
}

async fn run(order: &Value) -> Result<String, Error> {
    let url = match order["url"].as_str() {
        Some(url) => url.to_owned(),
        None => variables::get("database_url").await.unwrap_or_default(),
    };
    let sql = order["sql"].as_str().unwrap_or_default();
    let params: Vec<ParameterValue> =
        order["params"].as_array().into_iter().flatten().map(parameter).collect();
    let connection = match order["keep"] == true {
        true => kept(url).await?,
        false => {
            let ca_root = order["ca"].as_str().map(|pem| Certificate::Text(pem.to_owned()));
            Rc::new(Connection::open_with_options(url, OpenOptions { ca_root }).await?)
        }
    };
    if order["execute"] == true {
        return Ok(format!("{} rows", connection.execute(sql, params).await?));
    }
    let mut result = connection.query(sql, params).await?;
    let mut text = String::new();
    for column in result.columns() {
        text += &format!("{}: {:?}\n", column.name, column.data_type);
    }
    let mut read = Vec::with_capacity(order["at_once"].as_u64().map_or(1, |rows| rows as usize));
    loop {
        (_, read) = result.rows().read(read).await;
        if read.is_empty() {
            break;
        }
        read.drain(..).for_each(|row| text += &format!("{row:?}\n"));
    }
    result.result().await?;
    Ok(text)
}

thread_local! {
    static KEPT: RefCell<Option<Rc<Connection>>> = const { RefCell::new(None) };
}

/// The connection that this instance keeps between requests.
async fn kept(url: String) -> Result<Rc<Connection>, Error> {
    if let Some(connection) = KEPT.with_borrow(Clone::clone) {
        return Ok(connection);
    }
    let connection = Rc::new(Connection::open(url).await?);
    KEPT.set(Some(Rc::clone(&connection)));
    Ok(connection)
}

/// `{"int32": 7}` and so on; JSON's null is NULL.
fn parameter(of: &Value) -> ParameterValue {
    let Some((kind, value)) = of.as_object().and_then(|object| object.iter().next()) else {
        return ParameterValue::DbNull;
    };
    let text = || value.as_str().unwrap_or_default().to_owned();
    let number = |index: usize| value[index].as_i64().unwrap_or_default();
    let small = |index: usize| u8::try_from(number(index)).unwrap_or_default();
    let year = || i32::try_from(number(0)).unwrap_or_default();
    let list = || value.as_array().cloned().unwrap_or_default();
    let texts = || list().iter().map(|v| v.as_str().map(str::to_owned)).collect();
    match kind.as_str() {
        "boolean" => ParameterValue::Boolean(value == true),
        "int8" => ParameterValue::Int8(value.as_i64().unwrap_or_default() as i8),
        "int16" => ParameterValue::Int16(value.as_i64().unwrap_or_default() as i16),
        "int32" => ParameterValue::Int32(value.as_i64().unwrap_or_default() as i32),
        "int64" => ParameterValue::Int64(value.as_i64().unwrap_or_default()),
        "floating32" => ParameterValue::Floating32(value.as_f64().unwrap_or(f64::NAN) as f32),
        "floating64" => ParameterValue::Floating64(value.as_f64().unwrap_or(f64::NAN)),
        "str" => ParameterValue::Str(text()),
        "binary" => ParameterValue::Binary(text().into_bytes()),
        "uuid" => ParameterValue::Uuid(text()),
        "jsonb" => ParameterValue::Jsonb(text().into_bytes()),
        "decimal" => ParameterValue::Decimal(text()),
        "timestamp" => ParameterValue::Timestamp(value.as_i64().unwrap_or_default()),
        "date" => ParameterValue::Date((year(), small(1), small(2))),
        "time" => ParameterValue::Time((small(0), small(1), small(2), number(3) as u32)),
        "datetime" => ParameterValue::Datetime((
            year(),
            small(1),
            small(2),
            small(3),
            small(4),
            small(5),
            number(6) as u32,
        )),
        "interval" => ParameterValue::Interval(Interval {
            micros: number(0),
            days: number(1) as i32,
            months: number(2) as i32,
        }),
        "array-str" => ParameterValue::ArrayStr(texts()),
        "array-decimal" => ParameterValue::ArrayDecimal(texts()),
        "array-int32" => {
            ParameterValue::ArrayInt32(list().iter().map(|v| v.as_i64().map(|v| v as i32)).collect())
        }
        "array-int64" => ParameterValue::ArrayInt64(list().iter().map(Value::as_i64).collect()),
        "range-int32" => ParameterValue::RangeInt32(bounds(&text())),
        "range-int64" => ParameterValue::RangeInt64(bounds(&text())),
        "range-decimal" => ParameterValue::RangeDecimal(bounds(&text())),
        _ => ParameterValue::DbNull,
    }
}

type Bound<T> = Option<(T, RangeBoundKind)>;

/// Of a range as PostgreSQL writes it: `[1,5)`, `(,5]`.
fn bounds<T: FromStr>(text: &str) -> (Bound<T>, Bound<T>) {
    let kind = |inclusive| match inclusive {
        true => RangeBoundKind::Inclusive,
        false => RangeBoundKind::Exclusive,
    };
    let (lower, upper) = text.trim_matches(['[', ']', '(', ')']).split_once(',').unwrap_or_default();
    let bound = |text: &str, kind| match text {
        "" => None,
        text => text.parse().ok().map(|value| (value, kind)),
    };
    (bound(lower, kind(text.starts_with('['))), bound(upper, kind(text.ends_with(']'))))
}
