//! What the tests of the formats share.

#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use endpoints_export::Line;

/// An entry with this description.
pub fn line(description: &str) -> Line {
    let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap().with_timezone(&Tz::Europe__Zurich);
    Line {
        start: at("2026-05-04T07:00:00Z"),
        end: at("2026-05-04T08:30:05Z"),
        user: "Zoé Müller".to_owned(),
        client: "Acme, Inc.".to_owned(),
        project: "Łódź €".to_owned(),
        task: String::new(),
        tags: "a, b".to_owned(),
        description: description.to_owned(),
        billable: true,
        seconds: 5405,
        rounded_seconds: 5400,
        amount: Some(12_345),
        currency: "EUR".to_owned(),
    }
}
