//! Values between Spin's interface and the PostgreSQL client. What Spin cannot decode (TIMESTAMPTZ) is not
//! decoded here either: a component must run the same on both.

use anyhow::{Context, Result, anyhow};
use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, Timelike, Utc};
use postgres_range::{BoundSided, BoundType, Normalizable, Range, RangeBound};
use rust_decimal::Decimal;
use tokio_postgres::Row;
use tokio_postgres::types::{FromSql, ToSql, Type};
use uuid::Uuid;

use super::wrappers::{Interval, JsonText, Null, RangeDecimal, Unknown};
use crate::bindings::postgres::{Column, DbDataType, DbValue, ParameterValue, RangeBoundKind};

/// A value on its way to the server.
pub type Parameter = Box<dyn ToSql + Send + Sync>;

type WitBounds<T> = (Option<(T, RangeBoundKind)>, Option<(T, RangeBoundKind)>);

/// The columns of a statement's rows.
pub fn columns(of: &[tokio_postgres::Column]) -> Vec<Column> {
    of.iter()
        .map(|column| Column { name: column.name().to_owned(), data_type: data_type(column.type_()) })
        .collect()
}

fn data_type(of: &Type) -> DbDataType {
    match *of {
        Type::BOOL => DbDataType::Boolean,
        Type::BYTEA => DbDataType::Binary,
        Type::FLOAT4 => DbDataType::Floating32,
        Type::FLOAT8 => DbDataType::Floating64,
        Type::INT2 => DbDataType::Int16,
        Type::INT4 => DbDataType::Int32,
        Type::INT8 => DbDataType::Int64,
        Type::TEXT | Type::VARCHAR | Type::BPCHAR => DbDataType::Str,
        Type::TIMESTAMP | Type::TIMESTAMPTZ => DbDataType::Datetime,
        Type::DATE => DbDataType::Date,
        Type::TIME => DbDataType::Time,
        Type::UUID => DbDataType::Uuid,
        Type::JSONB => DbDataType::Jsonb,
        Type::NUMERIC => DbDataType::Decimal,
        Type::INT4_RANGE => DbDataType::RangeInt32,
        Type::INT8_RANGE => DbDataType::RangeInt64,
        Type::NUM_RANGE => DbDataType::RangeDecimal,
        Type::INT4_ARRAY => DbDataType::ArrayInt32,
        Type::INT8_ARRAY => DbDataType::ArrayInt64,
        Type::NUMERIC_ARRAY => DbDataType::ArrayDecimal,
        Type::TEXT_ARRAY | Type::VARCHAR_ARRAY | Type::BPCHAR_ARRAY => DbDataType::ArrayStr,
        Type::INTERVAL => DbDataType::Interval,
        _ => DbDataType::Other(of.name().to_owned()),
    }
}

/// The values of a row.
///
/// # Errors
/// A value that its type's Rust form cannot hold.
pub fn row(of: &Row) -> Result<Vec<DbValue>> {
    (0..of.len()).map(|index| value(of, index)).collect()
}

