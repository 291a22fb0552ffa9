//! `POST /api/v1/time-entries/bulk`: many creates, changes and deletes, all or nothing.

use api::sql::Database;
use api::{Call, Done, ObjectOf, Problem, ProblemType, Reply, json_body, refusal, write};
use chrono_tz::Tz;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use crate::EntryView;
use crate::change_entry::ChangeEntry;
use crate::store::{find_many, home_zone};
use crate::views::{EntryWish, arguments};

/// The most items of one call.
const MAX_ITEMS: usize = 500;

/// Many changes at once.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = BulkTimeEntries, example = json!({
    "dry_run": true, "items": [
        {"action": "create", "entry": {"start": "2026-05-04T07:00:00Z", "end": "2026-05-04T08:00:00Z"}},
        {"action": "delete", "id": "5b1f2f9e-8f0f-4f0e-9d53-0c1c9a9b7a10", "version": 3}]})))]
pub struct BulkEntries {
    /// Only tell what would be refused.
    #[serde(default)]
    dry_run: bool,
    /// They are done in this order.
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 500, value_type = Vec<BulkItem>))]
    items: Vec<ObjectOf<BulkItem>>,
}

/// One change.
#[derive(Deserialize)]
#[serde(tag = "action", rename_all = "lowercase", deny_unknown_fields, try_from = "AnyItem")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum BulkItem {
    /// Write a new entry.
    Create {
        /// What it says.
        entry: EntryWish,
    },
    /// Change an entry that still has this version.
    Change {
        /// The entry.
        id: Uuid,
        /// The version that was read.
        version: i64,
        /// What is to change.
        change: ChangeEntry,
    },
    /// Delete an entry that still has this version.
    Delete {
        /// The entry.
        id: Uuid,
        /// The version that was read.
        version: i64,
    },
}

/// The fields of any item. serde buffers what it reads for a tagged enum, and then names no path in its errors and
/// takes a field twice.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AnyItem {
    action: Action,
    entry: Option<ObjectOf<EntryWish>>,
    id: Option<Uuid>,
    version: Option<i64>,
    change: Option<ObjectOf<ChangeEntry>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Action {
    Create,
    Change,
    Delete,
}

impl TryFrom<AnyItem> for BulkItem {
    type Error = String;

    fn try_from(item: AnyItem) -> Result<Self, String> {
        let AnyItem { action, entry, id, version, change } = item;
        let surplus = match action {
            Action::Create => {
                [id.map(|_| "id"), version.map(|_| "version"), change.as_ref().map(|_| "change")]
            }
            Action::Change => [entry.as_ref().map(|_| "entry"), None, None],
            Action::Delete => [entry.as_ref().map(|_| "entry"), change.as_ref().map(|_| "change"), None],
        };
        if let Some(field) = surplus.into_iter().flatten().next() {
            return Err(format!("unknown field `{field}` of this action"));
        }
        let missing = |field: &str| format!("missing field `{field}`");
        Ok(match action {
            Action::Create => Self::Create { entry: entry.ok_or_else(|| missing("entry"))?.0 },
            Action::Change => Self::Change {
                id: id.ok_or_else(|| missing("id"))?,
                version: version.ok_or_else(|| missing("version"))?,
                change: change.ok_or_else(|| missing("change"))?.0,
            },
            Action::Delete => Self::Delete {
                id: id.ok_or_else(|| missing("id"))?,
                version: version.ok_or_else(|| missing("version"))?,
            },
        })
    }
}

/// What came of a bulk.
#[derive(Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({
    "dry_run": true, "accepted": false, "results": [],
    "refused": [{"index": 1, "type": "/problems/stale", "title": "It has changed meanwhile", "status": 412,
        "detail": "What you read is no longer the latest."}]})))]
pub struct BulkOutcome {
    /// Whether nothing was to be written.
    dry_run: bool,
    /// Whether all of it is right.
    accepted: bool,
    /// The entries as they were written (deleted ones as they were last); empty for a dry run.
    results: Vec<BulkResult>,
    /// Each item that would be refused, in order: its index and its problem.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<Object>))]
    refused: Vec<Json>,
}

/// One item that was written.
#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BulkResult {
    /// Its place in the request, from 0.
    index: usize,
    /// The entry.
    entry: EntryView,
}

