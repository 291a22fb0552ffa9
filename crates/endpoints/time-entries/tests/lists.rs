//! Lists: filters, order, pages, and how many rows the database reads for one.

#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

mod suite;

use api::Caller;
use endpoints_time_entries::Collection;
use http::Method;
use serde_json::{Value, json};
use suite::{World, ago, hour};
use testkit::{caller, caller_with};

/// The hours at which the listed entries begin.
async fn hours(world: &World, query: &str) -> Vec<String> {
    let list = world.list(query).await;
    assert_eq!(list.status, 200, "{query}: {list:?}");
    let items = list.body["items"].as_array().unwrap().clone();
    items.iter().map(|entry| entry["start"].as_str().unwrap()[11..13].to_owned()).collect()
}

#[tokio::test]
async fn a_list_is_paged_by_cursor_without_gaps_in_every_order() {
    let world = World::new().await;
    let mut ids = Vec::new();
    for from in 8..15 {
        ids.push(world.create(hour(from)).await.id());
    }
    world.change(&ids[0], json!({ "description": "changed last" })).await;
    let orders = [
        ("start", "08 09 10 11 12 13 14"),
        ("-start", "14 13 12 11 10 09 08"),
        ("updated", "09 10 11 12 13 14 08"),
        ("-updated", "08 14 13 12 11 10 09"),
    ];
    for (sort, expected) in orders {
        let (mut seen, mut query) = (Vec::new(), format!("?limit=3&sort={sort}"));
        loop {
            seen.extend(hours(&world, &query).await);
            let page = world.list(&query).await;
            let link = page.header("link").to_owned();
            let Some(cursor) = page.body["next_cursor"].as_str() else {
                assert_eq!(link, "");
                break;
            };
            query = link.split(['?', '>']).nth(1).map(|query| format!("?{query}")).unwrap();
            assert!(query.ends_with(&format!("cursor={cursor}")), "{link}");
            assert!(query.contains("limit=3") && link.ends_with("rel=\"next\""), "{link}");
        }
        assert_eq!(seen.join(" "), expected, "{sort}");
    }
}

#[tokio::test]
async fn a_list_is_filtered() {
    let world = World::new().await;
    let client = world.item("client", "Nordwind", None).await;
    let atlas = world.item("project", "Atlas", Some(&client)).await;
    let borealis = world.item("project", "Borealis", None).await;
    let design = world.item("task", "Design 100%", Some(&atlas)).await;
    let urgent = world.item("tag", "urgent", None).await;
    let with = |from: u8, fields: Value| {
        let mut wish = hour(from);
        wish.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        wish
    };
    for wish in [
        with(8, json!({ "project_id": atlas, "task_id": design, "description": "Sketch_1" })),
        with(9, json!({ "project_id": atlas, "billable": true, "description": "Sketch 2" })),
        with(10, json!({ "project_id": borealis, "tag_ids": [urgent] })),
        with(11, json!({ "description": "Call with Atlas" })),
    ] {
        let created = world.create(wish).await;
        assert_eq!(created.status, 201, "{created:?}");
    }
    let running = world.create(json!({ "start": "2026-05-04T12:00:00Z" })).await;
    assert_eq!(running.status, 201);
    for (query, expected) in [
        ("?from=2026-05-04T10:00:00Z".to_owned(), "12 11 10"),
        ("?from=2026-05-06T10:00:00Z".to_owned(), "12"),
        ("?to=2026-05-04T10:00:00Z".to_owned(), "09 08"),
        ("?from=2026-05-04T09:30:00Z&to=2026-05-04T10:30:00Z".to_owned(), "10 09"),
        (format!("?user={}", world.who.id), "12 11 10 09 08"),
        (format!("?project={atlas}"), "09 08"),
        (format!("?client={client}"), "09 08"),
        (format!("?task={design}"), "08"),
        (format!("?tag={urgent}"), "10"),
        ("?billable=true".to_owned(), "09"),
        ("?billable=false&running=false".to_owned(), "11 10 08"),
        ("?running=true".to_owned(), "12"),
        ("?q=sketch".to_owned(), "09 08"),
        ("?q=sketch_".to_owned(), "08"),
        ("?q=100%25".to_owned(), "08"),
        ("?q=atlas".to_owned(), "11 09 08"),
        ("?q=nordwind".to_owned(), "09 08"),
        ("?q=URGENT".to_owned(), "10"),
        ("?q=nothing".to_owned(), ""),
    ] {
        assert_eq!(hours(&world, &query).await.join(" "), expected, "{query}");
    }
}

#[tokio::test]
async fn others_are_listed_for_managers_and_admins_only() {
    let world = World::new().await;
    world.create(hour(9)).await;
    let other = caller();
    world.call_as::<Collection>(&other, Method::POST, "", hour(10), &[]).await;
    let list = async |who: &Caller, query: &str| {
        world.call_as::<Collection>(who, Method::GET, query, Value::Null, &[]).await
    };
    let query = format!("?user={}", other.id);
    assert_eq!(list(&world.who, &query).await.outcome(), "403 forbidden");
    assert_eq!(list(&world.who, "?user=all").await.outcome(), "403 forbidden");
    for role in [domain::Role::Manager, domain::Role::Admin] {
        let chief = caller_with(&[domain::Role::User, role]);
        let count = async |query: &str| list(&chief, query).await.body["items"].as_array().unwrap().len();
        assert_eq!((count(&query).await, count("?user=all").await, count("").await), (1, 2, 0));
    }
}

