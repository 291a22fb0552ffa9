//! One suite for every store.

use api::{Call, Caller, Endpoint, Reply};
use endpoints_time_entries::{Collection, Item, TimeEntries};
use http::Method;
use serde_json::{Value, json};
use testkit::{call, caller};

/// Makes a test of each case below, with a fresh store from the function `$store`.
macro_rules! tests {
    ($store:ident) => {
        suite::tests!($store:
            an_entry_is_created_read_changed_and_deleted,
            a_change_leaves_out_what_it_does_not_name,
            a_running_entry_is_stopped_and_let_run_again,
            what_breaks_a_rule_is_refused_with_its_field_and_nothing_is_written,
            overlap_is_refused_and_neighbours_are_not,
            a_second_running_entry_is_refused,
            a_deleted_entry_blocks_nothing,
            another_persons_entry_is_not_found_in_every_method,
            a_list_is_paged_by_cursor_without_gaps,
            a_list_is_cut_by_from_and_to,
            a_wrong_query_is_refused_with_its_parameter,
        );
    };
    ($store:ident: $($case:ident,)*) => {$(
        #[tokio::test]
        async fn $case() {
            suite::$case(&$store().await).await;
        }
    )*};
}
pub(crate) use tests;

/// Status and JSON of an answer, refusals included.
async fn answer<P: TimeEntries>(store: &P, call: Call) -> (u16, Value) {
    let result = match call.id.is_empty() {
        true => Collection::answer(store, call).await,
        false => Item::answer(store, call).await,
    };
    match result {
        Ok(Reply { status, body, .. }) => {
            (status.as_u16(), body.map_or(Value::Null, |body| serde_json::from_slice(&body).unwrap()))
        }
        Err(problem) => (problem.kind.status().as_u16(), problem.document("test")),
    }
}

async fn post<P: TimeEntries>(store: &P, who: &Caller, body: Value) -> (u16, Value) {
    answer(store, call(who, Method::POST, "", &body.to_string())).await
}

async fn get<P: TimeEntries>(store: &P, who: &Caller, target: &str) -> (u16, Value) {
    answer(store, call(who, Method::GET, target, "")).await
}

async fn patch<P: TimeEntries>(store: &P, who: &Caller, id: &str, body: Value) -> (u16, Value) {
    answer(store, call(who, Method::PATCH, id, &body.to_string())).await
}

async fn delete<P: TimeEntries>(store: &P, who: &Caller, id: &str) -> (u16, Value) {
    answer(store, call(who, Method::DELETE, id, "")).await
}

fn id(entry: &Value) -> &str {
    entry["id"].as_str().unwrap()
}

/// An hour of one day.
fn hour(from: u8) -> Value {
    json!({ "start": format!("2026-05-04T{from:02}:00:00Z"), "end": format!("2026-05-04T{:02}:00:00Z", from + 1) })
}

pub async fn an_entry_is_created_read_changed_and_deleted<P: TimeEntries>(store: &P) {
    let who = caller();
    let wish = json!({
        "start": "2026-05-04T09:00:00+02:00", "end": "2026-05-04T10:30:00+02:00",
        "zone": "Europe/Zurich", "description": "Plan the week", "project": "Atlas",
    });
    let (status, entry) = post(store, &who, wish).await;
    assert_eq!(status, 201, "{entry}");
    assert_eq!(entry["start"], "2026-05-04T07:00:00Z");
    assert_eq!(entry["seconds"], 5400);
    assert_eq!((&entry["zone"], &entry["project"]), (&"Europe/Zurich".into(), &"Atlas".into()));
    assert_eq!((&entry["version"], &entry["user_id"]), (&1.into(), &who.id.to_string().into()));

    assert_eq!(get(store, &who, id(&entry)).await, (200, entry.clone()));

    let (status, changed) = patch(store, &who, id(&entry), json!({ "description": "Plan the month" })).await;
    assert_eq!((status, &changed["version"]), (200, &2.into()));
    assert_eq!(get(store, &who, id(&entry)).await.1["description"], "Plan the month");

    assert_eq!(delete(store, &who, id(&entry)).await, (204, Value::Null));
    assert_eq!(get(store, &who, id(&entry)).await.0, 404);
    assert_eq!(delete(store, &who, id(&entry)).await.0, 404);
    assert_eq!(patch(store, &who, id(&entry), json!({})).await.0, 404);
}

pub async fn a_change_leaves_out_what_it_does_not_name<P: TimeEntries>(store: &P) {
    let who = caller();
    let mut wish = hour(9);
    wish["project"] = "Atlas".into();
    wish["description"] = "Write".into();
    let (_, entry) = post(store, &who, wish).await;
    let (_, same) = patch(store, &who, id(&entry), json!({})).await;
    assert_eq!(same, entry, "a change of nothing is no new version");
    let (_, changed) = patch(store, &who, id(&entry), json!({ "project": null })).await;
    assert_eq!((&changed["project"], &changed["description"]), (&Value::Null, &"Write".into()));
    assert_eq!((&changed["start"], &changed["end"]), (&entry["start"], &entry["end"]));
}

