//! The entries behind a report: which, in which order, with which names and how much of their time.

#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

mod suite;

use chrono::{NaiveDate, TimeDelta};
use endpoints_reports::{Detailed, Filter, Scope, Span, page};
use fastrand::Rng;
use serde_json::{Value, json};
use suite::{ACME, ATLAS, BOREALIS, DESIGN, Entry, Model, REMOTE, URGENT};
use uuid::Uuid;

const MAY: &str = "from=2026-05-01&to=2026-05-31";

fn ids(answer: &Value) -> Vec<Uuid> {
    let items = answer["items"].as_array().unwrap_or_else(|| panic!("{answer}")).iter();
    items.map(|item| item["entry_id"].as_str().unwrap().parse().unwrap()).collect()
}

#[tokio::test]
async fn a_line_has_all_names_and_the_time_inside_the_span() {
    let model = Model::empty().await;
    let alice = model.alice.id;
    let day: NaiveDate = "2026-05-31".parse().unwrap();
    let entry = Entry {
        user: alice,
        description: "Plan".to_owned(),
        project: Some(ATLAS),
        task: Some(DESIGN),
        tags: vec![URGENT, REMOTE],
        billable: true,
        currency: Some("EUR"),
        days: vec![(day, 3600, 4000, Some(100)), (day.succ_opt().unwrap(), 60, 70, Some(3))],
        ..Entry::on("2026-05-31", 1)
    };
    let running = json!({ "entry_id": Uuid::new_v4(), "user_id": alice, "version": 1, "currency": null, "days": [],
        "after": { "start": "2026-05-31T20:00:00Z", "end": null, "zone": "UTC", "description": "", "project_id": null,
            "task_id": null, "tag_ids": [], "billable": false } });
    model.apply(&[entry.json(), running], &[], &[]).await;
    let unknown = |id: Uuid| json!({ "id": id, "name": null, "color": null });
    let known = |id: Uuid, name: &str| json!({ "id": id, "name": name, "color": "#4f6bed" });
    let mut line = json!({
        "entry_id": entry.id, "user": { "id": alice, "name": null }, "start": "2026-05-31T09:00:00Z",
        "end": "2026-05-31T10:01:00Z", "zone": "Europe/Zurich", "description": "Plan", "project": unknown(ATLAS),
        "client": null, "task": unknown(DESIGN), "tags": [unknown(URGENT), unknown(REMOTE)], "billable": true,
        "seconds": 3600, "rounded_seconds": 4000, "amount": 100, "currency": "EUR",
    });
    let (status, answer) = model.ask::<Detailed>(MAY).await;
    assert_eq!(status, 200, "{answer}");
    let expected = json!({ "from": "2026-05-01", "to": "2026-05-31", "items": [line], "next_cursor": null });
    assert_eq!(answer, expected);

    for (kind, id, name, parent) in [
        ("project", ATLAS, "Atlas", Some(ACME)),
        ("client", ACME, "Acme", None),
        ("task", DESIGN, "Design", Some(ATLAS)),
        ("tag", URGENT, "urgent", None),
        ("tag", REMOTE, "remote", None),
    ] {
        model.name(kind, id, 1, name, parent).await;
    }
    model.person(alice, "Alice", "UTC", "iso", 480).await;
    line["user"]["name"] = "Alice".into();
    line["project"] = known(ATLAS, "Atlas");
    line["client"] = known(ACME, "Acme");
    line["task"] = known(DESIGN, "Design");
    line["tags"] = json!([known(REMOTE, "remote"), known(URGENT, "urgent")]);
    assert_eq!(model.ask::<Detailed>(MAY).await.1["items"], json!([line]));
    // The other part, and both.
    for (span, seconds) in [("2026-06-01&to=2026-06-01", 60), ("2026-05-31&to=2026-06-01", 3660)] {
        let (_, answer) = model.ask::<Detailed>(&format!("from={span}")).await;
        assert_eq!(answer["items"][0]["seconds"], seconds);
    }
    for empty in ["from=2026-05-01&to=2026-05-30", "from=2026-06-02&to=2026-06-30"] {
        assert_eq!(model.ask::<Detailed>(empty).await.1["items"], json!([]));
    }
}

