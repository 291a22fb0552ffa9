//! The read model in PostgreSQL, written and read with the rights of the two services' roles.

#![allow(dead_code, reason = "each test program uses its part")]

use api::{Caller, Endpoint};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use domain::Role;
use http::Method;
use serde_json::{Value, json};
use testkit::{Answer, Database, NativeSql, call, caller, caller_with};
use tokio_postgres::Client;
use uuid::{Uuid, uuid};

pub const ATLAS: Uuid = uuid!("c0a1f6d2-3b44-4e0f-9a77-5d1e8b2c4f01");
/// A project whose own event has not come yet.
pub const BOREALIS: Uuid = uuid!("5b0c1d4e-8a2f-4f6b-9c3d-7e1f2a3b4c5d");
pub const ACME: Uuid = uuid!("a1b2c3d4-0000-4000-8000-000000000001");
pub const DESIGN: Uuid = uuid!("a1b2c3d4-0000-4000-8000-000000000002");
pub const URGENT: Uuid = uuid!("a1b2c3d4-0000-4000-8000-000000000003");
pub const REMOTE: Uuid = uuid!("a1b2c3d4-0000-4000-8000-000000000004");

pub struct Model {
    pub alice: Caller,
    pub boss: Caller,
    pub writer: Client,
    pub reader: NativeSql,
    pub behind: Database,
}

impl Model {
    pub async fn empty() -> Self {
        let behind = Database::new().await;
        let writer = behind.as_role("reporting_writer").await;
        let reader = NativeSql(behind.as_role("reports_api").await);
        Self { alice: caller(), boss: caller_with(&[Role::User, Role::Manager]), writer, reader, behind }
    }

    /// Four entries of Alice's, and one of somebody else's.
    pub async fn new() -> Self {
        let model = Self::empty().await;
        let who = model.alice.id;
        model.track(who, "2026-05-05", Some(ATLAS), 600).await;
        model.track(who, "2026-05-04", Some(ATLAS), 3600).await;
        model.track(who, "2026-05-04", None, 60).await;
        model.track(who, "2026-05-31", Some(BOREALIS), 7200).await;
        model.track(caller().id, "2026-05-04", Some(ATLAS), 9999).await;
        model.name("project", ATLAS, 1, "Atlas", None).await;
        // The same id as something else is something else.
        model.name("tag", ATLAS, 1, "wrong", None).await;
        model
    }

    pub async fn apply(&self, entries: &[Value], items: &[Value], people: &[Value]) {
        let batch = json!({ "entries": entries, "items": items, "people": people,
            "last_event_at": "2026-05-04T07:00:00Z" });
        self.writer.execute("SELECT reporting.apply($1)", &[&batch]).await.unwrap();
    }

    /// An entry at nine o'clock.
    pub async fn track(&self, user: Uuid, day: &str, project: Option<Uuid>, seconds: i64) -> Uuid {
        let entry = Entry { user, project, ..Entry::on(day, seconds) };
        self.apply(&[entry.json()], &[], &[]).await;
        entry.id
    }

    pub async fn name(&self, kind: &str, id: Uuid, version: i64, name: &str, parent: Option<Uuid>) {
        let item = json!({ "kind": kind, "id": id, "version": version, "name": name, "color": "#4f6bed",
            "archived": true, "parent": parent, "deleted": true });
        self.apply(&[], &[item], &[]).await;
    }

    pub async fn person(&self, id: Uuid, name: &str, zone: &str, week_start: &str, target: i64) {
        let person = json!({ "id": id, "version": 1, "username": name.to_lowercase(), "name": name, "zone": zone,
            "locale": "en", "week_start": week_start, "daily_target_minutes": target });
        self.apply(&[], &[], &[person]).await;
    }

    pub async fn get<E: Endpoint>(&self, who: &Caller, query: &str) -> Answer {
        call::<E>(&self.reader, who, Method::GET, &format!("?{query}"), Value::Null, &[]).await
    }

    /// Ask as Alice.
    pub async fn ask<E: Endpoint>(&self, query: &str) -> (u16, Value) {
        let answer = self.get::<E>(&self.alice, query).await;
        (answer.status, answer.body)
    }
}

/// An entry as its event tells it.
#[derive(Debug, Clone)]
pub struct Entry {
    pub id: Uuid,
    pub user: Uuid,
    pub version: i64,
    pub start: DateTime<Utc>,
    pub description: String,
    pub project: Option<Uuid>,
    pub task: Option<Uuid>,
    pub tags: Vec<Uuid>,
    pub billable: bool,
    pub currency: Option<&'static str>,
    /// Day, seconds, rounded seconds, amount.
    pub days: Vec<(NaiveDate, i64, i64, Option<i64>)>,
    pub deleted: bool,
}

impl Entry {
    pub fn on(day: &str, seconds: i64) -> Self {
        let day: NaiveDate = day.parse().unwrap();
        Self {
            id: Uuid::new_v4(),
            user: Uuid::nil(),
            version: 1,
            start: day.and_hms_opt(9, 0, 0).unwrap().and_utc(),
            description: String::new(),
            project: None,
            task: None,
            tags: Vec::new(),
            billable: false,
            currency: None,
            days: vec![(day, seconds, seconds, None)],
            deleted: false,
        }
    }

    pub fn json(&self) -> Value {
        let seconds = self.days.iter().map(|(_, seconds, ..)| seconds).sum();
        let days: Vec<Value> = self
            .days
            .iter()
            .map(|(day, seconds, rounded, amount)| {
                json!({ "date": day, "seconds": seconds, "rounded_seconds": rounded, "amount": amount })
            })
            .collect();
        let after = json!({
            "start": self.start, "end": self.start + TimeDelta::seconds(seconds), "zone": "Europe/Zurich",
            "description": self.description, "project_id": self.project, "task_id": self.task, "tag_ids": self.tags,
            "billable": self.billable,
        });
        json!({
            "entry_id": self.id, "user_id": self.user, "version": self.version, "before": null,
            "after": if self.deleted { Value::Null } else { after },
            "currency": if self.deleted { None } else { self.currency },
            "days": if self.deleted { json!([]) } else { json!(days) },
        })
    }
}
