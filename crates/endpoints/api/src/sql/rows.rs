//! All rows of a statement as one value, as PostgreSQL writes them itself: each value that crosses into a component by
//! itself costs more than PostgreSQL takes to find it (docs/adr/0014-rows-cross-as-one-value.md). So crosses also what
//! Spin does not decode, such as `timestamptz`.

use postgres_types::{FromSql, Json, Type};
use serde::Deserialize;

use super::Error;

/// The statement that answers all rows of a SELECT as one `bytea`, or NULL where there is none; [`Rows::new`] reads it.
/// The order is the SELECT's: an aggregate sees the rows of a sorted subquery as they come (PostgreSQL, 9.21).
pub fn as_one_value(select: &str) -> String {
    format!("SELECT string_agg(record_send(one_row), '') FROM ({select}) one_row")
}

/// The rows of a statement: of each the number of its columns and of each column its type's oid, its length in bytes
/// (-1 for NULL) and its value in the type's binary form, numbers as `int4` with the highest byte first (`record_send`).
#[derive(Debug, Default)]
pub struct Rows {
    bytes: Vec<u8>,
    /// Where each begins, and where the last ends.
    bounds: Vec<usize>,
}

impl Rows {
    /// Of what [`as_one_value`] answered.
    ///
    /// # Errors
    /// A fault where it is something else.
    pub fn new(bytes: Vec<u8>) -> Result<Self, Error> {
        let mut bounds = vec![0];
        let mut rest = Columns { index: 0, bytes: &bytes };
        while !rest.bytes.is_empty() {
            for _ in 0..rest.int()? {
                rest.column()?;
            }
            bounds.push(bytes.len() - rest.bytes.len());
        }
        Ok(Self { bytes, bounds })
    }

    /// One after the other.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Row<'_>> {
        self.bounds.array_windows().map(|[start, end]| Row(self.bytes.get(*start..*end).unwrap_or_default()))
    }

    /// The first of them, if there is any.
    pub fn first(&self) -> Option<Row<'_>> {
        self.iter().next()
    }
}

/// A row, by position.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a>(&'a [u8]);

impl<'a> Row<'a> {
    /// Its values, one after the other.
    pub fn columns(self) -> Columns<'a> {
        Columns { index: 0, bytes: self.0.get(size_of::<i32>()..).unwrap_or_default() }
    }

    fn after(self, index: usize) -> Result<Columns<'a>, Error> {
        let mut columns = self.columns();
        (0..index).try_for_each(|_| columns.column().map(|_| ()))?;
        Ok(columns)
    }

    /// The value at `index` as a Rust type.
    ///
    /// # Errors
    /// A fault, if the statement does not give that type there.
    pub fn get<T: FromSql<'a>>(self, index: usize) -> Result<T, Error> {
        self.after(index)?.read()
    }

    /// The JSON at `index` as a Rust type; NULL is read as JSON's null.
    ///
    /// # Errors
    /// A fault, if it is not of that form.
    pub fn read<T: Deserialize<'a>>(self, index: usize) -> Result<T, Error> {
        self.after(index)?.read_json()
    }
}

/// Reads a row from its first value on.
pub struct Columns<'a> {
    index: usize,
    bytes: &'a [u8],
}

impl<'a> Columns<'a> {
    fn int(&mut self) -> Result<i32, Error> {
        let (int, rest) = self.bytes.split_first_chunk().ok_or_else(cut)?;
        self.bytes = rest;
        Ok(i32::from_be_bytes(*int))
    }

    /// The next column's type and value; none for NULL.
    fn column(&mut self) -> Result<(u32, Option<&'a [u8]>), Error> {
        let kind = self.int()?.cast_unsigned();
        let value = match usize::try_from(self.int()?) {
            Ok(length) => {
                let (value, rest) = self.bytes.split_at_checked(length).ok_or_else(cut)?;
                self.bytes = rest;
                Some(value)
            }
            Err(_) => None,
        };
        self.index += 1;
        Ok((kind, value))
    }

    fn fault(&self, words: impl std::fmt::Display) -> Error {
        Error::Fault(format!("column {}: {words}", self.index - 1))
    }

    /// The next value as a Rust type.
    ///
    /// # Errors
    /// As [`Row::get`].
    pub fn read<T: FromSql<'a>>(&mut self) -> Result<T, Error> {
        let (oid, value) = self.column()?;
        let kind = Type::from_oid(oid).ok_or_else(|| self.fault(format!("a type of oid {oid}")))?;
        if !T::accepts(&kind) {
            let wanted = std::any::type_name::<T>();
            return Err(self.fault(format!("{kind} is no {wanted}")));
        }
        T::from_sql_nullable(&kind, value).map_err(|error| self.fault(error))
    }

    /// The next JSON as a Rust type.
    ///
    /// # Errors
    /// As [`Row::read`].
    pub fn read_json<T: Deserialize<'a>>(&mut self) -> Result<T, Error> {
        match self.read()? {
            Some(Json(value)) => Ok(value),
            None => serde_json::from_str("null").map_err(|error| self.fault(error)),
        }
    }
}

fn cut() -> Error {
    Error::Fault("a row that ends before its end".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `SELECT record_send(r) FROM (SELECT NULL::text, 258::bigint) r`, as PostgreSQL 18 writes it.
    const ROW: [u8; 32] = [
        0, 0, 0, 2, 0, 0, 0, 25, 255, 255, 255, 255, 0, 0, 0, 20, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 1, 2, 0, 0,
        0, 0,
    ];

    #[test]
    fn each_row_ends_where_the_next_begins() {
        let none = Rows::new(Vec::new()).unwrap();
        assert!(none.first().is_none());
        // Of the constant all but its last four bytes, which are a row without columns.
        let rows = Rows::new([&ROW[..28], &ROW].concat()).unwrap();
        assert_eq!(rows.iter().len(), 3);
        for row in rows.iter().take(2) {
            assert_eq!(row.get::<Option<&str>>(0).unwrap(), None);
            assert!(row.read::<Option<bool>>(0).is_err(), "text is no JSON");
            assert_eq!(row.get::<i64>(1).unwrap(), 258);
            assert_eq!(row.get::<i32>(1).unwrap_err().to_string(), "column 1: int8 is no i32");
            assert!(row.get::<&str>(0).is_err(), "NULL is no text");
            assert!(row.get::<i64>(2).is_err(), "there is no third");
        }
        assert!(rows.iter().last().unwrap().get::<i64>(0).is_err());
    }

    #[test]
    fn what_is_cut_is_a_fault() {
        for end in (1..28).chain(29..32) {
            assert!(matches!(Rows::new(ROW[..end].to_vec()), Err(Error::Fault(_))), "{end}");
        }
    }
}
