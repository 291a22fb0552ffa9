//! How the reports' supply runs: how far the read model is (`/api/v1/reports/status`), and the messages that could not
//! be applied (`/api/v1/dead-letters`), which an admin looks at, has sent again or drops.

mod drop_dead_letter;
mod letters;
mod list_dead_letters;
mod read_dead_letter;
mod read_status;
mod replay_dead_letter;

use api::sql::Database;
use api::{Call, Endpoint, Operation, Problem, ProblemType, Reply};
use http::Method;

/// `/api/v1/reports/status`
pub struct Status;

impl Endpoint for Status {
    const ROUTE: &'static str = "/api/v1/reports/status";
    const OPERATIONS: &'static [Operation] = &[Operation::user(Method::GET)];

    async fn answer<D: Database>(db: &D, call: Call) -> Result<Reply, Problem> {
        read_status::read_status(db, call).await
    }
}

/// `/api/v1/dead-letters`
pub struct DeadLetters;

impl Endpoint for DeadLetters {
    const ROUTE: &'static str = "/api/v1/dead-letters";
    const OPERATIONS: &'static [Operation] = &[Operation::admin(Method::GET)];

    async fn answer<D: Database>(db: &D, call: Call) -> Result<Reply, Problem> {
        list_dead_letters::list_dead_letters(db, call).await
    }
}

/// `/api/v1/dead-letters/:id`
pub struct DeadLetter;

impl Endpoint for DeadLetter {
    const ROUTE: &'static str = "/api/v1/dead-letters/:id";
    const OPERATIONS: &'static [Operation] =
        &[Operation::admin(Method::GET), Operation::admin(Method::DELETE)];

    async fn answer<D: Database>(db: &D, call: Call) -> Result<Reply, Problem> {
        match call.method {
            Method::GET => read_dead_letter::read_dead_letter(db, call).await,
            Method::DELETE => drop_dead_letter::drop_dead_letter(db, call).await,
            _ => Err(ProblemType::MethodNotAllowed.into()),
        }
    }
}

/// `/api/v1/dead-letters/:id/replay`
pub struct ReplayDeadLetter;

impl Endpoint for ReplayDeadLetter {
    const ROUTE: &'static str = "/api/v1/dead-letters/:id/replay";
    const OPERATIONS: &'static [Operation] = &[Operation::admin(Method::POST)];

    async fn answer<D: Database>(db: &D, call: Call) -> Result<Reply, Problem> {
        replay_dead_letter::replay_dead_letter(db, call).await
    }
}

/// The operations of this crate, for the API's document.
#[cfg(feature = "openapi")]
pub fn openapi() -> utoipa::openapi::OpenApi {
    use utoipa::OpenApi as _;
    #[derive(utoipa::OpenApi)]
    #[openapi(paths(
        read_status::read_status,
        list_dead_letters::list_dead_letters,
        read_dead_letter::read_dead_letter,
        drop_dead_letter::drop_dead_letter,
        replay_dead_letter::replay_dead_letter,
    ))]
    struct Operations;
    Operations::openapi()
}
