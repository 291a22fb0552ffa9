//! Settings come from environment variables and fail at start with the variable's name.

use std::fmt;
use std::str::FromStr;

use anyhow::{Context, Result, anyhow};

/// A value that must not reach a log: `Debug` and `Display` hide it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// The value itself, for the one place that needs it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<String> for Secret {
    fn from(value: String) -> Self {
        Self(value)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

/// A required text; an empty one counts as missing.
pub fn required(name: &str) -> Result<String> {
    std::env::var(name)
        .ok()
        .filter(|value| !value.is_empty())
        .ok_or_else(|| anyhow!("{name} is not set (`cargo xtask env` prints the environment)"))
}

/// A required secret.
pub fn secret(name: &str) -> Result<Secret> {
    required(name).map(Secret)
}

/// A setting with a default; a value that does not parse is an error, never the default.
pub fn or_default<T>(name: &str, default: T) -> Result<T>
where
    T: FromStr,
    T::Err: std::error::Error + Send + Sync + 'static,
{
    match std::env::var(name) {
        Ok(value) if !value.is_empty() => value.parse().with_context(|| format!("{name}={value}")),
        _ => Ok(default),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_does_not_print() {
        let secret = Secret::from("hunter2".to_owned());
        assert!(!format!("{secret} {secret:?}").contains("hunter2"));
        assert_eq!(secret.expose(), "hunter2");
    }

    #[test]
    fn a_missing_variable_is_named() {
        let error = required("TIMETRACKER_SURELY_NOT_SET").unwrap_err();
        assert!(error.to_string().contains("TIMETRACKER_SURELY_NOT_SET"));
    }
}
