//! The model built anew from the log equals the one that events have built, whatever happens meanwhile.

#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

mod support;

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use api::Caller;
use events::Event;
use reporting::{Batch, FORM, Progress, ReadModel, rebuild};
use serde_json::{Value, json};
use support::{assert_equals_the_log, worker_url};
use testkit::{Database, NativeSql, tracking};
use tokio_postgres::Client;
use uuid::Uuid;

/// People who work, with what they name.
struct World {
    database: Database,
    api: NativeSql,
    people: Vec<Caller>,
    projects: Vec<Value>,
    tags: Vec<Value>,
    random: fastrand::Rng,
    /// Id, owner and version of the living entries.
    entries: Vec<(Uuid, usize, i64)>,
    /// So that no two entries share time.
    hours: i64,
}

impl World {
    async fn new() -> Self {
        let database = Database::new().await;
        let api = NativeSql(database.as_role("tracking_api").await);
        let people: Vec<Caller> = (0..3).map(|_| testkit::caller()).collect();
        let (mut projects, mut tags) = (vec![], vec![]);
        for name in ["one", "two", "three"] {
            projects.push(tracking::create_item(&api, &people[0], "project", name, None).await["id"].clone());
            tags.push(tracking::create_item(&api, &people[0], "tag", name, None).await["id"].clone());
        }
        let random = fastrand::Rng::with_seed(7);
        Self { database, api, people, projects, tags, random, entries: vec![], hours: 0 }
    }

    /// Fields of an entry at a time of its own; every fifth goes over midnight into the next day or month.
    fn fields(&mut self, id: Uuid) -> Value {
        self.hours += 1;
        let day = chrono::NaiveDate::from_ymd_opt(2026, 1, 25).unwrap() + chrono::TimeDelta::days(self.hours);
        let next = day + chrono::TimeDelta::days(1);
        let random = &mut self.random;
        let over = random.u8(0..5) == 0;
        let (start, end, days) = if over {
            let days = json!([{ "date": day, "seconds": 1800 }, { "date": next, "seconds": 600 }]);
            (format!("{day}T23:30:00Z"), format!("{next}T00:10:00Z"), days)
        } else {
            let minutes = random.i64(1..50);
            let days = json!([{ "date": day, "seconds": minutes * 60 }]);
            (format!("{day}T09:00:00Z"), format!("{day}T09:{minutes:02}:00Z"), days)
        };
        let count = random.usize(0..=2);
        let tags = random.choose_multiple(self.tags.iter(), count);
        json!({ "id": id, "start": start, "end": end, "zone": "UTC", "description": "", "days": days,
            "project_id": random.choice(&self.projects).filter(|_| !over), "tag_ids": tags, "billable": over })
    }

    /// Some random changes.
    async fn work(&mut self, changes: usize) {
        for _ in 0..changes {
            let index = self.random.usize(0..self.entries.len().max(1) * 2);
            if let Some((id, owner, version)) = self.entries.get(index).copied() {
                let who = self.people[owner].clone();
                if self.random.bool() {
                    let gone = json!({ "id": id, "version": version });
                    tracking::write(&self.api, &who, "delete_entry", gone).await;
                    self.entries.swap_remove(index);
                } else {
                    let mut fields = self.fields(id);
                    fields["version"] = json!(version);
                    tracking::write(&self.api, &who, "change_entry", fields).await;
                    self.entries[index].2 += 1;
                }
            } else {
                let (id, owner) = (Uuid::new_v4(), self.random.usize(0..self.people.len()));
                let fields = self.fields(id);
                tracking::write(&self.api, &self.people[owner], "create_entry", fields).await;
                self.entries.push((id, owner, 1));
            }
        }
    }

    /// All events, shuffled and some of them twice, as messages.
    async fn messages(&mut self) -> Vec<Event> {
        let rows = self
            .database
            .admin()
            .await
            .query("SELECT envelope::text FROM tracking.events", &[])
            .await
            .unwrap();
        let mut events: Vec<Event> =
            rows.iter().map(|row| Event::parse(row.get::<_, String>(0).as_bytes()).unwrap()).collect();
        events.extend(self.random.choose_multiple(events.clone(), 20));
        self.random.shuffle(&mut events);
        events
    }

    async fn consume(&mut self) {
        let model = ReadModel::connect(&worker_url(&self.database)).await.unwrap();
        for part in self.messages().await.chunks(7) {
            let mut batch = Batch::default();
            part.iter().for_each(|event| batch.add(event).unwrap());
            model.apply_all(&batch).await.unwrap();
        }
    }
}

async fn rows(admin: &Client, table: &str) -> Vec<String> {
    let sql = format!("SELECT t::text FROM reporting.{table} t ORDER BY 1");
    admin.query(&sql, &[]).await.unwrap().iter().map(|row| row.get(0)).collect()
}

/// Indexes by name, and the tables' settings.
async fn tables(admin: &Client) -> Vec<String> {
    let sql = "SELECT indexdef FROM pg_indexes WHERE schemaname = 'reporting'
        UNION ALL SELECT relname || coalesce(reloptions::text, '') FROM pg_class WHERE relnamespace = 'reporting'::regnamespace
        ORDER BY 1";
    admin.query(sql, &[]).await.unwrap().iter().map(|row| row.get(0)).collect()
}

