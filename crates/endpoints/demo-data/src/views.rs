//! What there is of the demo data.

use api::Problem;
use api::sql::{Database, Error};
use serde::{Deserialize, Serialize};

/// How much demo data there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = DemoData, example = json!({
    "present": true, "people": 5, "clients": 4, "projects": 8, "tasks": 26, "tags": 6, "entries": 3471})))]
pub struct DemoView {
    /// Whether there is any.
    present: bool,
    /// People with entries among it: the invented ones, and who filled it in.
    people: i64,
    /// Its clients.
    clients: i64,
    /// Its projects.
    projects: i64,
    /// Its tasks.
    tasks: i64,
    /// Its tags.
    tags: i64,
    /// Its time entries.
    entries: i64,
}

impl DemoView {
    /// The version of this state: the numbers say it all.
    pub(crate) fn tag(&self) -> String {
        let Self { people, clients, projects, tasks, tags, entries, .. } = self;
        format!("{people}-{clients}-{projects}-{tasks}-{tags}-{entries}")
    }
}

/// What was removed, and what was not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = DemoDataRemoved, example = json!({
    "entries": 3471, "items": 43, "kept_items": 1})))]
pub struct RemovedView {
    /// Time entries that were deleted.
    entries: i64,
    /// Clients, projects, tasks and tags that were deleted.
    items: i64,
    /// Those that stay, since something that is no demo data names them; they are no demo data any more.
    kept_items: i64,
}

pub(crate) async fn state(db: &impl Database) -> Result<DemoView, Problem> {
    let rows = db.query("SELECT tracking.demo_json()", Vec::new()).await?;
    let row = rows.first().ok_or_else(|| Error::Fault("the function answered nothing".to_owned()))?;
    Ok(row.read(0)?)
}