pub async fn a_running_entry_is_stopped_and_let_run_again<P: TimeEntries>(store: &P) {
    let who = caller();
    let (_, entry) = post(store, &who, json!({ "start": "2026-05-04T09:00:00Z" })).await;
    assert_eq!((&entry["end"], &entry["seconds"]), (&Value::Null, &Value::Null));
    let (_, stopped) = patch(store, &who, id(&entry), json!({ "end": "2026-05-04T09:10:00Z" })).await;
    assert_eq!(stopped["seconds"], 600);
    let (status, again) = patch(store, &who, id(&entry), json!({ "end": null })).await;
    assert_eq!((status, &again["end"]), (200, &Value::Null));
}

pub async fn what_breaks_a_rule_is_refused_with_its_field_and_nothing_is_written<P: TimeEntries>(store: &P) {
    let who = caller();
    let start = "2026-05-04T09:00:00Z";
    let cases = [
        (json!({}), 422, "start"),
        (json!({ "start": "yesterday" }), 422, "start"),
        (json!({ "start": start, "end": start }), 422, "end"),
        (json!({ "start": start, "end": "2026-05-04T08:00:00Z" }), 422, "end"),
        (json!({ "start": start, "zone": "Mars/Olympus" }), 422, "zone"),
        (json!({ "start": start, "description": "x".repeat(1001) }), 422, "description"),
        (json!({ "start": start, "project": "" }), 422, "project"),
        (json!({ "start": start, "project": 5 }), 422, "project"),
        (json!({ "start": start, "ends": start }), 422, "ends"),
        (json!({ "start": start, "user_id": who.id }), 422, "user_id"),
    ];
    for (body, expected, field) in cases {
        let (status, problem) = post(store, &who, body.clone()).await;
        assert_eq!((status, &problem["field"]), (expected, &field.into()), "{body} {problem}");
    }
    let (status, problem) = answer(store, call(&who, Method::POST, "", "{\"start\":")).await;
    assert_eq!((status, &problem["type"]), (400, &"/problems/malformed".into()));
    assert_eq!(get(store, &who, "?limit=5").await.1["items"], json!([]));

    let (_, entry) = post(store, &who, hour(9)).await;
    for (body, field) in [
        (json!({ "end": "2026-05-04T08:00:00Z" }), "end"),
        (json!({ "start": "2026-05-04T11:00:00Z" }), "end"),
        (json!({ "version": 7 }), "version"),
    ] {
        let (status, problem) = patch(store, &who, id(&entry), body).await;
        assert_eq!((status, &problem["field"]), (422, &field.into()));
    }
    assert_eq!(get(store, &who, id(&entry)).await.1, entry);
    for method in [Method::GET, Method::DELETE, Method::PATCH] {
        let (status, problem) = answer(store, call(&who, method, "42", "{}")).await;
        assert_eq!((status, &problem["field"]), (400, &"id".into()));
    }
}

pub async fn overlap_is_refused_and_neighbours_are_not<P: TimeEntries>(store: &P) {
    let who = caller();
    let (_, middle) = post(store, &who, hour(10)).await;
    for (start, end) in
        [("09:30", "10:01"), ("10:59", "12:00"), ("10:15", "10:20"), ("09:00", "12:00"), ("10:00", "11:00")]
    {
        let body =
            json!({ "start": format!("2026-05-04T{start}:00Z"), "end": format!("2026-05-04T{end}:00Z") });
        let (status, problem) = post(store, &who, body).await;
        assert_eq!((status, &problem["type"]), (409, &"/problems/overlap".into()));
        assert_eq!((&problem["field"], &problem["conflict"]), (&"start".into(), &middle["id"]));
    }
    let (status, before) = post(store, &who, hour(9)).await;
    assert_eq!(status, 201);
    assert_eq!(post(store, &who, hour(11)).await.0, 201);
    let (status, problem) = patch(store, &who, id(&before), json!({ "end": "2026-05-04T10:00:01Z" })).await;
    assert_eq!((status, &problem["conflict"]), (409, &middle["id"]));
    assert_eq!(post(store, &caller(), hour(10)).await.0, 201, "another person's time is not in the way");
}

