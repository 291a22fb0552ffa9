//! What Prometheus reads of each component.

use std::time::Instant;

use http::StatusCode;
use metrics::{Counter, Gauge, Histogram, counter, gauge, histogram};

/// Of one component, the same after a reload.
pub struct Metrics {
    /// Answers by the first digit of their status.
    answers: [Counter; 5],
    refused: Counter,
    seconds: Histogram,
}

impl Metrics {
    /// Of the component with this id.
    pub fn new(component: &str) -> Self {
        let labels = [("component", component.to_owned())];
        let answers = ["1xx", "2xx", "3xx", "4xx", "5xx"].map(|class| {
            counter!("runtime_requests_total", "component" => component.to_owned(), "status" => class)
        });
        Self {
            answers,
            refused: counter!("runtime_refused_total", &labels),
            seconds: histogram!("runtime_request_seconds", &labels),
        }
    }

    /// An answer's head was ready; its request came at `start`.
    pub fn answered(&self, status: StatusCode, start: Instant) {
        if let Some(answers) = self.answers.get(usize::from(status.as_u16() / 100).saturating_sub(1)) {
            answers.increment(1);
        }
        self.seconds.record(start.elapsed());
    }

    /// A request found the component full.
    pub fn refused(&self) {
        self.refused.increment(1);
    }
}

/// Requests of a component that are in flight.
pub fn in_flight(component: &str) -> Gauge {
    gauge!("runtime_requests_in_flight", "component" => component.to_owned())
}

/// Instances of a component that there are now.
pub fn instances(component: &str) -> Gauge {
    gauge!("runtime_instances", "component" => component.to_owned())
}

/// A component was replaced, or could not be.
pub fn reloaded(component: &str, replaced: bool) {
    let outcome = if replaced { "replaced" } else { "failed" };
    counter!("runtime_reloads_total", "component" => component.to_owned(), "outcome" => outcome).increment(1);
}
