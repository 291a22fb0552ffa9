//! The reports that show a calendar: the timesheet of a week, a year's days, and how one's day is going.

#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

mod suite;

use api::Endpoint as _;
use chrono::{DateTime, Utc};
use endpoints_reports::{Calendar, Dashboard, Weekly};
use serde_json::{Value, json};
use suite::{ATLAS, BOREALIS, DESIGN, Entry, Model};
use uuid::Uuid;

#[tokio::test]
async fn a_timesheet_has_a_row_for_each_project_and_task() {
    let model = Model::new().await;
    let design = Entry {
        user: model.alice.id,
        project: Some(ATLAS),
        task: Some(DESIGN),
        ..Entry::on("2026-05-10", 30)
    };
    model.apply(&[design.json()], &[], &[]).await;
    // In the weeks before and after.
    model.track(model.alice.id, "2026-05-03", Some(BOREALIS), 7).await;
    model.track(model.alice.id, "2026-05-11", Some(BOREALIS), 7).await;
    let (status, answer) = model.ask::<Weekly>("week=2026-05-06").await;
    assert_eq!(status, 200, "{answer}");
    let atlas = json!({ "id": ATLAS, "name": "Atlas", "color": "#4f6bed" });
    let task = json!({ "id": DESIGN, "name": null, "color": null });
    let days: Vec<String> = (4..=10).map(|day| format!("2026-05-{day:02}")).collect();
    let expected = json!({
        "name": "2026-W19", "week_start": "iso", "days": days,
        "rows": [
            { "project": atlas, "task": null, "cells": [3600, 600, 0, 0, 0, 0, 0], "seconds": 4200 },
            { "project": atlas, "task": task, "cells": [0, 0, 0, 0, 0, 0, 30], "seconds": 30 },
            { "project": null, "task": null, "cells": [60, 0, 0, 0, 0, 0, 0], "seconds": 60 },
        ],
        "totals": [3660, 600, 0, 0, 0, 0, 30], "seconds": 4290,
    });
    assert_eq!(answer, expected);

    // Weeks begin as one's profile has it, unless the query says otherwise.
    model.person(model.alice.id, "Alice", "UTC", "sunday", 480).await;
    let (_, answer) = model.ask::<Weekly>("week=2026-05-09").await;
    assert_eq!((&answer["days"][0], &answer["name"]), (&json!("2026-05-03"), &Value::Null));
    assert_eq!(
        (&answer["totals"], &answer["week_start"]),
        (&json!([7, 3660, 600, 0, 0, 0, 0]), &json!("sunday"))
    );
    let (_, answer) = model.ask::<Weekly>("week=2026-05-09&week_start=monday").await;
    assert_eq!((&answer["days"][0], &answer["week_start"]), (&json!("2026-05-04"), &json!("monday")));

    assert_eq!(model.ask::<Weekly>("week=2026-05-06&user=all").await.0, 403);
    let all = model.get::<Weekly>(&model.boss, "week=2026-05-06&user=all").await;
    assert_eq!(all.body["seconds"], 4290 + 9999);
    let none = model.get::<Weekly>(&model.boss, "week=2026-05-06").await;
    assert_eq!((&none.body["rows"], &none.body["seconds"]), (&json!([]), &json!(0)));
}

#[tokio::test]
async fn a_year_has_the_days_with_time() {
    let model = Model::new().await;
    for day in ["2025-12-31", "2026-01-01", "2026-12-31", "2027-01-01"] {
        model.track(model.alice.id, day, None, 1).await;
    }
    let (status, answer) = model.ask::<Calendar>("year=2026").await;
    let day = |day: &str, seconds: i64| json!({ "day": day, "seconds": seconds });
    let days = [
        day("2026-01-01", 1),
        day("2026-05-04", 3660),
        day("2026-05-05", 600),
        day("2026-05-31", 7200),
        day("2026-12-31", 1),
    ];
    assert_eq!((status, answer), (200, json!({ "year": 2026, "seconds": 11462, "days": days })));
    assert_eq!(model.ask::<Calendar>("year=2026&user=all").await.0, 403);
    let all = model.get::<Calendar>(&model.boss, "year=2026&user=all").await;
    assert_eq!(all.body["seconds"], 11462 + 9999);
    let hers = model.get::<Calendar>(&model.boss, &format!("year=2026&user={}", model.alice.id)).await;
    assert_eq!(hers.body["seconds"], 11462);
}

