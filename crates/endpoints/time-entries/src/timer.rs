//! The timer: the one entry of a person that runs.

pub(crate) mod discard;
pub(crate) mod read;
pub(crate) mod start;
pub(crate) mod stop;
pub(crate) mod switch;

use crate::EntryView;

/// The timer's tag: which entry runs, at which version. `none` where nothing runs.
fn tag(running: Option<&EntryView>) -> String {
    running.map_or_else(|| "none".to_owned(), |entry| format!("{}-{}", entry.id, entry.version))
}
