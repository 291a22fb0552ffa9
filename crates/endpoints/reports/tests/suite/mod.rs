//! One suite for every read model.

use api::{Caller, Endpoint};
use chrono::NaiveDate;
use endpoints_reports::{Reports, Summary};
use http::Method;
use serde_json::{Value, json};
use testkit::{call, caller};
use uuid::Uuid;

/// A day's time of one entry.
#[derive(Debug, Clone)]
pub struct Fact {
    pub user: Uuid,
    pub day: NaiveDate,
    pub project: Option<&'static str>,
    pub seconds: i64,
}

/// Makes a test of each case below, with a model from the function `$model`.
macro_rules! tests {
    ($model:ident) => {
        suite::tests!($model: days_come_in_order, projects_come_by_falling_time, both_ends_are_included, wrong_questions_are_refused,);
    };
    ($model:ident: $($case:ident,)*) => {$(
        #[tokio::test]
        async fn $case() {
            let who = testkit::caller();
            suite::$case(&$model(suite::facts(&who)).await, &who).await;
        }
    )*};
}
pub(crate) use tests;

/// Four entries of the caller and one of somebody else.
pub fn facts(who: &Caller) -> Vec<Fact> {
    let fact =
        |day: &str, project, seconds| Fact { user: who.id, day: day.parse().unwrap(), project, seconds };
    vec![
        fact("2026-05-05", Some("Atlas"), 600),
        fact("2026-05-04", Some("Atlas"), 3600),
        fact("2026-05-04", None, 60),
        fact("2026-05-31", Some("Borealis"), 7200),
        Fact { user: caller().id, ..fact("2026-05-04", Some("Atlas"), 9999) },
    ]
}

async fn ask<P: Reports>(model: &P, who: &Caller, query: &str) -> (u16, Value) {
    match Summary::answer(model, call(who, Method::GET, &format!("?{query}"), "")).await {
        Ok(reply) => (reply.status.as_u16(), serde_json::from_slice(&reply.body.unwrap()).unwrap()),
        Err(problem) => (problem.kind.status().as_u16(), problem.document("test")),
    }
}

pub async fn days_come_in_order<P: Reports>(model: &P, who: &Caller) {
    let (status, answer) = ask(model, who, "from=2026-05-01&to=2026-05-30&group_by=day").await;
    assert_eq!(status, 200);
    assert_eq!(
        answer,
        json!({
            "from": "2026-05-01", "to": "2026-05-30", "group_by": "day", "seconds": 4260,
            "groups": [{ "key": "2026-05-04", "seconds": 3660 }, { "key": "2026-05-05", "seconds": 600 }],
        })
    );
}

pub async fn projects_come_by_falling_time<P: Reports>(model: &P, who: &Caller) {
    let (_, answer) = ask(model, who, "from=2026-05-01&to=2026-05-31&group_by=project").await;
    let groups = json!([
        { "key": "Borealis", "seconds": 7200 }, { "key": "Atlas", "seconds": 4200 }, { "key": null, "seconds": 60 },
    ]);
    assert_eq!((&answer["groups"], &answer["seconds"]), (&groups, &11460.into()));
}

pub async fn both_ends_are_included<P: Reports>(model: &P, who: &Caller) {
    let (_, answer) = ask(model, who, "from=2026-05-05&to=2026-05-31&group_by=day").await;
    assert_eq!(answer["seconds"], 7800);
    let (_, answer) = ask(model, who, "from=2026-05-06&to=2026-05-30&group_by=day").await;
    assert_eq!((&answer["seconds"], &answer["groups"]), (&0.into(), &json!([])));
}

pub async fn wrong_questions_are_refused<P: Reports>(model: &P, who: &Caller) {
    for (query, field) in [
        ("", "from"),
        ("from=2026-05-01&to=2026-05-31", "group_by"),
        ("from=2026-05-01&to=2026-02-30&group_by=day", "to"),
        ("from=2026-05-02&to=2026-05-01&group_by=day", "to"),
        ("from=2000-05-02&to=2026-05-01&group_by=day", "to"),
        ("from=2026-05-01&to=2026-05-31&group_by=week", "group_by"),
    ] {
        let (status, problem) = ask(model, who, query).await;
        assert_eq!((status, &problem["field"]), (400, &field.into()), "{query} {problem}");
    }
}
