//! `POST /api/v1/saved-reports/:id/share`: a link for whoever has it.

use api::sql::Database;
use api::{Call, Done, Instant, Problem, ProblemType, REPORTING_APP, Reply, json_body};
use chrono::{Datelike as _, Months};
use http::StatusCode;
use http::header::LOCATION;
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use crate::reports::own;
use crate::shares::{ShareView, VERSION, hash, new_token};

/// A link to make.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = NewShare, example = json!({
    "expires_at": "2026-06-01T00:00:00Z"})))]
pub struct NewShare {
    /// When it ends by itself: within a year.
    #[cfg_attr(feature = "openapi", schema(value_type = DateTime<Utc>))]
    expires_at: Instant,
}

/// A link that was made, with its secret.
#[derive(Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = MadeShare, example = json!({
    "id": "2b7e3f5a-9d2c-4b43-a1c1-2f9f6f1b0c02", "report_id": "1d8e3f5a-9d2c-4b43-a1c1-2f9f6f1b0c02",
    "expires_at": "2026-06-01T00:00:00Z", "created_at": "2026-05-04T08:30:02.120000Z",
    "token": "fSH2G0t0Rhq9uCwq3lq1vYHh2b1sQk1nq0mB9b2bQ1c"})))]
pub struct MadeShare {
    /// The link.
    #[serde(flatten)]
    share: ShareView,
    /// The secret of `/api/v1/shared-reports/:token`, told this once; null in a repeat with the same idempotency key.
    token: Option<String>,
}

/// Share a saved report by a link
///
/// Whoever has the link reads the report without login, as far as its owner may see it at that moment, until it expires
/// or is revoked.
#[cfg_attr(feature = "openapi", utoipa::path(
    post, path = "/api/v1/saved-reports/{id}/share", tag = "reports", request_body = NewShare,
    responses(
        (status = 201, description = "The link and its secret", body = MadeShare),
        (status = 409, description = "contended"),
    ),
))]
pub(crate) async fn share_saved_report(db: &impl Database, call: Call) -> Result<Reply, Problem> {
    let NewShare { expires_at: Instant(expires_at) } = json_body(&call.body)?;
    let latest = call.now + Months::new(12);
    // chrono reads years that RFC 3339 cannot write.
    if expires_at <= call.now || expires_at > latest || expires_at.year() > 9999 {
        let detail = "An instant after now, and within a year.";
        return Err(Problem::new(ProblemType::Invalid, detail).field("expires_at"));
    }
    let token = new_token();
    let written = REPORTING_APP.write(db, &call, "share_report", async || {
        let report = own(db, &call).await?;
        Ok(json!({
            "id": report.id, "version": report.version, "share_id": Uuid::new_v4(), "token_hash": hash(&token),
            "expires_at": expires_at,
        }))
    });
    let Done { value: share, replayed }: Done<ShareView> = written.await?;
    let place = format!("/api/v1/shares/{}", share.id);
    let made = MadeShare { share, token: (!replayed).then_some(token) };
    let done = Done { value: made, replayed };
    Ok(done.reply(StatusCode::CREATED)?.tagged(VERSION).header(LOCATION, &place))
}
