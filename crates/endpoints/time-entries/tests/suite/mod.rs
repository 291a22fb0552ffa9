//! A fresh database for each case, with the rights of the service's own role, and calls in one word.
//! There is no store in memory: the rules between entries are the database's (docs/adr/0006).

#![allow(dead_code, reason = "each test program uses its part")]

use api::{Caller, Endpoint};
use endpoints_time_entries::{Bulk, Collection, Item, Timer};
use http::Method;
use serde_json::{Value, json};
use testkit::{Answer, Database, NativeSql, caller, tracking};

pub struct World {
    pub db: NativeSql,
    pub behind: Database,
    pub who: Caller,
}

impl World {
    pub async fn new() -> Self {
        let behind = Database::new().await;
        Self { db: NativeSql(behind.as_role("tracking_api").await), behind, who: caller() }
    }

    pub async fn call<E: Endpoint>(&self, method: Method, target: &str, body: Value) -> Answer {
        self.call_as::<E>(&self.who, method, target, body, &[]).await
    }

    pub async fn call_as<E: Endpoint>(
        &self,
        who: &Caller,
        method: Method,
        target: &str,
        body: Value,
        headers: &[(&str, &str)],
    ) -> Answer {
        testkit::call::<E>(&self.db, who, method, target, body, headers).await
    }

    /// A call whose body is this text.
    pub async fn send<E: Endpoint>(&self, method: Method, body: &str) -> Answer {
        testkit::send::<E>(&self.db, &self.who, method, "", body, &[]).await
    }

    pub async fn create(&self, body: Value) -> Answer {
        self.call::<Collection>(Method::POST, "", body).await
    }

    pub async fn list(&self, query: &str) -> Answer {
        self.call::<Collection>(Method::GET, query, Value::Null).await
    }

    pub async fn read(&self, id: &str) -> Answer {
        self.call::<Item>(Method::GET, id, Value::Null).await
    }

    pub async fn change(&self, id: &str, body: Value) -> Answer {
        self.call::<Item>(Method::PATCH, id, body).await
    }

    pub async fn delete(&self, id: &str) -> Answer {
        self.call::<Item>(Method::DELETE, id, Value::Null).await
    }

    pub async fn bulk(&self, body: Value) -> Answer {
        self.call::<Bulk>(Method::POST, "", body).await
    }

    pub async fn timer(&self) -> Answer {
        self.call::<Timer>(Method::GET, "", Value::Null).await
    }

    /// A project, client, task or tag, made by the caller.
    pub async fn item(&self, kind: &str, name: &str, parent: Option<&str>) -> String {
        let item = tracking::create_item(&self.db, &self.who, kind, name, parent).await;
        item["id"].as_str().unwrap().to_owned()
    }

    /// How many events there are, all told.
    pub async fn events(&self) -> i64 {
        self.behind
            .admin()
            .await
            .query_one("SELECT count(*) FROM tracking.events WHERE type NOT LIKE 'timetracker.user.%'", &[])
            .await
            .unwrap()
            .get(0)
    }
}

/// An hour of one day.
pub fn hour(from: u8) -> Value {
    json!({ "start": format!("2026-05-04T{from:02}:00:00Z"), "end": format!("2026-05-04T{:02}:00:00Z", from + 1) })
}

/// So many minutes ago, in RFC 3339.
pub fn ago(minutes: i64) -> String {
    before(chrono::Utc::now(), minutes)
}

/// So many minutes before `now`, in RFC 3339: where the seconds between two readings of the clock count.
pub fn before(now: chrono::DateTime<chrono::Utc>, minutes: i64) -> String {
    (now - chrono::TimeDelta::minutes(minutes)).to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
}
