//! Serves spin.toml.
fn main() {}