#[tokio::test]
async fn a_wrong_query_is_refused_with_its_parameter() {
    let world = World::new().await;
    let position = json!({ "sort": "-start", "at": "+200000-01-01T00:00:00Z", "id": world.who.id });
    let far_away = format!("?cursor={}", api::cursor::encode(&position).unwrap());
    for (query, outcome, field) in [
        ("?limit=0", "400 malformed", "limit"),
        ("?limit=201", "400 malformed", "limit"),
        ("?limit=x", "400 malformed", "limit"),
        ("?cursor=nonsense", "422 invalid", "cursor"),
        ("?from=today", "400 malformed", "from"),
        ("?from=2026-05-04T10:00:00Z&to=2026-05-04T10:00:00Z", "422 invalid", "to"),
        ("?from=-100000-01-01T00:00:00Z", "400 malformed", "from"),
        ("?to=%2B200000-01-01T00:00:00Z", "400 malformed", "to"),
        ("?page=2", "400 malformed", "page"),
        ("?sort=name", "400 malformed", "sort"),
        ("?user=alice", "400 malformed", "user"),
        ("?billable=1", "400 malformed", "billable"),
        ("?q=%00", "400 malformed", "q"),
        (&far_away, "422 invalid", "cursor"),
    ] {
        let refused = world.list(query).await;
        assert_eq!(
            (refused.outcome(), &refused.body["field"]),
            (outcome.to_owned(), &field.into()),
            "{query}"
        );
    }
}

/// A page costs what it shows, however long the table is: the plan is an index scan that ends after the page.
#[tokio::test]
async fn a_page_of_fifty_reads_about_fifty_of_a_million_rows() {
    let world = World::new().await;
    world.create(json!({ "start": ago(5) })).await;
    let admin = world.behind.admin().await;
    let fill = format!(
        "ALTER TABLE tracking.time_entries DROP CONSTRAINT time_entries_no_overlap; -- It makes filling slow.
         INSERT INTO tracking.users (id, username, name)
         SELECT md5(p::text)::uuid, 'p' || p, 'P' FROM generate_series(1, 9) p;
         INSERT INTO tracking.time_entries (id, user_id, started_at, ended_at, zone, description)
         SELECT gen_random_uuid(), CASE WHEN n % 10 = 0 THEN '{}'::uuid ELSE md5((n % 10)::text)::uuid END,
                now() - n * interval '2 minutes' - interval '1 hour', now() - n * interval '2 minutes' - interval '59 minutes',
                'UTC', ''
         FROM generate_series(1, 1000000) n;
         ANALYZE tracking.time_entries;",
        world.who.id
    );
    admin.batch_execute(&fill).await.unwrap();
    // The statements that the endpoint runs are explained by the server itself.
    let explain = "LOAD 'auto_explain'; SET auto_explain.log_min_duration = 0; SET auto_explain.log_analyze = on;
         SET auto_explain.log_format = 'json'; SET auto_explain.log_timing = off; SET client_min_messages = 'log';";
    let (explained, mut plans) = world.behind.explaining(explain).await;
    for query in [
        "",
        "?sort=start",
        "?sort=-updated",
        "?from=2026-01-01T00:00:00Z",
        "?from=2100-01-01T00:00:00Z",
        "?running=true",
    ] {
        let list =
            testkit::call::<Collection>(&explained, &world.who, Method::GET, query, Value::Null, &[]).await;
        assert_eq!(list.status, 200, "{query}: {list:?}");
        let plan = plans.recv().await.unwrap();
        let read = rows_read(&plan["Plan"]);
        assert!(read <= 60.0, "{query} reads {read} rows: {plan:#}");
        assert!(!plan.to_string().contains("Seq Scan"), "{query}: {plan:#}");
    }
    let chief = caller_with(&[domain::Role::User, domain::Role::Manager]);
    let list =
        testkit::call::<Collection>(&explained, &chief, Method::GET, "?user=all", Value::Null, &[]).await;
    assert_eq!(list.status, 200);
    let plan = plans.recv().await.unwrap();
    assert!(rows_read(&plan["Plan"]) <= 60.0, "{plan:#}");
}

/// The rows that the scans of a plan's `time_entries` read, those thrown away by a filter included.
fn rows_read(node: &Value) -> f64 {
    let number = |name: &str| node[name].as_f64().unwrap_or(0.0);
    let own = match node["Relation Name"].as_str() {
        Some("time_entries") => {
            (number("Actual Rows") + number("Rows Removed by Filter")) * number("Actual Loops")
        }
        _ => 0.0,
    };
    own + node["Plans"].as_array().into_iter().flatten().map(rows_read).sum::<f64>()
}
