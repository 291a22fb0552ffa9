//! `/api/v1/me`: who one is (from the token) and what one prefers (from the database).

use api::sql::Database;
use api::{Call, Done, Problem, ProblemType, Reply, expect, json_body, present, write};
use chrono_tz::Tz;
use domain::{Role, WeekStart};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

const PROFILE: &str = include_str!("sql/profile.sql");

/// A language of the app.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Locale {
    /// English
    #[default]
    En,
    /// French
    Fr,
    /// German
    De,
}

/// What a person prefers. Changes concern later entries only.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Profile {
    zone: String,
    locale: Locale,
    week_start: WeekStart,
    daily_target_minutes: i64,
    forgotten_after_minutes: i64,
    version: i64,
}

/// Whoever has changed nothing yet. The columns of `tracking.users` have the same defaults.
impl Default for Profile {
    fn default() -> Self {
        Self {
            zone: "UTC".to_owned(),
            locale: Locale::default(),
            week_start: WeekStart::default(),
            daily_target_minutes: 480,
            forgotten_after_minutes: 600,
            version: 0,
        }
    }
}

/// The caller.
#[derive(Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Me, example = json!({
    "id": "0b6f0f3e-6f6e-4c59-9e43-1f6d3f8f2f10", "username": "alice", "name": "Alice Martin", "roles": ["user"],
    "zone": "Europe/Zurich", "locale": "fr", "week_start": "iso", "daily_target_minutes": 480,
    "forgotten_after_minutes": 600, "version": 1})))]
pub struct MeView {
    /// Keycloak's user id.
    id: Uuid,
    /// The login name.
    username: String,
    /// The name to show.
    name: String,
    /// `user`, `manager`, `admin`
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<String>))]
    roles: Vec<Role>,
    /// The IANA zone that entries get where they name none.
    zone: String,
    /// The language of the app.
    locale: Locale,
    /// Where weeks begin: `monday`, `sunday`, or `iso` (Monday, numbered).
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    week_start: WeekStart,
    /// How much one wants to work on a day.
    daily_target_minutes: i64,
    /// After how long a running timer counts as forgotten.
    forgotten_after_minutes: i64,
    /// Rises with each change; the ETag. 0 where nothing was ever changed.
    version: i64,
}

/// What is to change; what is absent stays.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = MeChange, example = json!({
    "zone": "Europe/Zurich", "week_start": "iso"})))]
pub struct ChangeMe {
    /// The IANA zone that later entries get where they name none.
    #[serde(deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(nullable = false, max_length = 64))]
    zone: Option<String>,
    /// The language of the app.
    #[serde(deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(nullable = false, value_type = Option<String>, pattern = "^(en|fr|de)$"))]
    locale: Option<Locale>,
    /// Where weeks begin.
    #[serde(deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(nullable = false, value_type = Option<String>, pattern = "^(monday|sunday|iso)$"))]
    week_start: Option<WeekStart>,
    /// How much one wants to work on a day.
    #[serde(deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(nullable = false, minimum = 0, maximum = 1440))]
    daily_target_minutes: Option<i64>,
    /// After how long a running timer counts as forgotten.
    #[serde(deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(nullable = false, minimum = 1, maximum = 1440))]
    forgotten_after_minutes: Option<i64>,
}

impl ChangeMe {
    fn check(&self) -> Result<(), Problem> {
        let invalid = |field: &str, words: &str| Err(Problem::new(ProblemType::Invalid, words).field(field));
        if self.zone.as_ref().is_some_and(|zone| zone.parse::<Tz>().is_err()) {
            return invalid("zone", "An IANA time zone such as Europe/Zurich.");
        }
        if self.daily_target_minutes.is_some_and(|minutes| !(0..=1440).contains(&minutes)) {
            return invalid("daily_target_minutes", "0 to 1440.");
        }
        if self.forgotten_after_minutes.is_some_and(|minutes| !(1..=1440).contains(&minutes)) {
            return invalid("forgotten_after_minutes", "1 to 1440.");
        }
        Ok(())
    }
}

/// Read one's profile
///
/// Who one is comes from the token, what one prefers from here.
#[cfg_attr(feature = "openapi", utoipa::path(
    get, path = "/api/v1/me", tag = "settings",
    responses((status = 200, description = "The caller", body = MeView)),
))]
pub(crate) async fn read_me(db: &impl Database, call: Call) -> Result<Reply, Problem> {
    let profile = profile(db, &call).await?;
    let version = profile.version;
    Ok(Reply::ok(&view(&call, profile))?.tagged(version))
}

/// Change one's preferences
///
/// Entries that are there keep their own zone.
#[cfg_attr(feature = "openapi", utoipa::path(
    patch, path = "/api/v1/me", tag = "settings", request_body = ChangeMe,
    responses((status = 200, description = "The caller", body = MeView)),
))]
pub(crate) async fn change_me(db: &impl Database, call: Call) -> Result<Reply, Problem> {
    let wish: ChangeMe = json_body(&call.body)?;
    wish.check()?;
    let written = write(db, &call, "change_profile", async || {
        let old = profile(db, &call).await?;
        expect(&call, old.version)?;
        Ok(json!({
            "version": old.version,
            "zone": wish.zone.as_ref().unwrap_or(&old.zone),
            "locale": wish.locale.unwrap_or(old.locale),
            "week_start": wish.week_start.unwrap_or(old.week_start),
            "daily_target_minutes": wish.daily_target_minutes.unwrap_or(old.daily_target_minutes),
            "forgotten_after_minutes": wish.forgotten_after_minutes.unwrap_or(old.forgotten_after_minutes),
        }))
    });
    let Done { value, replayed }: Done<Profile> = written.await?;
    let version = value.version;
    Ok(Done { value: view(&call, value), replayed }.reply(StatusCode::OK)?.tagged(version))
}

async fn profile(db: &impl Database, call: &Call) -> Result<Profile, Problem> {
    let rows = db.query(PROFILE, vec![call.caller.id.into()]).await?;
    Ok(rows.first().map_or_else(|| Ok(Profile::default()), |row| row.read(0))?)
}

fn view(call: &Call, profile: Profile) -> MeView {
    let caller = &call.caller;
    let Profile { zone, locale, week_start, daily_target_minutes, forgotten_after_minutes, version } =
        profile;
    MeView {
        id: caller.id,
        username: caller.username.clone(),
        name: caller.name.clone(),
        roles: caller.roles.clone(),
        zone,
        locale,
        week_start,
        daily_target_minutes,
        forgotten_after_minutes,
        version,
    }
}
