//! The summary's form and refusals; `tests/sums.rs` has its sums.

#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

mod suite;

use endpoints_reports::{Summary, Weekly};
use serde_json::{Value, json};
use suite::{ACME, ATLAS, BOREALIS, Entry, Model, REMOTE, URGENT};
use uuid::Uuid;

fn group(by: &str, key: Value, name: Option<&str>, seconds: i64) -> Value {
    let keys = json!([{ "by": by, "key": key, "name": name, "color": null }]);
    json!({ "keys": keys, "seconds": seconds, "rounded_seconds": seconds, "amounts": [] })
}

fn keys(answer: &Value) -> Vec<Vec<Option<&str>>> {
    let of_group = |group: &'_ Value| group["keys"].as_array().unwrap().len();
    let groups = answer["groups"].as_array().unwrap();
    let key = |group: usize, level: usize| answer["groups"][group]["keys"][level]["key"].as_str();
    (0..groups.len()).map(|at| (0..of_group(&groups[at])).map(|level| key(at, level)).collect()).collect()
}

#[tokio::test]
async fn days_come_in_order() {
    let (status, answer) =
        Model::new().await.ask::<Summary>("from=2026-05-01&to=2026-05-30&group_by=day").await;
    assert_eq!(status, 200, "{answer}");
    let groups =
        [group("day", json!("2026-05-04"), None, 3660), group("day", json!("2026-05-05"), None, 600)];
    let totals = json!({ "seconds": 4260, "rounded_seconds": 4260, "amounts": [] });
    assert_eq!(
        answer,
        json!({ "from": "2026-05-01", "to": "2026-05-30", "group_by": ["day"], "totals": totals, "groups": groups })
    );
}

#[tokio::test]
async fn projects_come_by_falling_time_with_their_last_name() {
    let model = Model::new().await;
    let (_, answer) = model.ask::<Summary>("from=2026-05-01&to=2026-05-31&group_by=project").await;
    let mut atlas = group("project", json!(ATLAS), Some("Atlas"), 4200);
    atlas["keys"][0]["color"] = "#4f6bed".into();
    let groups = json!([
        group("project", json!(BOREALIS), None, 7200),
        atlas,
        group("project", Value::Null, None, 60)
    ]);
    assert_eq!((&answer["groups"], &answer["totals"]["seconds"]), (&groups, &11460.into()));
    model.name("project", BOREALIS, 1, "Borealis", None).await;
    let (_, answer) = model.ask::<Summary>("from=2026-05-31&to=2026-05-31&group_by=project").await;
    assert_eq!(answer["groups"][0]["keys"][0]["name"], "Borealis");
}

#[tokio::test]
async fn levels_are_ordered_one_within_the_other() {
    let model = Model::new().await;
    model.track(model.alice.id, "2026-05-06", Some(BOREALIS), 100).await;
    let (atlas, borealis) = (ATLAS.to_string(), BOREALIS.to_string());
    let (atlas, borealis) = (Some(atlas.as_str()), Some(borealis.as_str()));
    let (_, answer) = model.ask::<Summary>("from=2026-05-01&to=2026-05-31&group_by=project,day").await;
    let days = [
        vec![borealis, Some("2026-05-06")],
        vec![borealis, Some("2026-05-31")],
        vec![atlas, Some("2026-05-04")],
        vec![atlas, Some("2026-05-05")],
        vec![None, Some("2026-05-04")],
    ];
    assert_eq!(keys(&answer), days);
    let (_, answer) =
        model.ask::<Summary>("from=2026-05-01&to=2026-05-31&group_by=month,billable,project").await;
    let month = (Some("2026-05"), Some("false"));
    let groups = [borealis, atlas, None].map(|project| vec![month.0, month.1, project]);
    assert_eq!(keys(&answer), groups);
    let (_, answer) = model.ask::<Summary>("from=2026-01-01&to=2026-12-31&group_by=year").await;
    assert_eq!(keys(&answer), [[Some("2026")]]);
}

