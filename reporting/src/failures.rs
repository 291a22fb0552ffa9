//! What happens to a message that cannot be applied.
//!
//! Attempts are counted in a header of our own: `x-death` and the broker's delivery count differ between
//! RabbitMQ versions (from 4.3 on a `nack` no longer counts).

use lapin::types::{AMQPValue, FieldTable};

/// Counts the attempts that failed.
pub const ATTEMPTS: &str = "x-timetracker-attempts";
/// Why the last one failed.
pub const REASON: &str = "x-timetracker-reason";

/// Why an event was not applied.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The message is to blame: it goes through the retry tiers, then to the dead-letter queue.
    #[error("{0}")]
    Message(String),
    /// The database is away: no message is to blame, all wait.
    #[error("the database: {0}")]
    Database(String),
}

/// Where a failed message goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Route {
    /// Into the tier of this name; it comes back after the tier's delay.
    Retry(&'static str),
    /// To the dead-letter queue, to be looked at by a person.
    Dead,
}

/// The tiers in the order in which a message goes through them (`rabbitmq/definitions.json`).
const TIERS: [&str; 3] = ["reporting.retry.1s", "reporting.retry.10s", "reporting.retry.60s"];

/// The route after a number of failed attempts, the last one included.
pub fn after(attempts: u32) -> Route {
    let tier = usize::try_from(attempts).unwrap_or(usize::MAX).saturating_sub(1);
    TIERS.get(tier).map_or(Route::Dead, |name| Route::Retry(name))
}

/// How many attempts failed before; none without the header, and none for one that makes no sense.
pub(crate) fn attempts(headers: Option<&FieldTable>) -> u32 {
    match headers.and_then(|headers| headers.inner().get(ATTEMPTS)) {
        Some(AMQPValue::LongInt(count)) => u32::try_from(*count).unwrap_or(0),
        Some(AMQPValue::LongUInt(count)) => *count,
        Some(AMQPValue::LongLongInt(count)) => u32::try_from(*count).unwrap_or(0),
        _ => 0,
    }
}

/// The message's headers with the count and the reason.
pub(crate) fn marked(headers: Option<&FieldTable>, attempts: u32, reason: &str) -> FieldTable {
    let mut headers = headers.cloned().unwrap_or_default();
    headers.insert(ATTEMPTS.into(), AMQPValue::LongInt(i32::try_from(attempts).unwrap_or(i32::MAX)));
    let short: String = reason.chars().take(500).collect();
    headers.insert(REASON.into(), AMQPValue::LongString(short.into()));
    headers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_goes_through_the_tiers_then_to_the_dead() {
        let routes: Vec<Route> = (1..=5).map(after).collect();
        assert_eq!(
            routes,
            [
                Route::Retry("reporting.retry.1s"),
                Route::Retry("reporting.retry.10s"),
                Route::Retry("reporting.retry.60s"),
                Route::Dead,
                Route::Dead
            ]
        );
    }

    #[test]
    fn the_count_survives_the_headers() {
        assert_eq!(attempts(None), 0);
        let once = marked(None, 1, "because");
        assert_eq!(attempts(Some(&once)), 1);
        let twice = marked(Some(&once), 2, &"é".repeat(900));
        assert_eq!(attempts(Some(&twice)), 2);
    }
}
