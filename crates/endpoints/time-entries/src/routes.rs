//! The routes and their operations.

use api::sql::Database;
use api::{Call, Endpoint, Operation, Problem, ProblemType, Reply};
use http::Method;

use crate::{bulk_entries, change_entry, continue_entry, create_entry, delete_entry};
use crate::{entry_history, list_entries, read_entry, restore_entry, timer};

/// Makes an endpoint of a route and its use cases.
macro_rules! endpoint {
    ($name:ident, $route:literal, $($method:ident => $use_case:path),+) => {
        #[doc = concat!("`", $route, "`")]
        pub struct $name;

        impl Endpoint for $name {
            const ROUTE: &'static str = $route;
            const OPERATIONS: &'static [Operation] = &[$(Operation::user(Method::$method)),+];

            async fn answer<D: Database>(db: &D, call: Call) -> Result<Reply, Problem> {
                match call.method {
                    $(Method::$method => $use_case(db, call).await,)+
                    // `api::not_offered` came before; this keeps the match whole.
                    _ => Err(ProblemType::MethodNotAllowed.into()),
                }
            }
        }
    };
}

endpoint!(Collection, "/api/v1/time-entries", GET => list_entries::list_entries, POST => create_entry::create_entry);
endpoint!(Bulk, "/api/v1/time-entries/bulk", POST => bulk_entries::bulk_entries);
endpoint!(Item, "/api/v1/time-entries/:id", GET => read_entry::read_entry,
    PATCH => change_entry::change_entry, DELETE => delete_entry::delete_entry);
endpoint!(History, "/api/v1/time-entries/:id/history", GET => entry_history::entry_history);
endpoint!(Restore, "/api/v1/time-entries/:id/restore", POST => restore_entry::restore_entry);
endpoint!(Continue, "/api/v1/time-entries/:id/continue", POST => continue_entry::continue_entry);
endpoint!(Timer, "/api/v1/timer", GET => timer::read::read_timer, POST => timer::start::start_timer,
    DELETE => timer::stop::stop_timer);
endpoint!(Switch, "/api/v1/timer/switch", POST => timer::switch::switch_timer);
endpoint!(Discard, "/api/v1/timer/discard", POST => timer::discard::discard_timer);
