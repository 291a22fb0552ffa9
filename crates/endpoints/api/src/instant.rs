//! Instants in answers.

use std::time::SystemTime;

use chrono::{DateTime, Datelike as _, Utc};
use serde::{Serialize as _, Serializer};

/// RFC 3339 in UTC, with microseconds where it has a part of a second; for `#[serde(serialize_with)]` of an instant or of
/// one that may be none. chrono writes sign by sign, which was a tenth of what a list of entries costs.
///
/// # Errors
/// Those of the serializer.
pub fn serialize<S, T>(instant: &T, serializer: S) -> Result<S::Ok, S::Error>
where
    S: Serializer,
    T: Copy + Into<Option<DateTime<Utc>>>,
{
    match (*instant).into() {
        None => serializer.serialize_none(),
        Some(at) if !(1970..=9999).contains(&at.year()) => at.serialize(serializer),
        Some(at) if at.timestamp_subsec_micros() == 0 => {
            serializer.collect_str(&humantime::format_rfc3339_seconds(SystemTime::from(at)))
        }
        Some(at) => serializer.collect_str(&humantime::format_rfc3339_micros(SystemTime::from(at))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(instant: impl Copy + Into<Option<DateTime<Utc>>>) -> serde_json::Value {
        serialize(&instant, serde_json::value::Serializer).unwrap_or_else(|error| error.to_string().into())
    }

    #[test]
    fn instants_are_written_as_they_are_read() {
        let instants = [
            "1970-01-01T00:00:00Z",
            "2000-02-29T23:59:59Z",
            "2026-05-04T08:30:02.120000Z",
            "2026-12-31T23:59:59.999999Z",
            "9999-12-31T00:00:00.000001Z",
            "1969-12-31T23:59:59Z",
            "+12026-01-01T00:00:00Z",
        ];
        for text in instants {
            let instant: DateTime<Utc> = text.parse().unwrap_or_default();
            assert_eq!(written(instant), text);
        }
        assert_eq!(written(None), serde_json::Value::Null);
    }
}
