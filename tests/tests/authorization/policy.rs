//! What each role may do, operation by operation.

use e2e::free_day;
use serde_json::{Value, json};

use crate::{World, named};

/// One operation: what is called, and what owner, another user, manager and admin get (200 stands for any 2xx).
pub struct Policy {
    pub operation: &'static str,
    pub path: fn(&World) -> String,
    pub body: Option<fn() -> Value>,
    pub expected: [u16; 4],
}

/// Operations that no line tests. It stays empty.
pub const WITHOUT_TEST: [&str; 0] = [];

/// How the table for people says it.
pub const REASONS: [(u16, &str); 3] = [(200, "yes"), (403, "no"), (404, "not there")];

/// Everybody, each with their own.
const ALL: [u16; 4] = [200, 200, 200, 200];
/// The owner; for the others it is not there.
const OWNER: [u16; 4] = [200, 404, 404, 404];
/// The owner and admins; for the others it is not there.
const OWNER_OR_ADMIN: [u16; 4] = [200, 404, 404, 200];
/// The owner, and for reading managers and admins.
const SEEN: [u16; 4] = [200, 404, 200, 200];
/// Who made it, managers and admins.
const KEPT: [u16; 4] = [200, 403, 200, 200];
/// Who runs the system.
const ADMIN: [u16; 4] = [403, 403, 403, 200];
/// The same, where nothing has gone wrong: there is no letter to show.
const NO_LETTER: [u16; 4] = [403, 403, 403, 404];

pub fn policies() -> Vec<Policy> {
    let mut all = vec![
        line("GET /api/v1/time-entries", |_| "/api/v1/time-entries".into(), None, ALL),
        line("POST /api/v1/time-entries", |_| "/api/v1/time-entries".into(), Some(entry), ALL),
        line("POST /api/v1/time-entries/bulk", |_| "/api/v1/time-entries/bulk".into(), Some(bulk), ALL),
        line("GET /api/v1/time-entries/:id", |w| format!("/api/v1/time-entries/{}", w.entry()), None, SEEN),
        line(
            "PATCH /api/v1/time-entries/:id",
            |w| format!("/api/v1/time-entries/{}", w.entry()),
            Some(billable),
            OWNER,
        ),
        line(
            "DELETE /api/v1/time-entries/:id",
            |w| format!("/api/v1/time-entries/{}", w.entry()),
            None,
            OWNER,
        ),
        line(
            "GET /api/v1/time-entries/:id/history",
            |w| format!("/api/v1/time-entries/{}/history", w.entry()),
            None,
            SEEN,
        ),
        line(
            "POST /api/v1/time-entries/:id/restore",
            |w| format!("/api/v1/time-entries/{}/restore", w.deleted_entry()),
            None,
            OWNER,
        ),
        line(
            "POST /api/v1/time-entries/:id/continue",
            |w| {
                w.idle();
                format!("/api/v1/time-entries/{}/continue", w.entry())
            },
            None,
            OWNER,
        ),
        line("GET /api/v1/timer", |_| "/api/v1/timer".into(), None, ALL),
        line(
            "POST /api/v1/timer",
            |w| {
                w.idle();
                "/api/v1/timer".into()
            },
            Some(|| json!({})),
            ALL,
        ),
        line(
            "DELETE /api/v1/timer",
            |w| {
                w.running();
                "/api/v1/timer".into()
            },
            None,
            ALL,
        ),
        line(
            "POST /api/v1/timer/switch",
            |w| {
                w.idle();
                "/api/v1/timer/switch".into()
            },
            Some(|| json!({})),
            ALL,
        ),
        line(
            "POST /api/v1/timer/discard",
            |w| {
                w.running();
                "/api/v1/timer/discard".into()
            },
            None,
            ALL,
        ),
        line("GET /api/v1/me", |_| "/api/v1/me".into(), None, ALL),
        line(
            "PATCH /api/v1/me",
            |_| "/api/v1/me".into(),
            Some(|| json!({ "daily_target_minutes": 450 })),
            ALL,
        ),
        line("GET /api/v1/lock", |_| "/api/v1/lock".into(), None, ALL),
        // No other test has entries that early.
        line(
            "PUT /api/v1/lock",
            |_| "/api/v1/lock".into(),
            Some(|| json!({ "locked_before": "1971-01-01T00:00:00Z" })),
            ADMIN,
        ),
        line("GET /api/v1/demo-data", |_| "/api/v1/demo-data".into(), None, ALL),
        line(
            "POST /api/v1/demo-data",
            |w| {
                w.demo_data(false);
                "/api/v1/demo-data".into()
            },
            None,
            ADMIN,
        ),
        line(
            "DELETE /api/v1/demo-data",
            |w| {
                w.demo_data(true);
                "/api/v1/demo-data".into()
            },
            None,
            ADMIN,
        ),
        line("GET /api/v1/live", |_| "/api/v1/live".into(), None, ALL),
        line(
            "GET /api/v1/reports/summary",
            |_| "/api/v1/reports/summary?from=2026-01-01&to=2026-01-31&group_by=day".into(),
            None,
            ALL,
        ),
        line(
            "GET /api/v1/reports/detailed",
            |_| "/api/v1/reports/detailed?from=2026-01-01&to=2026-01-31".into(),
            None,
            ALL,
        ),
        line("GET /api/v1/reports/weekly", |_| "/api/v1/reports/weekly?week=2026-01-01".into(), None, ALL),
        line("GET /api/v1/reports/calendar", |_| "/api/v1/reports/calendar?year=2026".into(), None, ALL),
        line("GET /api/v1/reports/dashboard", |_| "/api/v1/reports/dashboard".into(), None, ALL),
    ];
    all.extend(reports_service());
    macro_rules! catalogue {
        ($($collection:literal),*) => {$(
            all.push(line(concat!("GET /api/v1/", $collection), |_| concat!("/api/v1/", $collection).into(), None, ALL));
            let new: fn() -> Value = if $collection == "tasks" { task } else { named };
            all.push(line(concat!("POST /api/v1/", $collection), |_| concat!("/api/v1/", $collection).into(), Some(new), ALL));
            let item: fn(&World) -> String = |w| format!(concat!("/api/v1/", $collection, "/{}"), w.item($collection));
            all.push(line(concat!("GET /api/v1/", $collection, "/:id"), item, None, ALL));
            all.push(line(concat!("PATCH /api/v1/", $collection, "/:id"), item, Some(named), KEPT));
            all.push(line(concat!("DELETE /api/v1/", $collection, "/:id"), item, None, KEPT));
        )*};
    }
    catalogue!("projects", "clients", "tasks", "tags");
    all
}

