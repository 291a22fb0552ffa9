//! `POST /api/v1/time-entries/:id/continue`: go on with what was done before.

use api::sql::Database;
use api::{Call, Problem, Reply, path_id};

use crate::store::{find, project_of};
use crate::timer::switch::{TimerWish, switch};

/// Go on with an entry
///
/// Starts the timer with the description, project, task, tags and billable of the entry; a timer that runs is stopped in
/// the same step. A task that was moved meanwhile is continued in the project that it is in now.
#[cfg_attr(feature = "openapi", utoipa::path(
    post, path = "/api/v1/time-entries/{id}/continue", tag = "time entries",
    responses(
        (status = 201, description = "What was stopped and what runs now", body = crate::timer::switch::Switched),
        (status = 409, description = "overlap, locked, contended"),
    ),
))]
pub(crate) async fn continue_entry(db: &impl Database, call: Call) -> Result<Reply, Problem> {
    let id = path_id(&call.id)?;
    switch(db, &call, async || {
        let old = find(db, Some(call.caller.id), id).await?;
        let moved_to = match old.task_id {
            Some(task) => project_of(db, task).await?,
            None => None,
        };
        Ok(TimerWish {
            description: old.description,
            project_id: moved_to.or(old.project_id),
            task_id: old.task_id,
            tag_ids: old.tag_ids,
            billable: old.billable,
            ..TimerWish::default()
        }
        .entry(call.now))
    })
    .await
}