#[tokio::test]
async fn events_in_any_order_make_the_model_that_the_log_makes() {
    let mut world = World::new().await;
    world.work(150).await;
    world.consume().await;
    assert_equals_the_log(&world.database).await;
    let admin = world.database.admin().await;
    let before = rows(&admin, "month_tag_totals").await;
    assert!(before.len() > 5, "{before:?}");
    let form = tables(&admin).await;
    let read = rebuild(&worker_url(&world.database), FORM, &|_| {}).await.unwrap();
    let log: i64 = admin.query_one("SELECT count(*) FROM tracking.events", &[]).await.unwrap().get(0);
    assert_eq!(read, log);
    assert_equals_the_log(&world.database).await;
    assert_eq!(rows(&admin, "month_tag_totals").await, before);
    assert_eq!(tables(&admin).await, form);
    // What the log has shown is known to the consumer too, and the next change counts once.
    world.consume().await;
    world.work(30).await;
    world.consume().await;
    assert_equals_the_log(&world.database).await;
}

#[tokio::test]
async fn a_model_in_use_gets_its_coarser_rollups_filled() {
    let mut world = World::new().await;
    world.work(60).await;
    world.consume().await;
    let admin = world.database.admin().await;
    let before = "SET ROLE migrator; \
        DROP TABLE reporting.day_sums, reporting.user_month_sums, reporting.month_tag_sums, reporting.user_year_sums";
    admin.batch_execute(before).await.unwrap();
    for migration in [
        include_str!("../../migrations/V7__coarse_rollups.sql"),
        include_str!("../../migrations/V9__years_of_people.sql"),
    ] {
        admin.batch_execute(migration).await.unwrap();
    }
    assert_eq!(migrations::apply(&mut world.database.admin().await).await.unwrap(), 0);
    assert!(rows(&admin, "month_tag_sums").await.len() > 2);
    assert!(!rows(&admin, "user_year_sums").await.is_empty());
    assert_equals_the_log(&world.database).await;
}

#[tokio::test]
async fn a_rebuild_under_writes_misses_none_of_them() {
    let mut world = World::new().await;
    world.work(100).await;
    let url = worker_url(&world.database);
    let (done, written, by_the_swap) = (AtomicBool::new(false), AtomicI64::new(0), AtomicI64::new(0));
    let writes = async {
        while !done.load(Ordering::Relaxed) {
            world.work(5).await;
            written.fetch_add(5, Ordering::Relaxed);
        }
    };
    let rebuilding = async {
        let tell = |progress| {
            if progress == Progress::Swapping {
                by_the_swap.store(written.load(Ordering::Relaxed), Ordering::Relaxed);
            }
        };
        rebuild(&url, FORM, &tell).await.unwrap();
        done.store(true, Ordering::Relaxed);
    };
    tokio::join!(writes, rebuilding);
    let (written, by_the_swap) = (written.into_inner(), by_the_swap.into_inner());
    assert!(by_the_swap > 0, "nobody wrote meanwhile");
    // What was written before the swap is in; what came after it waits for its message.
    let found = ReadModel::connect(&url).await.unwrap().verify().await.unwrap();
    assert_eq!(found.differences, []);
    assert!(found.pending <= written - by_the_swap, "{} of {by_the_swap} are missed", found.pending);
    world.consume().await;
    assert_equals_the_log(&world.database).await;
}

#[tokio::test]
async fn what_differs_is_found() {
    let mut world = World::new().await;
    world.work(40).await;
    world.consume().await;
    let admin = world.database.admin().await;
    let mut model = ReadModel::connect(&worker_url(&world.database)).await.unwrap();
    for (damage, part) in [
        (
            "UPDATE reporting.day_totals SET seconds = seconds + 1 WHERE day = (SELECT min(day) FROM reporting.day_totals)",
            "day_totals",
        ),
        ("DELETE FROM reporting.user_month_tag_totals", "user_month_tag_totals"),
        ("UPDATE reporting.entry_facts SET description = 'x' WHERE NOT deleted", "entry_facts"),
        (
            "UPDATE reporting.entry_facts SET ended_at = ended_at + interval '1 second' WHERE NOT deleted AND ended_at IS NOT NULL",
            "days",
        ),
        ("UPDATE reporting.catalogue SET name = 'x' WHERE kind = 'tag'", "catalogue"),
    ] {
        admin.batch_execute(damage).await.unwrap();
        let found = model.verify().await.unwrap();
        assert!(found.differences.iter().any(|(where_, _)| where_ == part), "{part}: {found:?}");
    }
    admin.batch_execute("DELETE FROM reporting.entry_facts WHERE entry_id = (SELECT entry_id FROM reporting.entry_facts LIMIT 1)").await.unwrap();
    assert_eq!(model.verify().await.unwrap().pending, 1);
    rebuild(&worker_url(&world.database), FORM, &|_| {}).await.unwrap();
    assert_equals_the_log(&world.database).await;
}
