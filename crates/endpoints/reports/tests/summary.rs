//! The summary over the read model in PostgreSQL, written and read with the rights of the two services' roles.

#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

use api::Caller;
use endpoints_reports::Summary;
use http::Method;
use serde_json::{Value, json};
use testkit::{Database, NativeSql, call, caller};
use tokio_postgres::Client;
use uuid::{Uuid, uuid};

const ATLAS: Uuid = uuid!("c0a1f6d2-3b44-4e0f-9a77-5d1e8b2c4f01");
/// A project whose own event has not come yet.
const BOREALIS: Uuid = uuid!("5b0c1d4e-8a2f-4f6b-9c3d-7e1f2a3b4c5d");

struct Model {
    alice: Caller,
    writer: Client,
    reader: NativeSql,
}

impl Model {
    /// Four entries of Alice's, and one of somebody else's.
    async fn new() -> Self {
        let (database, alice) = (Database::new().await, caller());
        let writer = database.as_role("reporting_writer").await;
        let reader = NativeSql(database.as_role("reports_api").await);
        let model = Self { alice, writer, reader };
        let who = model.alice.id;
        model.track(who, "2026-05-05", Some(ATLAS), 600).await;
        model.track(who, "2026-05-04", Some(ATLAS), 3600).await;
        model.track(who, "2026-05-04", None, 60).await;
        model.track(who, "2026-05-31", Some(BOREALIS), 7200).await;
        model.track(caller().id, "2026-05-04", Some(ATLAS), 9999).await;
        model.name("project", ATLAS, "Atlas").await;
        // The same id as something else is something else.
        model.name("tag", ATLAS, "wrong").await;
        model
    }

    async fn track(&self, user: Uuid, day: &str, project: Option<Uuid>, seconds: i64) {
        let days = json!([{ "date": day, "seconds": seconds }]);
        let sql = "SELECT reporting.apply_entry($1, $2, 1, $3, $4)";
        self.writer.execute(sql, &[&Uuid::new_v4(), &user, &project, &days]).await.unwrap();
    }

    async fn name(&self, kind: &str, id: Uuid, name: &str) {
        let sql = "SELECT reporting.apply_catalogue($1, $2, 1, $3, '#4f6bed', true, NULL, true)";
        self.writer.execute(sql, &[&kind, &id, &name]).await.unwrap();
    }

    async fn ask(&self, query: &str) -> (u16, Value) {
        let target = format!("?{query}");
        let answer = call::<Summary>(&self.reader, &self.alice, Method::GET, &target, Value::Null, &[]).await;
        (answer.status, answer.body)
    }
}

fn group(key: &str, name: Option<&str>, seconds: i64) -> Value {
    json!({ "key": key, "name": name, "color": null, "seconds": seconds })
}

#[tokio::test]
async fn days_come_in_order() {
    let (status, answer) = Model::new().await.ask("from=2026-05-01&to=2026-05-30&group_by=day").await;
    assert_eq!(status, 200);
    let groups = [group("2026-05-04", None, 3660), group("2026-05-05", None, 600)];
    assert_eq!(
        answer,
        json!({
            "from": "2026-05-01", "to": "2026-05-30", "group_by": "day", "seconds": 4260, "groups": groups,
        })
    );
}

#[tokio::test]
async fn projects_come_by_falling_time_with_their_last_name() {
    let model = Model::new().await;
    let (_, answer) = model.ask("from=2026-05-01&to=2026-05-31&group_by=project").await;
    let groups = json!([
        { "key": BOREALIS, "name": null, "color": null, "seconds": 7200 },
        { "key": ATLAS, "name": "Atlas", "color": "#4f6bed", "seconds": 4200 },
        { "key": null, "name": null, "color": null, "seconds": 60 },
    ]);
    assert_eq!((&answer["groups"], &answer["seconds"]), (&groups, &11460.into()));
    model.name("project", BOREALIS, "Borealis").await;
    let (_, answer) = model.ask("from=2026-05-31&to=2026-05-31&group_by=project").await;
    assert_eq!(answer["groups"][0]["name"], "Borealis");
}

#[tokio::test]
async fn weeks_begin_where_the_caller_says_and_have_the_spans_days_only() {
    let model = Model::new().await;
    // A Sunday.
    model.track(model.alice.id, "2026-05-10", None, 1000).await;
    for (query, week_start, groups) in [
        (
            "",
            "iso",
            [group("2026-05-04", Some("2026-W19"), 5260), group("2026-05-25", Some("2026-W22"), 7200)]
                .to_vec(),
        ),
        (
            "&week_start=monday",
            "monday",
            [group("2026-05-04", None, 5260), group("2026-05-25", None, 7200)].to_vec(),
        ),
        (
            "&week_start=sunday",
            "sunday",
            [
                group("2026-05-03", None, 4260),
                group("2026-05-10", None, 1000),
                group("2026-05-31", None, 7200),
            ]
            .to_vec(),
        ),
    ] {
        let (_, answer) = model.ask(&format!("from=2026-05-01&to=2026-05-31&group_by=week{query}")).await;
        assert_eq!(answer["groups"], json!(groups), "{query}");
        assert_eq!((&answer["week_start"], &answer["seconds"]), (&week_start.into(), &12460.into()));
    }
    let (_, answer) = model.ask("from=2026-05-05&to=2026-05-10&group_by=week").await;
    assert_eq!(answer["groups"], json!([group("2026-05-04", Some("2026-W19"), 1600)]));
}

#[tokio::test]
async fn both_ends_are_included() {
    let model = Model::new().await;
    let (_, answer) = model.ask("from=2026-05-05&to=2026-05-31&group_by=day").await;
    assert_eq!(answer["seconds"], 7800);
    let (_, answer) = model.ask("from=2026-05-06&to=2026-05-30&group_by=day").await;
    assert_eq!((&answer["seconds"], &answer["groups"]), (&0.into(), &json!([])));
}

#[tokio::test]
async fn wrong_questions_are_refused_and_the_ends_of_time_are_not() {
    let model = Model::new().await;
    for (query, refusal, field) in [
        ("", 400, "from"),
        ("from=2026-05-01&to=2026-05-31", 400, "group_by"),
        ("from=2026-05-01&to=2026-02-30&group_by=day", 400, "to"),
        ("from=2026-05-02&to=2026-05-01&group_by=day", 422, "to"),
        ("from=2000-05-02&to=2026-05-01&group_by=day", 422, "to"),
        ("from=-262143-01-01&to=-262143-01-02&group_by=day", 422, "from"),
        ("from=9999-12-01&to=%2B10000-01-02&group_by=day", 422, "to"),
        ("from=2026-05-01&to=2026-05-31&group_by=moon", 400, "group_by"),
        ("from=2026-05-01&to=2026-05-31&group_by=week&week_start=tuesday", 400, "week_start"),
        ("from=2026-05-01&to=2026-05-31&group_by=day&user=bob", 400, "user"),
    ] {
        let (status, problem) = model.ask(query).await;
        assert_eq!((status, &problem["field"]), (refusal, &field.into()), "{query} {problem}");
    }
    for query in ["from=0001-01-01&to=0001-01-01", "from=9999-12-31&to=9999-12-31"] {
        for group_by in ["day", "week", "project"] {
            let (status, answer) = model.ask(&format!("{query}&group_by={group_by}")).await;
            assert_eq!(status, 200, "{answer}");
        }
    }
}
