//! Time entries: `/api/v1/time-entries` and `/api/v1/time-entries/:id`.
//!
//! A use case per file, over the port [`TimeEntries`]; [`PostgresTimeEntries`] is the port's one implementation in use.

mod change_entry;
mod create_entry;
mod delete_entry;
mod endpoints;
mod list_entries;
mod ports;
mod postgres;
mod read_entry;
mod views;

pub use endpoints::{Collection, Item};
pub use ports::{Filter, Position, TimeEntries, Written};
pub use postgres::PostgresTimeEntries;
pub use views::EntryView;