#[tokio::test]
async fn filters_and_texts_choose() {
    let model = Model::empty().await;
    let user = model.alice.id;
    let one = Entry {
        user,
        description: "100% done_now".to_owned(),
        project: Some(ATLAS),
        task: Some(DESIGN),
        tags: vec![URGENT],
        billable: true,
        ..Entry::on("2026-05-04", 60)
    };
    let two =
        Entry { user, project: Some(BOREALIS), tags: vec![URGENT, REMOTE], ..Entry::on("2026-05-05", 60) };
    let other = Entry { user: model.boss.id, project: Some(ATLAS), ..Entry::on("2026-05-06", 60) };
    let gone = Entry { user, version: 2, deleted: true, ..Entry::on("2026-05-07", 60) };
    model.apply(&[one.json(), two.json(), other.json(), gone.json()], &[], &[]).await;
    model.name("project", ATLAS, 1, "Atlas", Some(ACME)).await;
    model.name("client", ACME, 1, "Acme", None).await;
    model.name("task", DESIGN, 1, "Design", Some(ATLAS)).await;
    model.name("tag", REMOTE, 1, "remote", None).await;
    for (query, expected) in [
        (String::new(), vec![two.id, one.id]),
        (format!("project={ATLAS}"), vec![one.id]),
        (format!("client={ACME}"), vec![one.id]),
        (format!("task={DESIGN}"), vec![one.id]),
        (format!("tag={URGENT}"), vec![two.id, one.id]),
        (format!("tag={REMOTE}"), vec![two.id]),
        (format!("tag={URGENT}&project={BOREALIS}"), vec![two.id]),
        ("billable=true".into(), vec![one.id]),
        ("billable=false".into(), vec![two.id]),
        ("q=DONE_".into(), vec![one.id]),
        ("q=100%25".into(), vec![one.id]),
        ("q=1%25d".into(), vec![]),
        ("q=atla".into(), vec![one.id]),
        ("q=acme".into(), vec![one.id]),
        ("q=sign".into(), vec![one.id]),
        ("q=remo".into(), vec![two.id]),
    ] {
        let (status, answer) = model.ask::<Detailed>(&format!("{MAY}&{query}")).await;
        assert_eq!((status, ids(&answer)), (200, expected), "{query}");
    }
    assert_eq!(model.ask::<Detailed>(&format!("{MAY}&user=all")).await.0, 403);
    assert_eq!(model.ask::<Detailed>(&format!("{MAY}&user={}", model.boss.id)).await.0, 403);
    let all = model.get::<Detailed>(&model.boss, &format!("{MAY}&user=all&project={ATLAS}")).await;
    assert_eq!(ids(&all.body), [other.id, one.id]);
    let hers = model.get::<Detailed>(&model.boss, &format!("{MAY}&user={user}")).await;
    assert_eq!(ids(&hers.body), [two.id, one.id]);
}

#[tokio::test]
async fn pages_adjoin_and_have_each_entry_once() {
    let model = Model::empty().await;
    let mut rng = Rng::with_seed(7);
    let first: NaiveDate = "2026-04-25".parse().unwrap();
    let entries: Vec<Entry> = (0..60)
        .map(|_| {
            // Few starts, so that ids decide.
            let day = first + TimeDelta::days(rng.i64(0..12));
            let next = day.succ_opt().unwrap();
            let days = [(day, 600, 600, None), (next, 60, 60, None)][..rng.usize(1..=2)].to_vec();
            Entry { user: model.alice.id, days, ..Entry::on(&day.to_string(), 1) }
        })
        .collect();
    model.apply(&entries.iter().map(Entry::json).collect::<Vec<_>>(), &[], &[]).await;
    let may: NaiveDate = "2026-05-01".parse().unwrap();
    let mut inside: Vec<&Entry> =
        entries.iter().filter(|entry| entry.days.iter().any(|day| day.0 >= may)).collect();
    inside.sort_by_key(|entry| (std::cmp::Reverse(entry.start), std::cmp::Reverse(entry.id)));
    let expected: Vec<Uuid> = inside.iter().map(|entry| entry.id).collect();
    assert!((20..60).contains(&expected.len()), "{}", expected.len());

    let mut seen = Vec::new();
    let mut query = format!("{MAY}&limit=7");
    loop {
        let answer = model.get::<Detailed>(&model.alice, &query).await;
        seen.extend(ids(&answer.body));
        let Some(link) = answer.headers.get("link").and_then(|link| link.to_str().ok()) else {
            assert!(answer.body["next_cursor"].is_null());
            break;
        };
        assert!(link.contains(answer.body["next_cursor"].as_str().unwrap()));
        query = link.split(['?', '>']).nth(1).unwrap().to_owned();
    }
    assert_eq!(seen, expected);

    // The same for who reads in larger pages, without the endpoint.
    let span = Span { from: may, to: "2026-05-31".parse().unwrap() };
    let scope =
        Scope { span, user: None, client: None, project: None, task: None, tag: None, billable: None };
    assert!(scope.clone().checked(Some(api::Whose::Everybodys), &model.alice).is_err());
    let filter = Filter::new(scope.checked(None, &model.alice).unwrap(), None).unwrap();
    let begin = page(&model.reader, &filter, None, 10).await.unwrap();
    let rest = page(&model.reader, &filter, begin.last().map(|line| line.position()), 2000).await.unwrap();
    let both: Vec<Uuid> = begin.iter().chain(&rest).map(|line| line.entry_id).collect();
    assert_eq!(both, expected);
}

#[tokio::test]
async fn wrong_questions_are_refused() {
    let model = Model::new().await;
    let cursor = |at: &str| api::cursor::encode(&json!({ "at": at, "id": ATLAS })).unwrap();
    for (query, refusal, field) in [
        (String::new(), 400, "from"),
        ("from=2026-05-02&to=2026-05-01".into(), 422, "to"),
        ("from=2000-05-02&to=2026-05-01".into(), 422, "to"),
        (format!("{MAY}&limit=0"), 400, "limit"),
        (format!("{MAY}&limit=201"), 400, "limit"),
        (format!("{MAY}&q=%00"), 400, "q"),
        (format!("{MAY}&group_by=day"), 400, "group_by"),
        (format!("{MAY}&cursor=abc"), 422, "cursor"),
        (format!("{MAY}&cursor={}", cursor("-262143-01-01T00:00:00Z")), 422, "cursor"),
        (format!("{MAY}&cursor={}", cursor("+200000-01-01T00:00:00Z")), 422, "cursor"),
    ] {
        let (status, problem) = model.ask::<Detailed>(&query).await;
        assert_eq!((status, &problem["field"]), (refusal, &field.into()), "{query} {problem}");
    }
    for day in ["0001-01-01", "9999-12-31"] {
        model.track(model.alice.id, day, None, 1).await;
        let (status, answer) = model.ask::<Detailed>(&format!("from={day}&to={day}")).await;
        assert_eq!((status, ids(&answer).len()), (200, 1), "{answer}");
    }
}
