//! Demo data over PostgreSQL, with the rights of the service's own role.

#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

use api::Caller;
use chrono::{DateTime, TimeDelta, Utc};
use domain::Role;
use endpoints_demo_data::DemoData;
use http::Method;
use serde_json::{Value, json};
use testkit::tracking::{create_item, write};
use testkit::{Answer, Database, NativeSql, caller, caller_with};
use tokio_postgres::Client;
use uuid::Uuid;

struct World {
    db: NativeSql,
    behind: Client,
    admin: Caller,
    database: Database,
}

impl World {
    async fn new() -> Self {
        let database = Database::new().await;
        let db = NativeSql(database.as_role("tracking_api").await);
        let admin = caller_with(&[Role::User, Role::Admin]);
        Self { db, behind: database.admin().await, admin, database }
    }

    async fn call(&self, who: &Caller, method: Method, headers: &[(&str, &str)]) -> Answer {
        testkit::call::<DemoData>(&self.db, who, method, "", Value::Null, headers).await
    }

    async fn read(&self) -> Answer {
        self.call(&caller(), Method::GET, &[]).await
    }

    async fn fill(&self) -> Answer {
        let filled = self.call(&self.admin, Method::POST, &[]).await;
        assert_eq!(filled.status, 201, "{filled:?}");
        filled
    }

    async fn remove(&self) -> Answer {
        let removed = self.call(&self.admin, Method::DELETE, &[]).await;
        assert_eq!(removed.status, 200, "{removed:?}");
        removed
    }

    async fn number(&self, sql: &str) -> i64 {
        self.behind.query_one(sql, &[]).await.unwrap().get(0)
    }

    /// Every entry and item is as its last event says, has as many events as versions, and no log has a gap.
    async fn check_events(&self) {
        let wrong = "SELECT count(*) FROM (
            SELECT id, version, CASE WHEN deleted_at IS NULL THEN tracking.entry_state(e) END AS state FROM tracking.time_entries e
            UNION ALL
            SELECT id, version, CASE WHEN deleted_at IS NULL THEN tracking.item_state(c) END FROM tracking.catalogue c
        ) t LEFT JOIN LATERAL (
            SELECT count(*) AS events, (array_agg(envelope->'data' ORDER BY (envelope->'data'->>'version')::bigint DESC))[1] AS last
            FROM tracking.events e WHERE e.subject = t.id
        ) e ON true
        WHERE e.events <> t.version OR (e.last->>'version')::bigint <> t.version
           OR coalesce(t.state, 'null') IS DISTINCT FROM e.last->'after'";
        assert_eq!(self.number(wrong).await, 0, "tables and events differ");
        let gaps = "SELECT count(*) FROM tracking.users u
            WHERE u.event_seq <> (SELECT count(*) FROM tracking.events e WHERE e.user_id = u.id)
               OR u.event_seq <> (SELECT coalesce(max(user_seq), 0) FROM tracking.events e WHERE e.user_id = u.id)";
        assert_eq!(self.number(gaps).await, 0, "a log has gaps");
        let unsent = "SELECT count(*) FROM tracking.events e LEFT JOIN tracking.outbox o ON o.event_id = e.id
            WHERE o.routing_key IS DISTINCT FROM replace(e.type, 'timetracker.', '')";
        assert_eq!(self.number(unsent).await, 0, "events without their way out");
    }

    async fn events(&self) -> i64 {
        self.number("SELECT count(*) FROM tracking.events WHERE type NOT LIKE 'timetracker.user.%'").await
    }

    /// What is there and is no demo data, as text.
    async fn real(&self) -> Vec<String> {
        let sql = "SELECT e::text FROM tracking.time_entries e WHERE NOT demo
            UNION ALL SELECT c::text FROM tracking.catalogue c WHERE NOT demo ORDER BY 1";
        self.behind.query(sql, &[]).await.unwrap().iter().map(|row| row.get(0)).collect()
    }

    /// An id of the living demo data.
    async fn demo_item(&self, kind: &str, name: &str) -> String {
        let sql = "SELECT id::text FROM tracking.catalogue WHERE demo AND deleted_at IS NULL AND kind = $1 AND name = $2";
        self.behind.query_one(sql, &[&kind, &name]).await.unwrap().get(0)
    }
}

fn counts(answer: &Answer) -> (i64, i64) {
    let of = |name: &str| answer.body[name].as_i64().unwrap();
    (of("entries"), of("clients") + of("projects") + of("tasks") + of("tags"))
}

fn entry(start: DateTime<Utc>, end: Option<DateTime<Utc>>, more: Value) -> Value {
    let mut entry = json!({
        "id": Uuid::new_v4(), "start": start, "end": end, "zone": "UTC", "description": "Real work", "project_id": null,
        "task_id": null, "tag_ids": [], "billable": false, "days": [],
    });
    entry.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    entry
}