#[tokio::test]
async fn wrong_calendars_are_refused() {
    let model = Model::empty().await;
    for (query, refusal, field) in [
        ("", 400, "week"),
        ("week=2026-02-30", 400, "week"),
        ("week=0000-01-01", 422, "week"),
        ("week=0001-01-01&week_start=sunday", 422, "week"),
        ("week=9999-12-31", 422, "week"),
        ("week=%2B262142-12-31", 422, "week"),
        ("week=2026-05-04&week_start=tuesday", 400, "week_start"),
        ("week=2026-05-04&project=x", 400, "project"),
    ] {
        let (status, problem) = model.ask::<Weekly>(query).await;
        assert_eq!((status, &problem["field"]), (refusal, &field.into()), "{query} {problem}");
    }
    for (query, refusal, field) in [
        ("", 400, "year"),
        ("year=MMXXVI", 400, "year"),
        ("year=0", 422, "year"),
        ("year=10000", 422, "year"),
        ("year=-1", 422, "year"),
        ("year=2147483647", 422, "year"),
        ("year=2026&month=1", 400, "month"),
    ] {
        let (status, problem) = model.ask::<Calendar>(query).await;
        assert_eq!((status, &problem["field"]), (refusal, &field.into()), "{query} {problem}");
    }
    for query in ["year=1", "year=9999"] {
        assert_eq!(model.ask::<Calendar>(query).await.0, 200);
    }
    for query in ["week=0001-01-01", "week=9999-12-25"] {
        assert_eq!(model.ask::<Weekly>(query).await.0, 200);
    }
    let (status, problem) = model.ask::<Dashboard>("user=all").await;
    assert_eq!((status, &problem["field"]), (400, &"user".into()));
}

/// The dashboard at a time of the test's choice.
async fn dashboard(model: &Model, now: &str) -> Value {
    let now: DateTime<Utc> = now.parse().unwrap();
    let request = http::Request::get(Dashboard::ROUTE).body(Vec::new()).unwrap();
    let answer = api::answer::<Dashboard>(&model.reader, model.alice.clone(), request, now, "test").await;
    let body: Value = serde_json::from_slice(answer.body()).unwrap();
    assert_eq!(answer.status(), 200, "{body}");
    body
}

#[tokio::test]
async fn the_dashboard_is_of_ones_own_day_and_week() {
    let model = Model::new().await;
    let alice = model.alice.id;
    model.person(alice, "Alice", "Asia/Tokyo", "sunday", 60).await;
    model.track(alice, "2026-05-02", Some(BOREALIS), 1).await;
    model.track(alice, "2026-05-03", Some(BOREALIS), 20).await;
    // 5 May in Tokyo, 4 May elsewhere.
    let answer = dashboard(&model, "2026-05-04T15:30:00Z").await;
    let day = |day: &str, seconds: i64| json!({ "day": day, "seconds": seconds });
    let expected = json!({
        "zone": "Asia/Tokyo", "today": day("2026-05-05", 600),
        "week": { "first": "2026-05-03", "last": "2026-05-09", "name": null, "seconds": 4280 },
        "daily_target_seconds": 3600, "left_seconds": 3000, "streak_days": 4,
        "last_days": [day("2026-04-29", 0), day("2026-04-30", 0), day("2026-05-01", 0), day("2026-05-02", 1),
            day("2026-05-03", 20), day("2026-05-04", 3660), day("2026-05-05", 600)],
        "top_projects": [
            { "project": { "id": ATLAS, "name": "Atlas", "color": "#4f6bed" }, "seconds": 4200 },
            { "project": { "id": BOREALIS, "name": null, "color": null }, "seconds": 21 },
        ],
    });
    assert_eq!(answer, expected);
    // The target is reached, and more.
    assert_eq!(dashboard(&model, "2026-05-04T14:30:00Z").await["left_seconds"], 0);
    // A streak goes on until a whole day has passed.
    for (now, streak) in
        [("2026-05-06T12:00:00Z", 4), ("2026-05-07T12:00:00Z", 0), ("2026-05-01T12:00:00Z", 0)]
    {
        assert_eq!(dashboard(&model, now).await["streak_days"], streak, "{now}");
    }
    // 30 days: 5 May to 3 June.
    let seconds = |answer: &Value| {
        answer["top_projects"]
            .as_array()
            .unwrap()
            .iter()
            .map(|top| top["seconds"].as_i64().unwrap())
            .collect::<Vec<_>>()
    };
    assert_eq!(seconds(&dashboard(&model, "2026-06-03T12:00:00Z").await), [7200, 600]);
    assert_eq!(seconds(&dashboard(&model, "2026-06-04T12:00:00Z").await), [7200]);
}

#[tokio::test]
async fn a_streak_is_a_year_long_at_most_and_five_projects_are_named() {
    let model = Model::empty().await;
    let last: chrono::NaiveDate = "2026-05-04".parse().unwrap();
    let entry = |back: u64| Entry {
        user: model.alice.id,
        project: (back < 7).then(Uuid::new_v4),
        ..Entry::on(&(last - chrono::Days::new(back)).to_string(), 100 - i64::try_from(back % 10).unwrap())
    };
    model.apply(&(0..500).map(|back| entry(back).json()).collect::<Vec<_>>(), &[], &[]).await;
    for now in ["2026-05-04T12:00:00Z", "2026-05-05T12:00:00Z"] {
        let answer = dashboard(&model, now).await;
        assert_eq!((&answer["streak_days"], &answer["zone"]), (&json!(365), &json!("UTC")));
        assert_eq!((&answer["daily_target_seconds"], &answer["left_seconds"]), (&Value::Null, &Value::Null));
        assert_eq!(answer["week"]["name"], "2026-W19");
        let top = answer["top_projects"].as_array().unwrap();
        let seconds: Vec<_> = top.iter().map(|top| top["seconds"].as_i64().unwrap()).collect();
        assert_eq!(seconds, [100, 99, 98, 97, 96]);
    }
}
