//! Instants in requests and in answers.

use std::time::SystemTime;

use chrono::{DateTime, Datelike as _, Utc};
use serde::de::{Deserializer, Error as _};
use serde::{Deserialize, Serialize, Serializer};

/// An instant in a request: RFC 3339 with an offset. Leap seconds (`23:59:60`) are refused, since PostgreSQL and chrono
/// count them differently: the one takes the next second, the other a longer one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Instant(pub DateTime<Utc>);

/// Why a leap second is refused.
pub(crate) const LEAP_SECOND: &str = "seconds are 00 to 59: leap seconds are not counted";

/// Whether it is written with second 60.
pub(crate) fn is_leap_second(at: DateTime<Utc>) -> bool {
    at.timestamp_subsec_nanos() >= 1_000_000_000
}

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let at = DateTime::<Utc>::deserialize(deserializer)?;
        if is_leap_second(at) { Err(D::Error::custom(LEAP_SECOND)) } else { Ok(Self(at)) }
    }
}

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
    fn leap_seconds_are_no_instants() {
        let read = |text: &str| serde_json::from_value::<Instant>(text.into());
        let right = "2026-05-04T10:59:59.999Z";
        assert_eq!(read(right).unwrap(), Instant(right.parse().unwrap()));
        for wrong in ["2016-12-31T23:59:60Z", "2026-05-04T10:59:60Z", "2026-05-04T12:59:60.5+02:00"] {
            assert!(read(wrong).unwrap_err().to_string().starts_with(LEAP_SECOND), "{wrong}");
        }
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
