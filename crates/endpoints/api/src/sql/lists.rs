//! A column of many rows as one value: each value of a row crosses into a component by itself, and PostgreSQL makes arrays
//! from single values as dearly. Aggregates of one SELECT see its rows in the same order, so lists fit together.

use uuid::Uuid;

use super::{Columns, Error};

/// A list of a `bigint` that is never NULL; [`Columns::numbers`] reads it.
pub fn numbers(of: &str) -> String {
    format!("string_agg(int8send({of}), '')")
}

/// A list of a `uuid`, the nil id for NULL; [`Columns::ids`] reads it.
pub fn ids(of: &str) -> String {
    format!("string_agg(uuid_send(coalesce({of}, '{}')), '')", Uuid::nil())
}

/// A list of a `text`, the empty one for NULL; [`Columns::texts`] reads it. No text of PostgreSQL has a zero in it.
pub fn texts(of: &str) -> String {
    format!("string_agg(textsend(coalesce({of}, '')), '\\x00')")
}

impl<'a> Columns<'a> {
    /// The next list of [`numbers`].
    ///
    /// # Errors
    /// As [`Row::get`](super::Row::get).
    pub fn numbers(&mut self) -> Result<Vec<i64>, Error> {
        let bytes = self.bytes()?.unwrap_or_default();
        Ok(bytes.as_chunks().0.iter().copied().map(i64::from_be_bytes).collect())
    }

    /// The next list of [`ids`]; none for the nil one.
    ///
    /// # Errors
    /// As [`Row::get`](super::Row::get).
    pub fn ids(&mut self) -> Result<Vec<Option<Uuid>>, Error> {
        let bytes = self.bytes()?.unwrap_or_default();
        let ids = bytes.as_chunks().0.iter().copied().map(Uuid::from_bytes);
        Ok(ids.map(|id| (!id.is_nil()).then_some(id)).collect())
    }

    /// The next list of [`texts`]; none for an empty one.
    ///
    /// # Errors
    /// As [`Row::get`](super::Row::get).
    pub fn texts(&mut self) -> Result<Vec<Option<String>>, Error> {
        let Some(bytes) = self.bytes()? else { return Ok(Vec::new()) };
        let all =
            std::str::from_utf8(bytes).map_err(|error| Error::Fault(format!("a list of texts: {error}")))?;
        Ok(all.split('\0').map(|text| (!text.is_empty()).then(|| text.to_owned())).collect())
    }

    /// The next list; none where there was no row.
    fn bytes(&mut self) -> Result<Option<&'a [u8]>, Error> {
        self.read()
    }
}