#[tokio::test]
async fn weeks_begin_where_the_caller_says_and_have_the_spans_days_only() {
    let model = Model::new().await;
    // A Sunday.
    model.track(model.alice.id, "2026-05-10", None, 1000).await;
    let week = |first: &str, name: Option<&str>, seconds| group("week", json!(first), name, seconds);
    for (query, week_start, groups) in [
        (
            "",
            "iso",
            vec![week("2026-05-04", Some("2026-W19"), 5260), week("2026-05-25", Some("2026-W22"), 7200)],
        ),
        (
            "&week_start=monday",
            "monday",
            vec![week("2026-05-04", None, 5260), week("2026-05-25", None, 7200)],
        ),
        (
            "&week_start=sunday",
            "sunday",
            vec![
                week("2026-05-03", None, 4260),
                week("2026-05-10", None, 1000),
                week("2026-05-31", None, 7200),
            ],
        ),
    ] {
        let (_, answer) =
            model.ask::<Summary>(&format!("from=2026-05-01&to=2026-05-31&group_by=week{query}")).await;
        assert_eq!(answer["groups"], json!(groups), "{query}");
        assert_eq!(
            (&answer["week_start"], &answer["totals"]["seconds"]),
            (&week_start.into(), &12460.into())
        );
    }
    let (_, answer) = model.ask::<Summary>("from=2026-05-05&to=2026-05-10&group_by=week").await;
    assert_eq!(answer["groups"], json!([week("2026-05-04", Some("2026-W19"), 1600)]));
}

#[tokio::test]
async fn time_with_two_tags_is_under_both_and_once_in_the_total() {
    let model = Model::empty().await;
    let two = Entry { user: model.alice.id, tags: vec![URGENT, REMOTE], ..Entry::on("2026-05-04", 3600) };
    let one = Entry { user: model.alice.id, tags: vec![URGENT], ..Entry::on("2026-05-05", 60) };
    let none = Entry { user: model.alice.id, ..Entry::on("2026-05-06", 5) };
    model.apply(&[two.json(), one.json(), none.json()], &[], &[]).await;
    model.name("tag", URGENT, 1, "urgent", None).await;
    for span in ["from=2026-05-01&to=2026-05-31", "from=2026-05-02&to=2026-05-31"] {
        let (_, answer) = model.ask::<Summary>(&format!("{span}&group_by=tag")).await;
        let seconds: Vec<_> = answer["groups"].as_array().unwrap().iter().map(|g| &g["seconds"]).collect();
        assert_eq!(
            (seconds, &answer["totals"]["seconds"]),
            (vec![&json!(3660), &json!(3600), &json!(5)], &json!(3665))
        );
        assert_eq!(answer["groups"][0]["keys"][0]["name"], "urgent");
        let (_, answer) = model.ask::<Summary>(&format!("{span}&group_by=tag&tag={REMOTE}")).await;
        assert_eq!(answer["groups"].as_array().unwrap().len(), 1);
        assert_eq!(
            (&answer["groups"][0]["seconds"], &answer["totals"]["seconds"]),
            (&json!(3600), &json!(3600))
        );
    }
}

#[tokio::test]
async fn a_project_that_is_moved_takes_its_past_to_its_new_client() {
    let model = Model::new().await;
    let other = Uuid::new_v4();
    model.name("client", ACME, 1, "Acme", None).await;
    model.name("client", other, 1, "Other", None).await;
    for (version, client, name) in [(2, ACME, "Acme"), (3, other, "Other")] {
        model.name("project", ATLAS, version, "Atlas", Some(client)).await;
        let (_, answer) = model.ask::<Summary>("from=2026-05-01&to=2026-05-31&group_by=client").await;
        // Borealis is not known yet: its time has no client.
        assert_eq!(keys(&answer), [[None], [Some(client.to_string().as_str())]]);
        assert_eq!(
            (&answer["groups"][0]["seconds"], &answer["groups"][1]["seconds"]),
            (&json!(7260), &json!(4200))
        );
        assert_eq!(answer["groups"][1]["keys"][0]["name"], name);
        let query = format!("from=2026-05-01&to=2026-05-31&group_by=project&client={client}");
        let (_, answer) = model.ask::<Summary>(&query).await;
        assert_eq!(answer["totals"]["seconds"], 4200);
    }
    let query = format!("from=2026-05-01&to=2026-05-31&group_by=project&client={ACME}");
    assert_eq!(model.ask::<Summary>(&query).await.1["groups"], json!([]));
}