/// Noon, so many days ago.
fn noon(days: i64) -> DateTime<Utc> {
    (Utc::now() - TimeDelta::days(days))
        .with_time(chrono::NaiveTime::from_hms_opt(12, 0, 0).unwrap())
        .unwrap()
}

#[tokio::test]
async fn what_is_filled_in_is_counted_and_every_row_has_its_event() {
    let world = World::new().await;
    let before = world.read().await;
    assert_eq!((&before.body["present"], counts(&before)), (&false.into(), (0, 0)));
    let begun = std::time::Instant::now();
    let filled = world.fill().await;
    println!("filled in {:?}", begun.elapsed());
    let (entries, items) = counts(&filled);
    assert_eq!((&filled.body["present"], &filled.body["people"]), (&true.into(), &5.into()));
    assert!(entries > 2500 && items > 30, "{filled:?}");
    let now = world.read().await;
    assert_eq!((&now.body, now.header("etag")), (&filled.body, filled.header("etag")));
    assert_ne!(before.header("etag"), now.header("etag"));
    assert_eq!(world.events().await, entries + items);
    world.check_events().await;
    assert_eq!(world.number("SELECT count(*) FROM tracking.users WHERE demo").await, 4);
    let strangers = format!(
        "SELECT count(*) FROM tracking.events WHERE envelope->'data'->'actor'->>'id' <> '{}'",
        world.admin.id
    );
    assert_eq!(world.number(&strangers).await, 0, "who called did it");
    let future = "SELECT count(*) FROM tracking.time_entries WHERE ended_at > now()";
    assert_eq!(world.number(future).await, 0);
}

#[tokio::test]
async fn it_is_filled_in_once_by_an_admin() {
    let world = World::new().await;
    for who in [caller(), caller_with(&[Role::User, Role::Manager])] {
        assert_eq!(world.call(&who, Method::POST, &[]).await.outcome(), "403 forbidden");
        assert_eq!(world.call(&who, Method::DELETE, &[]).await.outcome(), "403 forbidden");
    }
    let filled = world.call(&world.admin, Method::POST, &[("idempotency-key", "k")]).await;
    assert_eq!((filled.status, filled.header("idempotency-replayed")), (201, ""));
    let events = world.events().await;
    let again = world.call(&world.admin, Method::POST, &[("idempotency-key", "k")]).await;
    assert_eq!((again.status, &again.body), (201, &filled.body));
    assert_eq!((again.header("idempotency-replayed"), again.header("etag")), ("true", filled.header("etag")));
    assert_eq!(world.call(&world.admin, Method::POST, &[]).await.outcome(), "409 demo-exists");
    let another = caller_with(&[Role::User, Role::Admin]);
    assert_eq!(world.call(&another, Method::POST, &[]).await.outcome(), "409 demo-exists");
    assert_eq!(world.events().await, events);
}

#[tokio::test]
async fn two_at_once_fill_it_in_once() {
    let world = World::new().await;
    let other = NativeSql(world.database.as_role("tracking_api").await);
    let another = caller_with(&[Role::User, Role::Admin]);
    let second = testkit::call::<DemoData>(&other, &another, Method::POST, "", Value::Null, &[]);
    let (one, two) = tokio::join!(world.call(&world.admin, Method::POST, &[]), second);
    let mut outcomes = [one.outcome(), two.outcome()];
    outcomes.sort();
    assert_eq!(outcomes, ["201 ", "409 demo-exists"]);
    world.check_events().await;
}

#[tokio::test]
async fn what_is_removed_is_all_of_it_and_can_be_filled_in_again() {
    let world = World::new().await;
    let filled = world.fill().await;
    let (entries, items) = counts(&filled);
    let headers = [("if-match", filled.header("etag")), ("idempotency-key", "gone")];
    let removed = world.call(&world.admin, Method::DELETE, &headers).await;
    assert_eq!(removed.body, json!({ "entries": entries, "items": items, "kept_items": 0 }));
    let again = world.call(&world.admin, Method::DELETE, &headers).await;
    assert_eq!((&again.body, again.header("idempotency-replayed")), (&removed.body, "true"));
    assert_eq!(world.read().await.body["present"], false);
    assert_eq!(world.events().await, 2 * (entries + items));
    world.check_events().await;
    let stale = world.call(&world.admin, Method::DELETE, &[("if-match", filled.header("etag"))]).await;
    assert_eq!(stale.outcome(), "412 stale");
    assert_eq!(world.remove().await.body, json!({ "entries": 0, "items": 0, "kept_items": 0 }));
    assert_eq!(counts(&world.fill().await), (entries, items));
    world.check_events().await;
}

