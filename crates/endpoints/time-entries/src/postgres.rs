//! The store in PostgreSQL: reads are SELECTs, each write is one function call (migrations/functions).

use api::sql::{Database, Error, Row, Value};
use api::{Caller, TraceParent};
use domain::{Entry, Fields};
use uuid::Uuid;

use crate::{Filter, TimeEntries, Written};

const FIND: &str = include_str!("sql/find_entry.sql");
const LIST: &str = include_str!("sql/list_entries.sql");
const CREATE: &str = include_str!("sql/create_entry.sql");
const CHANGE: &str = include_str!("sql/change_entry.sql");
const DELETE: &str = include_str!("sql/delete_entry.sql");

/// Time entries in the schema `tracking`.
pub struct PostgresTimeEntries<D>(pub D);

impl<D: Database> TimeEntries for PostgresTimeEntries<D> {
    async fn create(
        &self,
        caller: &Caller,
        trace: &TraceParent,
        id: Uuid,
        fields: Fields,
    ) -> Result<Written, Error> {
        let mut parameters = who(caller, trace, id);
        parameters.extend(what(&fields)?);
        let rows = self.0.query(CREATE, parameters).await?;
        written(caller, id, fields, rows)
    }

    async fn change(
        &self,
        caller: &Caller,
        trace: &TraceParent,
        id: Uuid,
        version: i64,
        fields: Fields,
    ) -> Result<Written, Error> {
        let mut parameters = who(caller, trace, id);
        parameters.push(version.into());
        parameters.extend(what(&fields)?);
        let rows = self.0.query(CHANGE, parameters).await?;
        written(caller, id, fields, rows)
    }

    async fn delete(&self, caller: &Caller, trace: &TraceParent, id: Uuid) -> Result<bool, Error> {
        let rows = self.0.query(DELETE, who(caller, trace, id)).await?;
        Ok(only(&rows)?.get::<String>(0)? == "deleted")
    }

    async fn find(&self, user: Uuid, id: Uuid) -> Result<Option<Entry>, Error> {
        let rows = self.0.query(FIND, vec![user.into(), id.into()]).await?;
        rows.first().map(|row| entry(user, row)).transpose()
    }

    async fn list(&self, user: Uuid, filter: &Filter, limit: usize) -> Result<Vec<Entry>, Error> {
        let after = filter.after.as_ref();
        let parameters = vec![
            user.into(),
            filter.from.into(),
            filter.to.into(),
            after.map(|position| position.start).into(),
            after.map(|position| position.id).into(),
            i64::try_from(limit).unwrap_or(i64::MAX).into(),
        ];
        self.0.query(LIST, parameters).await?.iter().map(|row| entry(user, row)).collect()
    }
}

fn who(caller: &Caller, trace: &TraceParent, id: Uuid) -> Vec<Value> {
    vec![
        caller.id.into(),
        caller.username.as_str().into(),
        caller.name.as_str().into(),
        trace.as_str().into(),
        id.into(),
    ]
}

fn what(fields: &Fields) -> Result<[Value; 6], Error> {
    let days = serde_json::to_value(fields.days()).map_err(|error| Error::Fault(error.to_string()))?;
    Ok([
        fields.start().into(),
        fields.end().into(),
        fields.zone().name().into(),
        fields.description().into(),
        fields.project().map(str::to_owned).into(),
        days.into(),
    ])
}

fn only(rows: &[Row]) -> Result<&Row, Error> {
    rows.first().ok_or_else(|| Error::Fault("the write function answered nothing".to_owned()))
}

/// outcome, version, created_at, updated_at, conflict
fn written(caller: &Caller, id: Uuid, fields: Fields, rows: Vec<Row>) -> Result<Written, Error> {
    let row = only(&rows)?;
    Ok(match row.get::<String>(0)?.as_str() {
        "created" | "changed" => Written::Done(Entry {
            id,
            user_id: caller.id,
            version: row.get(1)?,
            fields,
            created_at: row.get(2)?,
            updated_at: row.get(3)?,
        }),
        "not_found" => Written::NotFound,
        "stale" => Written::Stale,
        "overlap" => Written::Overlap(row.get(4)?),
        "running" => Written::Running(row.get(4)?),
        other => return Err(Error::Fault(format!("unknown outcome {other}"))),
    })
}

/// id, started_at, ended_at, zone, description, project, version, created_at, updated_at
fn entry(user: Uuid, row: &Row) -> Result<Entry, Error> {
    let zone = row.get::<String>(3)?;
    let zone = zone.parse().map_err(|_| Error::Fault(format!("stored zone {zone}")))?;
    let fields = Fields::new(
        row.get(1)?,
        row.get(2)?,
        zone,
        &row.get::<String>(4)?,
        row.get::<Option<String>>(5)?.as_deref(),
    )
    .map_err(|error| Error::Fault(format!("stored entry: {error}")))?;
    Ok(Entry {
        id: row.get(0)?,
        user_id: user,
        version: row.get(6)?,
        fields,
        created_at: row.get(7)?,
        updated_at: row.get(8)?,
    })
}
