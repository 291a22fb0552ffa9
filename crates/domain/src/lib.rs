//! Pure rules of time tracking: no I/O, no clock, no async. Everything else depends on this crate,
//! it depends on nothing of ours.

pub mod days;
pub mod entry;
pub mod roles;
pub mod text;
pub mod weeks;

pub use days::DayShare;
pub use entry::{Draft, Fields, FieldsError};
pub use roles::Role;
pub use weeks::{Week, WeekStart};