/// Create, change and delete many entries
///
/// Up to 500, in the order given, all or nothing. A dry run writes nothing and lists every item that would be refused;
/// a real run that is refused lists them too.
#[cfg_attr(feature = "openapi", utoipa::path(
    post, path = "/api/v1/time-entries/bulk", tag = "time entries", request_body = BulkEntries,
    responses((status = 200, description = "What was done, or would be", body = BulkOutcome)),
))]
pub(crate) async fn bulk_entries(db: &impl Database, call: Call) -> Result<Reply, Problem> {
    let wish: BulkEntries = json_body(&call.body)?;
    if !(1..=MAX_ITEMS).contains(&wish.items.len()) {
        let detail = format!("1 to {MAX_ITEMS} items.");
        return Err(Problem::new(ProblemType::Invalid, detail).field("items"));
    }
    let written = write(db, &call, "bulk_entries", async || prepare(db, &call, &wish).await);
    let done: Done<Vec<BulkResult>> = match written.await {
        Err(problem) if wish.dry_run && problem.kind == ProblemType::BulkRefused => {
            let refused = listed(problem);
            let accepted = refused.is_empty();
            return Reply::ok(&BulkOutcome { dry_run: true, accepted, results: Vec::new(), refused });
        }
        Err(problem) if problem.kind == ProblemType::BulkRefused => {
            return Err(Problem::from(ProblemType::BulkRefused).with("items", listed(problem)));
        }
        other => other?,
    };
    let marks = done.marked(Reply::no_content()).headers;
    let outcome = BulkOutcome { dry_run: false, accepted: true, results: done.value, refused: Vec::new() };
    let mut reply = Reply::json(StatusCode::OK, &outcome)?;
    reply.headers.extend(marks);
    Ok(reply)
}

/// The arguments of `tracking.bulk_entries`: what can be judged here is, the database judges the rest.
async fn prepare(db: &impl Database, call: &Call, wish: &BulkEntries) -> Result<Json, Problem> {
    let home = home_zone(db, call.caller.id).await?;
    let ids: Vec<Uuid> = wish.items.iter().filter_map(|ObjectOf(item)| item.changed()).collect();
    let known = find_many(db, call.caller.id, &ids).await?;
    let (mut items, mut refused) = (Vec::new(), Vec::new());
    for (index, ObjectOf(item)) in wish.items.iter().enumerate() {
        match command(item, &known, home, call) {
            Ok((command, args)) => items.push(json!({ "index": index, "command": command, "args": args })),
            Err(problem) => {
                let mut one = problem.members();
                one["index"] = index.into();
                refused.push(one);
            }
        }
    }
    Ok(json!({ "items": items, "dry_run": wish.dry_run, "refused": refused }))
}

impl BulkItem {
    fn changed(&self) -> Option<Uuid> {
        match self {
            Self::Change { id, .. } => Some(*id),
            _ => None,
        }
    }
}

fn command(
    item: &BulkItem,
    known: &[EntryView],
    home: Tz,
    call: &Call,
) -> Result<(&'static str, Json), Problem> {
    Ok(match item {
        BulkItem::Create { entry } => {
            let zone = entry.named_zone()?.unwrap_or(home);
            ("create_entry", arguments(Uuid::new_v4(), None, &entry.checked(zone, call.now)?))
        }
        BulkItem::Change { id, version, change } => {
            let old = known.iter().find(|entry| entry.id == *id).ok_or_else(Problem::not_found)?;
            if old.version != *version {
                return Err(ProblemType::Stale.into());
            }
            ("change_entry", arguments(*id, Some(*version), &change.applied_to(old, call.now)?))
        }
        BulkItem::Delete { id, version } => ("delete_entry", json!({ "id": id, "version": version })),
    })
}

/// The refused items in order, each with its own problem.
fn listed(problem: Problem) -> Vec<Json> {
    let Some(Json::Array(items)) = problem.members().get_mut("items").map(Json::take) else {
        return Vec::new();
    };
    let mut listed: Vec<Json> = items
        .into_iter()
        .map(|mut item| {
            if item.get("refused").is_none() {
                return item;
            }
            // The database names the kind only.
            let index = item["index"].take();
            if let Json::Object(members) = &mut item {
                members.remove("index");
            }
            let mut one = refusal(item).members();
            one["index"] = index;
            one
        })
        .collect();
    listed.sort_by_key(|item| item["index"].as_u64());
    listed
}
