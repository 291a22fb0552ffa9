//! Time entries.
