//! Figures out of many measurements.

use std::time::Duration;

/// Milliseconds, smallest first.
pub struct Times(Vec<f64>);

impl Times {
    /// Of measured times.
    pub fn of(times: impl IntoIterator<Item = Duration>) -> Self {
        Self::of_millis(times.into_iter().map(|time| time.as_secs_f64() * 1000.0))
    }

    /// Of milliseconds.
    pub fn of_millis(times: impl IntoIterator<Item = f64>) -> Self {
        let mut times: Vec<f64> = times.into_iter().collect();
        times.sort_by(f64::total_cmp);
        Self(times)
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// The time that this share of them (0 to 1) does not exceed, in milliseconds; 0 where there are none.
    pub fn at(&self, share: f64) -> f64 {
        let rank = (self.0.len() as f64 * share).ceil() as usize;
        self.0.get(rank.saturating_sub(1)).copied().unwrap_or_default()
    }

    /// The middle one.
    pub fn median(&self) -> f64 {
        self.at(0.5)
    }
}
