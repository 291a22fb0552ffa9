//! The parameters of a statement that is put together: pieces of SQL are constants, what callers say is bound.

use api::sql::Value;

/// Values in the order of their numbers.
#[derive(Default)]
pub(crate) struct Parameters(pub Vec<Value>);

impl Parameters {
    /// Bind a value; answers how the statement names it: `$3::uuid`.
    pub fn bind(&mut self, value: impl Into<Value>, kind: &'static str) -> String {
        self.0.push(value.into());
        format!("${}::{kind}", self.0.len())
    }
}