#[tokio::test]
async fn what_is_no_demo_data_stays_and_so_does_what_it_names() {
    let world = World::new().await;
    let me = caller();
    create_item(&world.db, &me, "project", "customer PORTAL", None).await;
    world.fill().await;
    let team = world.demo_item("project", "Team").await;
    let shop = world.demo_item("project", "Online shop").await;
    let review = world.demo_item("tag", "review").await;
    assert!(!world.demo_item("project", "Customer portal 2").await.is_empty(), "names are unique");
    // Mine: an entry that names a task, one that names a tag and was deleted, a task in a project.
    let learning: String = {
        let sql = "SELECT id::text FROM tracking.catalogue WHERE demo AND name = 'Learning' AND parent_id::text = $1";
        world.behind.query_one(sql, &[&team]).await.unwrap().get(0)
    };
    let named = entry(
        noon(3),
        Some(noon(3) + TimeDelta::hours(1)),
        json!({ "project_id": team, "task_id": learning }),
    );
    write(&world.db, &me, "create_entry", named).await;
    let tagged = entry(noon(4), Some(noon(4) + TimeDelta::hours(1)), json!({ "tag_ids": [review] }));
    let tagged = write(&world.db, &me, "create_entry", tagged).await;
    write(&world.db, &me, "delete_entry", json!({ "id": tagged["id"], "version": 1 })).await;
    create_item(&world.db, &me, "task", "My own task", Some(&shop)).await;

    let before = world.real().await;
    let removed = world.remove().await;
    // Team and its task, the tag, the shop and its client.
    assert_eq!(removed.body["kept_items"], 5, "{removed:?}");
    assert_eq!(world.read().await.body["present"], false);
    let after = world.real().await;
    assert!(before.iter().all(|row| after.contains(row)), "what is real did not change");
    assert_eq!(after.len(), before.len() + 5);
    let living = "SELECT string_agg(kind || ' ' || name, ', ' ORDER BY kind, lower(name)) FROM tracking.catalogue WHERE deleted_at IS NULL";
    let living: String = world.behind.query_one(living, &[]).await.unwrap().get(0);
    let kept = "client Atelier Fontaine, project customer PORTAL, project Online shop, project Team, tag review, \
        task Learning, task My own task";
    assert_eq!(living, kept);
    world.check_events().await;
    world.fill().await;
    assert!(!world.demo_item("project", "Team 2").await.is_empty());
    world.check_events().await;
}

#[tokio::test]
async fn the_callers_own_time_stays_as_it_is() {
    let world = World::new().await;
    // A month of it, and a timer that runs for two days.
    for days in 20..50 {
        let own = entry(noon(days) - TimeDelta::hours(6), Some(noon(days) + TimeDelta::hours(6)), json!({}));
        write(&world.db, &world.admin, "create_entry", own).await;
    }
    write(&world.db, &world.admin, "create_entry", entry(noon(4), None, json!({}))).await;
    let before = world.real().await;
    world.fill().await;
    assert_eq!(world.real().await, before);
    let id = world.admin.id;
    let of_caller = format!("SELECT count(*) FROM tracking.time_entries WHERE demo AND user_id = '{id}'");
    assert!(world.number(&of_caller).await > 300);
    let beside = format!(
        "SELECT count(*) FROM tracking.time_entries d JOIN tracking.time_entries e ON e.user_id = d.user_id AND NOT e.demo
         AND tstzrange(e.started_at, e.ended_at) && tstzrange(d.started_at, d.ended_at) WHERE d.demo AND d.user_id = '{id}'"
    );
    assert_eq!(world.number(&beside).await, 0, "it makes room for what is real");
    world.remove().await;
    assert_eq!(world.real().await, before);
    world.check_events().await;
}

#[tokio::test]
async fn settled_time_is_left_alone() {
    let world = World::new().await;
    let lock =
        |version: i64, before: Option<DateTime<Utc>>| json!({ "version": version, "locked_before": before });
    write(&world.db, &world.admin, "set_lock", lock(1, Some(noon(30)))).await;
    assert_eq!(world.call(&world.admin, Method::POST, &[]).await.outcome(), "409 locked");
    assert_eq!(world.events().await, 0);
    write(&world.db, &world.admin, "set_lock", lock(2, None)).await;
    world.fill().await;
    write(&world.db, &world.admin, "set_lock", lock(3, Some(noon(30)))).await;
    let events = world.events().await;
    assert_eq!(world.call(&world.admin, Method::DELETE, &[]).await.outcome(), "409 locked");
    assert_eq!(world.events().await, events);
}

#[tokio::test]
async fn a_change_needs_a_version_and_others_are_not_offered() {
    let world = World::new().await;
    let wrong = world.call(&world.admin, Method::DELETE, &[("if-match", "1")]).await;
    assert_eq!(wrong.outcome(), "400 malformed");
    let patch = world.call(&world.admin, Method::PATCH, &[]).await;
    assert_eq!((patch.status, patch.header("allow")), (405, "GET, POST, DELETE, HEAD"));
}
