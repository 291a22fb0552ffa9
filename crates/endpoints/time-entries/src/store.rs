//! What the use cases read. Writes go through `api::write`.

use api::sql::{Database, Error};
use api::{Caller, Problem};
use chrono_tz::Tz;
use uuid::Uuid;

use crate::EntryView;
use crate::views::EntryWish;

const FIND: &str = include_str!("sql/find_entry.sql");
const FIND_DELETED: &str = include_str!("sql/find_deleted_entry.sql");
const FIND_MANY: &str = include_str!("sql/find_entries.sql");
const RUNNING: &str = include_str!("sql/running_entry.sql");
const PROJECT_OF: &str =
    "SELECT parent_id FROM tracking.catalogue WHERE id = $1::uuid AND kind = 'task' AND deleted_at IS NULL";
const HOME_ZONE: &str = "SELECT zone FROM tracking.users WHERE id = $1::uuid";

/// Whose entries a caller may read: only their own, or everybody's.
pub(crate) fn readable(caller: &Caller) -> Option<Uuid> {
    (!caller.sees_everybody()).then_some(caller.id)
}

async fn one(
    db: &impl Database,
    statement: &'static str,
    owner: Option<Uuid>,
    id: Uuid,
) -> Result<EntryView, Problem> {
    let rows = db.query(statement, vec![owner.into(), id.into()]).await?;
    let row = rows.first().ok_or_else(Problem::not_found)?;
    Ok(row.read(0)?)
}

/// A living entry of `owner`, or of anybody.
pub(crate) async fn find(db: &impl Database, owner: Option<Uuid>, id: Uuid) -> Result<EntryView, Problem> {
    one(db, FIND, owner, id).await
}

/// An entry that was deleted, or the living one if it was not.
pub(crate) async fn find_deleted(db: &impl Database, owner: Uuid, id: Uuid) -> Result<EntryView, Problem> {
    one(db, FIND_DELETED, Some(owner), id).await
}

/// The entry that runs.
pub(crate) async fn running(db: &impl Database, owner: Uuid) -> Result<Option<EntryView>, Problem> {
    let rows = db.query(RUNNING, vec![owner.into()]).await?;
    Ok(rows.first().map(|row| row.read(0)).transpose()?)
}

/// The project that a task is in now; none where there is no such task.
pub(crate) async fn project_of(db: &impl Database, task: Uuid) -> Result<Option<Uuid>, Problem> {
    let rows = db.query(PROJECT_OF, vec![task.into()]).await?;
    Ok(rows.first().map(|row| row.get(0)).transpose()?)
}

/// The zone of a person's profile; UTC for somebody who is new.
pub(crate) async fn home_zone(db: &impl Database, user: Uuid) -> Result<Tz, Problem> {
    let rows = db.query(HOME_ZONE, vec![user.into()]).await?;
    let Some(row) = rows.first() else { return Ok(Tz::UTC) };
    let name = row.get::<String>(0)?;
    Ok(name.parse().map_err(|_| Error::Fault(format!("stored zone {name}")))?)
}

/// The zone of a new entry: the one that is named, or the profile's, which is asked for only then.
pub(crate) async fn zone_of(db: &impl Database, user: Uuid, wish: &EntryWish) -> Result<Tz, Problem> {
    match wish.named_zone()? {
        Some(zone) => Ok(zone),
        None => home_zone(db, user).await,
    }
}

/// The living ones of a person's entries by id.
pub(crate) async fn find_many(
    db: &impl Database,
    owner: Uuid,
    ids: &[Uuid],
) -> Result<Vec<EntryView>, Problem> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let ids = serde_json::json!(ids);
    let rows = db.query(FIND_MANY, vec![owner.into(), ids.into()]).await?;
    Ok(rows.iter().map(|row| row.read(0)).collect::<Result<_, _>>()?)
}
