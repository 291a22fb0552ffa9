//! What a person prefers, as far as the read model knows: weeks and days are theirs.

use api::sql::{Database, Error};
use chrono_tz::Tz;
use domain::WeekStart;
use serde::Deserialize as _;
use serde::de::IntoDeserializer as _;
use serde::de::value::Error as Unreadable;
use uuid::Uuid;

const PREFERENCES: &str =
    "SELECT zone, week_start, daily_target_minutes FROM reporting.people WHERE id = $1::uuid";

/// UTC, ISO weeks and no target for whom the model does not know yet.
#[derive(Debug, Default)]
pub(crate) struct Preferences {
    pub zone: Tz,
    pub week_start: WeekStart,
    pub daily_target_seconds: Option<i64>,
}

/// Those of one person.
pub(crate) async fn preferences(db: &impl Database, person: Uuid) -> Result<Preferences, Error> {
    let rows = db.query(PREFERENCES, vec![person.into()]).await?;
    let Some(row) = rows.first() else { return Ok(Preferences::default()) };
    let (zone, week_start): (String, String) = (row.get(0)?, row.get(1)?);
    let week_start: Result<_, Unreadable> = WeekStart::deserialize(week_start.into_deserializer());
    Ok(Preferences {
        zone: zone.parse().unwrap_or_default(),
        week_start: week_start.unwrap_or_default(),
        daily_target_seconds: Some(row.get::<i64>(2)? * 60),
    })
}
