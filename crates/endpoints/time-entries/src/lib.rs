//! Time entries and the timer: a use case per file over SQL (`src/sql`) and `tracking.write`
//! (migrations/functions). An entry that runs is the timer.

mod bulk_entries;
mod change_entry;
mod continue_entry;
mod create_entry;
mod delete_entry;
mod entry_history;
mod list_entries;
mod read_entry;
mod restore_entry;
mod routes;
mod store;
mod timer;
mod views;

pub use routes::{Bulk, Collection, Continue, Discard, History, Item, Restore, Switch, Timer};
pub use views::EntryView;

/// The operations of this crate, for the API's document.
#[cfg(feature = "openapi")]
pub fn openapi() -> utoipa::openapi::OpenApi {
    use utoipa::OpenApi as _;
    #[derive(utoipa::OpenApi)]
    #[openapi(paths(
        list_entries::list_entries,
        create_entry::create_entry,
        bulk_entries::bulk_entries,
        read_entry::read_entry,
        change_entry::change_entry,
        delete_entry::delete_entry,
        entry_history::entry_history,
        restore_entry::restore_entry,
        continue_entry::continue_entry,
        timer::read::read_timer,
        timer::start::start_timer,
        timer::stop::stop_timer,
        timer::switch::switch_timer,
        timer::discard::discard_timer,
    ))]
    struct Operations;
    Operations::openapi()
}