fn value(row: &Row, index: usize) -> Result<DbValue> {
    let of = row.columns()[index].type_();
    match *of {
        Type::BOOL => plain(row, index, DbValue::Boolean),
        Type::BYTEA => plain(row, index, DbValue::Binary),
        Type::FLOAT4 => plain(row, index, DbValue::Floating32),
        Type::FLOAT8 => plain(row, index, DbValue::Floating64),
        Type::INT2 => plain(row, index, DbValue::Int16),
        Type::INT4 => plain(row, index, DbValue::Int32),
        Type::INT8 => plain(row, index, DbValue::Int64),
        Type::TEXT | Type::VARCHAR | Type::BPCHAR => plain(row, index, DbValue::Str),
        Type::TIMESTAMP | Type::TIMESTAMPTZ => plain(row, index, datetime),
        Type::DATE => plain(row, index, date),
        Type::TIME => plain(row, index, time),
        Type::UUID => plain(row, index, |uuid: Uuid| DbValue::Uuid(uuid.to_string())),
        Type::JSONB => plain(row, index, |JsonText(text)| DbValue::Jsonb(text)),
        Type::NUMERIC => plain(row, index, |decimal: Decimal| DbValue::Decimal(decimal.to_string())),
        Type::INT4_RANGE => {
            plain(row, index, |range| DbValue::RangeInt32(bounds(range, |bound: &i32| *bound)))
        }
        Type::INT8_RANGE => {
            plain(row, index, |range| DbValue::RangeInt64(bounds(range, |bound: &i64| *bound)))
        }
        Type::NUM_RANGE => plain(row, index, |range| {
            DbValue::RangeDecimal(bounds(range, |bound: &RangeDecimal| bound.0.to_string()))
        }),
        Type::INT4_ARRAY => plain(row, index, DbValue::ArrayInt32),
        Type::INT8_ARRAY => plain(row, index, DbValue::ArrayInt64),
        Type::NUMERIC_ARRAY => plain(row, index, |values: Vec<Option<Decimal>>| {
            DbValue::ArrayDecimal(values.iter().map(|value| value.map(|value| value.to_string())).collect())
        }),
        Type::TEXT_ARRAY | Type::VARCHAR_ARRAY | Type::BPCHAR_ARRAY => plain(row, index, DbValue::ArrayStr),
        Type::INTERVAL => plain(row, index, |interval: Interval| DbValue::Interval(interval.0)),
        _ => plain(row, index, |unknown: Unknown| DbValue::Unsupported(unknown.0)),
    }
}

fn plain<'a, T: FromSql<'a>>(row: &'a Row, index: usize, into: impl FnOnce(T) -> DbValue) -> Result<DbValue> {
    Ok(row.try_get::<_, Option<T>>(index)?.map_or(DbValue::DbNull, into))
}

#[allow(clippy::cast_possible_truncation, reason = "months, days, hours, minutes and seconds are below 256")]
fn datetime(of: NaiveDateTime) -> DbValue {
    DbValue::Datetime((
        of.year(),
        of.month() as u8,
        of.day() as u8,
        of.hour() as u8,
        of.minute() as u8,
        of.second() as u8,
        of.nanosecond(),
    ))
}

#[allow(clippy::cast_possible_truncation, reason = "months and days are below 256")]
fn date(of: NaiveDate) -> DbValue {
    DbValue::Date((of.year(), of.month() as u8, of.day() as u8))
}

#[allow(clippy::cast_possible_truncation, reason = "hours, minutes and seconds are below 256")]
fn time(of: NaiveTime) -> DbValue {
    DbValue::Time((of.hour() as u8, of.minute() as u8, of.second() as u8, of.nanosecond()))
}

fn bounds<T: Normalizable + PartialOrd, W>(range: Range<T>, value: impl Fn(&T) -> W) -> WitBounds<W> {
    let kind = |bound: BoundType| match bound {
        BoundType::Inclusive => RangeBoundKind::Inclusive,
        BoundType::Exclusive => RangeBoundKind::Exclusive,
    };
    (
        range.lower().map(|bound| (value(&bound.value), kind(bound.type_))),
        range.upper().map(|bound| (value(&bound.value), kind(bound.type_))),
    )
}

/// The guest's parameters for the client.
///
/// # Errors
/// A value that is not of the form its type needs (a UUID, a date, JSON); it is quoted.
pub fn parameters(of: Vec<ParameterValue>) -> Result<Vec<Parameter>> {
    of.into_iter().map(parameter).collect()
}