/// What is beside the reports: how they are supplied, files, saved ones and links.
fn reports_service() -> Vec<Policy> {
    let own_report: fn(&World) -> String = |w| format!("/api/v1/saved-reports/{}", w.saved_report());
    vec![
        line("GET /api/v1/reports/status", |_| "/api/v1/reports/status".into(), None, ALL),
        line(
            "GET /api/v1/reports/export",
            |_| "/api/v1/reports/export?from=2026-01-01&to=2026-01-31&format=pdf".into(),
            None,
            ALL,
        ),
        line("GET /api/v1/dead-letters", |_| "/api/v1/dead-letters".into(), None, ADMIN),
        line("GET /api/v1/dead-letters/:id", |_| dead_letter(), None, NO_LETTER),
        line("DELETE /api/v1/dead-letters/:id", |_| dead_letter(), None, NO_LETTER),
        line("POST /api/v1/dead-letters/:id/replay", |_| dead_letter() + "/replay", None, NO_LETTER),
        line("GET /api/v1/saved-reports", |_| "/api/v1/saved-reports".into(), None, ALL),
        line("POST /api/v1/saved-reports", |_| "/api/v1/saved-reports".into(), Some(saved_report), ALL),
        line("GET /api/v1/saved-reports/:id", own_report, None, OWNER),
        line("PATCH /api/v1/saved-reports/:id", own_report, Some(named), OWNER),
        line("DELETE /api/v1/saved-reports/:id", own_report, None, OWNER),
        line(
            "POST /api/v1/saved-reports/:id/share",
            |w| format!("/api/v1/saved-reports/{}/share", w.saved_report()),
            Some(share),
            OWNER,
        ),
        line(
            "GET /api/v1/saved-reports/:id/shares",
            |w| format!("/api/v1/saved-reports/{}/shares", w.saved_report()),
            None,
            OWNER,
        ),
        line("GET /api/v1/shares", |_| "/api/v1/shares".into(), None, ADMIN),
        line(
            "DELETE /api/v1/shares/:id",
            |w| format!("/api/v1/shares/{}", w.share().id()),
            None,
            OWNER_OR_ADMIN,
        ),
        line(
            "GET /api/v1/shared-reports/:token",
            |w| format!("/api/v1/shared-reports/{}", w.share().json()["token"].as_str().unwrap()),
            None,
            ALL,
        ),
    ]
}

/// The address of a letter that is not there: only who may see letters is told so.
fn dead_letter() -> String {
    format!("/api/v1/dead-letters/{}", uuid::Uuid::new_v4())
}

/// A saved report with a name of its own.
pub fn saved_report() -> Value {
    let mut report = named();
    report["definition"] = json!({ "span": "this_month", "group_by": ["day"] });
    report
}

/// A link for an hour.
pub fn share() -> Value {
    json!({ "expires_at": chrono::Utc::now() + chrono::TimeDelta::hours(1) })
}

fn line(
    operation: &'static str,
    path: fn(&World) -> String,
    body: Option<fn() -> Value>,
    expected: [u16; 4],
) -> Policy {
    Policy { operation, path, body, expected }
}

fn entry() -> Value {
    let day = free_day();
    json!({ "start": format!("{day}T09:00:00Z"), "end": format!("{day}T10:00:00Z") })
}

fn bulk() -> Value {
    json!({ "items": [{ "action": "create", "entry": entry() }] })
}

fn billable() -> Value {
    json!({ "billable": true })
}

fn task() -> Value {
    let mut task = named();
    let project = e2e::login("alice").post("/api/v1/projects", &named());
    task["project_id"] = project.id().into();
    task
}
