//! What happens to a message that cannot be applied.
//!
//! Attempts are told in a header of our own: `x-death` and the broker's delivery count differ between RabbitMQ
//! versions (from 4.3 on a `nack` no longer counts).

use broker::RETRY_TIERS;
use chrono::{DateTime, Utc};
use lapin::types::{AMQPValue, FieldTable};
use serde::{Deserialize, Serialize};

/// The attempts that failed, as JSON: `[{"at": …, "reason": …}]`, the first one first.
pub const ATTEMPTS: &str = "x-timetracker-attempts";
/// Set on a message that is of a form which this version does not know.
pub const PARKED: &str = "x-timetracker-parked";

/// Why an event was not applied.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The message is to blame: it goes through the retry tiers, then to the dead-letter queue.
    #[error("{0}")]
    Message(String),
    /// Its form is not known here, a later version may know it: it is parked without any retry.
    #[error("{0}")]
    Unknown(String),
    /// The database is away: no message is to blame, all wait.
    #[error("the database: {0}")]
    Database(String),
}

/// One attempt that failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// When.
    pub at: DateTime<Utc>,
    /// Why, in at most 500 characters.
    pub reason: String,
}

/// Where a failed message goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Route {
    /// Into the tier of this name; it comes back after the tier's delay.
    Retry(&'static str),
    /// To the dead-letter queue, to be looked at by a person.
    Dead,
}

/// The route after a number of failed attempts, the last one included.
pub fn after(attempts: usize) -> Route {
    RETRY_TIERS.get(attempts.saturating_sub(1)).map_or(Route::Dead, |name| Route::Retry(name))
}

/// The attempts that failed before; none without the header, and none for one that makes no sense.
pub(crate) fn attempts(headers: Option<&FieldTable>) -> Vec<Attempt> {
    match headers.and_then(|headers| headers.inner().get(ATTEMPTS)) {
        Some(AMQPValue::LongString(json)) => serde_json::from_slice(json.as_bytes()).unwrap_or_default(),
        _ => Vec::new(),
    }
}

/// The message's headers with one more attempt, and how many there are now.
pub(crate) fn marked(
    headers: Option<&FieldTable>,
    now: DateTime<Utc>,
    failure: &Failure,
) -> (FieldTable, usize) {
    let mut attempts = attempts(headers);
    attempts.push(Attempt { at: now, reason: failure.to_string().chars().take(500).collect() });
    let mut headers = headers.cloned().unwrap_or_default();
    let json = serde_json::to_string(&attempts).unwrap_or_default();
    headers.insert(ATTEMPTS.into(), AMQPValue::LongString(json.into()));
    if matches!(failure, Failure::Unknown(_)) {
        headers.insert(PARKED.into(), AMQPValue::Boolean(true));
    }
    (headers, attempts.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_goes_through_the_tiers_then_to_the_dead() {
        let routes: Vec<Route> = (1..=5).map(after).collect();
        let [first, second, third] = RETRY_TIERS;
        assert_eq!(
            routes,
            [Route::Retry(first), Route::Retry(second), Route::Retry(third), Route::Dead, Route::Dead]
        );
    }

    #[test]
    fn the_attempts_survive_the_headers() {
        assert_eq!(attempts(None), []);
        let now = Utc::now();
        let (once, count) = marked(None, now, &Failure::Message("because".to_owned()));
        assert_eq!(
            (count, attempts(Some(&once))),
            (1, vec![Attempt { at: now, reason: "because".to_owned() }])
        );
        let (twice, count) = marked(Some(&once), now, &Failure::Message("é".repeat(900)));
        assert_eq!((count, attempts(Some(&twice)).len()), (2, 2));
        assert!(!twice.inner().contains_key(PARKED));
        assert_eq!(attempts(Some(&twice))[1].reason.chars().count(), 500);
        let (parked, _) = marked(None, now, &Failure::Unknown("version 9".to_owned()));
        assert!(parked.inner().contains_key(PARKED));
    }

    #[test]
    fn headers_that_make_no_sense_count_for_nothing() {
        let mut headers = FieldTable::default();
        headers.insert(ATTEMPTS.into(), AMQPValue::LongString("[{]".into()));
        assert_eq!(attempts(Some(&headers)), []);
    }
}