fn parameter(of: ParameterValue) -> Result<Parameter> {
    Ok(match of {
        ParameterValue::Boolean(value) => Box::new(value),
        ParameterValue::Int8(value) => Box::new(value),
        ParameterValue::Int16(value) => Box::new(value),
        ParameterValue::Int32(value) => Box::new(value),
        ParameterValue::Int64(value) => Box::new(value),
        ParameterValue::Floating32(value) => Box::new(value),
        ParameterValue::Floating64(value) => Box::new(value),
        ParameterValue::Str(value) => Box::new(value),
        ParameterValue::Binary(value) => Box::new(value),
        ParameterValue::Date((year, month, day)) => Box::new(naive_date(year, month, day)?),
        ParameterValue::Time((hour, minute, second, nano)) => {
            Box::new(naive_time(hour, minute, second, nano)?)
        }
        ParameterValue::Datetime((year, month, day, hour, minute, second, nano)) => Box::new(
            NaiveDateTime::new(naive_date(year, month, day)?, naive_time(hour, minute, second, nano)?),
        ),
        ParameterValue::Timestamp(seconds) => Box::new(
            DateTime::<Utc>::from_timestamp(seconds, 0)
                .ok_or_else(|| anyhow!("invalid epoch timestamp {seconds}"))?,
        ),
        ParameterValue::Uuid(text) => {
            Box::new(Uuid::parse_str(&text).with_context(|| format!("invalid UUID {text}"))?)
        }
        ParameterValue::Jsonb(bytes) => Box::new(
            serde_json::from_slice::<serde_json::Value>(&bytes)
                .with_context(|| format!("invalid JSON {}", String::from_utf8_lossy(&bytes)))?,
        ),
        ParameterValue::Decimal(text) => Box::new(decimal(&text)?),
        ParameterValue::RangeInt32(range) => Box::new(pg_range(range, Ok)?),
        ParameterValue::RangeInt64(range) => Box::new(pg_range(range, Ok)?),
        ParameterValue::RangeDecimal(range) => {
            Box::new(pg_range(range, |text| decimal(&text).map(RangeDecimal))?)
        }
        ParameterValue::ArrayInt32(values) => Box::new(values),
        ParameterValue::ArrayInt64(values) => Box::new(values),
        ParameterValue::ArrayDecimal(values) => Box::new(
            values
                .into_iter()
                .map(|value| value.map(|text| decimal(&text)).transpose())
                .collect::<Result<Vec<_>>>()?,
        ),
        ParameterValue::ArrayStr(values) => Box::new(values),
        ParameterValue::Interval(interval) => Box::new(Interval(interval)),
        ParameterValue::DbNull => Box::new(Null),
    })
}

fn naive_date(year: i32, month: u8, day: u8) -> Result<NaiveDate> {
    NaiveDate::from_ymd_opt(year, month.into(), day.into())
        .ok_or_else(|| anyhow!("invalid date y={year}, m={month}, d={day}"))
}

fn naive_time(hour: u8, minute: u8, second: u8, nano: u32) -> Result<NaiveTime> {
    NaiveTime::from_hms_nano_opt(hour.into(), minute.into(), second.into(), nano)
        .ok_or_else(|| anyhow!("invalid time {hour}:{minute}:{second}:{nano}"))
}

fn decimal(text: &str) -> Result<Decimal> {
    Decimal::from_str_exact(text).with_context(|| format!("invalid decimal {text}"))
}

fn pg_range<W, T: Normalizable + PartialOrd>(
    (lower, upper): WitBounds<W>,
    value: impl Fn(W) -> Result<T>,
) -> Result<Range<T>> {
    fn bound<S: BoundSided, W, T: Normalizable + PartialOrd>(
        bound: Option<(W, RangeBoundKind)>,
        value: &impl Fn(W) -> Result<T>,
    ) -> Result<Option<RangeBound<S, T>>> {
        let Some((limit, kind)) = bound else { return Ok(None) };
        let kind = match kind {
            RangeBoundKind::Inclusive => BoundType::Inclusive,
            RangeBoundKind::Exclusive => BoundType::Exclusive,
        };
        Ok(Some(RangeBound::new(value(limit)?, kind)))
    }
    Ok(Range::new(bound(lower, &value)?, bound(upper, &value)?))
}

/// About how many bytes of memory a row takes.
pub fn size(row: &[DbValue]) -> usize {
    let heap = |value: &DbValue| match value {
        DbValue::Str(text) | DbValue::Uuid(text) | DbValue::Decimal(text) => text.len(),
        DbValue::Jsonb(bytes) | DbValue::Binary(bytes) | DbValue::Unsupported(bytes) => bytes.len(),
        DbValue::ArrayInt32(values) => values.len() * size_of::<Option<i32>>(),
        DbValue::ArrayInt64(values) => values.len() * size_of::<Option<i64>>(),
        DbValue::ArrayStr(values) | DbValue::ArrayDecimal(values) => values
            .iter()
            .map(|value| size_of::<Option<String>>() + value.as_ref().map_or(0, String::len))
            .sum(),
        _ => 0,
    };
    row.iter().map(|value| size_of::<DbValue>() + heap(value)).sum()
}