pub async fn a_second_running_entry_is_refused<P: TimeEntries>(store: &P) {
    let who = caller();
    let (_, first) = post(store, &who, json!({ "start": "2026-05-04T09:00:00Z" })).await;
    let (status, problem) = post(store, &who, json!({ "start": "2026-05-04T12:00:00Z" })).await;
    assert_eq!((status, &problem["type"]), (409, &"/problems/timer-running".into()));
    assert_eq!(problem["conflict"], first["id"]);
    let (_, closed) = post(store, &who, hour(12)).await;
    let (status, problem) = patch(store, &who, id(&closed), json!({ "end": null })).await;
    assert_eq!((status, &problem["conflict"]), (409, &first["id"]));
}

pub async fn a_deleted_entry_blocks_nothing<P: TimeEntries>(store: &P) {
    let who = caller();
    let (_, closed) = post(store, &who, hour(10)).await;
    let (_, running) = post(store, &who, json!({ "start": "2026-05-04T12:00:00Z" })).await;
    delete(store, &who, id(&closed)).await;
    delete(store, &who, id(&running)).await;
    assert_eq!(post(store, &who, hour(10)).await.0, 201);
    assert_eq!(post(store, &who, json!({ "start": "2026-05-04T12:00:00Z" })).await.0, 201);
}

pub async fn another_persons_entry_is_not_found_in_every_method<P: TimeEntries>(store: &P) {
    let (owner, other) = (caller(), caller());
    let (_, entry) = post(store, &owner, hour(9)).await;
    let absent = get(store, &other, "0b6f0f3e-6f6e-4c59-9e43-1f6d3f8f2f10").await;
    assert_eq!(get(store, &other, id(&entry)).await, absent);
    assert_eq!(patch(store, &other, id(&entry), json!({ "description": "mine" })).await, absent);
    assert_eq!(delete(store, &other, id(&entry)).await, absent);
    assert_eq!(absent.0, 404);
    assert_eq!(get(store, &other, "?limit=5").await.1["items"], json!([]));
    assert_eq!(get(store, &owner, id(&entry)).await.1, entry);
}

pub async fn a_list_is_paged_by_cursor_without_gaps<P: TimeEntries>(store: &P) {
    let who = caller();
    for from in 8..15 {
        post(store, &who, hour(from)).await;
    }
    let mut seen = Vec::new();
    let mut target = "?limit=3".to_owned();
    loop {
        let (status, page) = get(store, &who, &target).await;
        assert_eq!(status, 200);
        let items = page["items"].as_array().unwrap();
        assert!(items.len() <= 3);
        seen.extend(items.iter().map(|entry| entry["start"].as_str().unwrap().to_owned()));
        match page["next_cursor"].as_str() {
            Some(cursor) => target = format!("?limit=3&cursor={cursor}"),
            None => break,
        }
    }
    let expected: Vec<String> = (8..15).rev().map(|from| format!("2026-05-04T{from:02}:00:00Z")).collect();
    assert_eq!(seen, expected);

    let first =
        Collection::answer(store, call(&who, Method::GET, "?limit=3&to=2026-05-04T20:00:00Z", "")).await;
    let headers = first.unwrap().headers;
    let link = headers.iter().find(|(name, _)| *name == http::header::LINK).unwrap().1.to_str().unwrap();
    assert!(
        link.starts_with("</api/v1/time-entries?limit=3&cursor=") && link.ends_with("rel=\"next\""),
        "{link}"
    );
    assert!(link.contains("&to=2026-05-04T20:00:00Z"), "{link}");
}

pub async fn a_list_is_cut_by_from_and_to<P: TimeEntries>(store: &P) {
    let who = caller();
    for from in 8..12 {
        post(store, &who, hour(from)).await;
    }
    post(store, &who, json!({ "start": "2026-05-04T12:00:00Z" })).await;
    let starts = async |query: &str| -> Vec<String> {
        let (_, page) = get(store, &who, query).await;
        page["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|entry| entry["start"].as_str().unwrap()[11..13].to_owned())
            .collect()
    };
    assert_eq!(starts("?from=2026-05-04T10:00:00Z").await, ["12", "11", "10"]);
    assert_eq!(starts("?to=2026-05-04T10:00:00Z").await, ["09", "08"]);
    assert_eq!(starts("?from=2026-05-04T09:30:00Z&to=2026-05-04T10:30:00Z").await, ["10", "09"]);
}

pub async fn a_wrong_query_is_refused_with_its_parameter<P: TimeEntries>(store: &P) {
    let who = caller();
    for (query, field) in [
        ("?limit=0", "limit"),
        ("?limit=201", "limit"),
        ("?limit=x", "limit"),
        ("?cursor=nonsense", "cursor"),
        ("?from=today", "from"),
        ("?from=2026-05-04T10:00:00Z&to=2026-05-04T10:00:00Z", "to"),
        ("?page=2", "page"),
    ] {
        let (status, problem) = get(store, &who, query).await;
        assert_eq!((status, &problem["field"]), (400, &field.into()), "{query} {problem}");
    }
}