#[tokio::test]
async fn others_time_is_for_managers() {
    let model = Model::new().await;
    model.person(model.alice.id, "Alice", "UTC", "iso", 480).await;
    let span = "from=2026-05-01&to=2026-05-31&group_by=user";
    for whose in ["all".to_owned(), model.boss.id.to_string()] {
        let (status, problem) = model.ask::<Summary>(&format!("{span}&user={whose}")).await;
        assert_eq!((status, &problem["field"]), (403, &"user".into()));
    }
    let own = model.ask::<Summary>(&format!("{span}&user={}", model.alice.id)).await;
    assert_eq!(own, model.ask::<Summary>(span).await);
    assert_eq!(own.1["groups"][0]["keys"][0]["name"], "Alice");
    let all = model.get::<Summary>(&model.boss, &format!("{span}&user=all")).await;
    assert_eq!(
        (&all.body["totals"]["seconds"], all.body["groups"].as_array().unwrap().len()),
        (&json!(21459), 2)
    );
    let hers = model.get::<Summary>(&model.boss, &format!("{span}&user={}", model.alice.id)).await;
    assert_eq!(hers.body, own.1);
    assert_eq!(model.get::<Summary>(&model.boss, span).await.body["totals"]["seconds"], 0);
}

#[tokio::test]
async fn a_report_of_too_many_groups_is_refused() {
    let model = Model::empty().await;
    let day = "2026-05-04".parse().unwrap();
    let entry = |_| Entry {
        user: model.alice.id,
        project: Some(Uuid::new_v4()),
        days: vec![(day, 1, 1, Some(1))],
        currency: Some("EUR"),
        ..Entry::on("2026-05-04", 1)
    };
    let entries: Vec<Value> = (0..10_000).map(entry).map(|entry| entry.json()).collect();
    model.apply(&entries, &[], &[]).await;
    let query = "from=2026-05-01&to=2026-05-31&group_by=project";
    let (status, answer) = model.ask::<Summary>(query).await;
    assert_eq!((status, answer["groups"].as_array().unwrap().len()), (200, 10_000));
    assert_eq!(answer["totals"]["amounts"], json!([{ "currency": "EUR", "amount": 10_000 }]));
    model.apply(&[entry(0).json()], &[], &[]).await;
    let (status, problem) = model.ask::<Summary>(query).await;
    assert_eq!((status, &problem["type"]), (422, &"/problems/too-many-groups".into()));
    assert_eq!(model.ask::<Weekly>("week=2026-05-04").await.0, 422);
    assert_eq!(model.ask::<Summary>("from=2026-05-01&to=2026-05-31&group_by=day").await.0, 200);
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
        ("from=0000-05-02&to=0000-05-03&group_by=day", 422, "from"),
        ("from=-262143-01-01&to=-262143-01-02&group_by=day", 422, "from"),
        ("from=9999-12-01&to=%2B10000-01-02&group_by=day", 422, "to"),
        ("from=2026-05-01&to=2026-05-31&group_by=moon", 400, "group_by"),
        ("from=2026-05-01&to=2026-05-31&group_by=", 400, "group_by"),
        ("from=2026-05-01&to=2026-05-31&group_by=day,", 400, "group_by"),
        ("from=2026-05-01&to=2026-05-31&group_by=day,project,day", 422, "group_by"),
        ("from=2026-05-01&to=2026-05-31&group_by=day,project,tag,task", 422, "group_by"),
        ("from=2026-05-01&to=2026-05-31&group_by=week&week_start=tuesday", 400, "week_start"),
        ("from=2026-05-01&to=2026-05-31&group_by=day&user=bob", 400, "user"),
        ("from=2026-05-01&to=2026-05-31&group_by=day&project=bob", 400, "project"),
        ("from=2026-05-01&to=2026-05-31&group_by=day&billable=1", 400, "billable"),
        ("from=2026-05-01&to=2026-05-31&group_by=day&q=x", 400, "q"),
    ] {
        let (status, problem) = model.ask::<Summary>(query).await;
        assert_eq!((status, &problem["field"]), (refusal, &field.into()), "{query} {problem}");
    }
    for day in ["0001-01-01", "9999-12-31"] {
        model.track(model.alice.id, day, None, 1).await;
        for group_by in ["day", "week", "week&week_start=sunday", "month,year", "project"] {
            let (status, answer) =
                model.ask::<Summary>(&format!("from={day}&to={day}&group_by={group_by}")).await;
            assert_eq!((status, &answer["totals"]["seconds"]), (200, &json!(1)), "{answer}");
        }
    }
}
