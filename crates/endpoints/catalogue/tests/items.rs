//! Projects, clients, tasks and tags over PostgreSQL, with the rights of the service's own role.

#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

use api::{Caller, Endpoint};
use domain::Role;
use endpoints_catalogue::{Client, Clients, Project, Projects, Tag, Tags, Task, Tasks};
use http::Method;
use serde_json::{Value, json};
use testkit::{Answer, Database, NativeSql, caller, caller_with};

struct World {
    db: NativeSql,
    behind: Database,
    who: Caller,
}

impl World {
    async fn new() -> Self {
        let behind = Database::new().await;
        Self { db: NativeSql(behind.as_role("tracking_api").await), behind, who: caller() }
    }

    async fn call<E: Endpoint>(&self, method: Method, target: &str, body: Value) -> Answer {
        self.call_as::<E>(&self.who, method, target, body, &[]).await
    }

    async fn call_as<E: Endpoint>(
        &self,
        who: &Caller,
        method: Method,
        target: &str,
        body: Value,
        headers: &[(&str, &str)],
    ) -> Answer {
        testkit::call::<E>(&self.db, who, method, target, body, headers).await
    }

    async fn make<E: Endpoint>(&self, body: Value) -> Answer {
        self.call::<E>(Method::POST, "", body).await
    }

    async fn names<E: Endpoint>(&self, query: &str) -> String {
        let list = self.call::<E>(Method::GET, query, Value::Null).await;
        assert_eq!(list.status, 200, "{query}: {list:?}");
        let items = list.body["items"].as_array().unwrap().clone();
        items.iter().map(|item| item["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>().join(" ")
    }
}

#[tokio::test]
async fn each_kind_is_made_read_changed_and_deleted() {
    async fn whole_life<All: Endpoint, One: Endpoint>(world: &World, mut wish: Value) {
        wish["name"] = " First ".into();
        wish["color"] = "#AABBCC".into();
        let made = world.make::<All>(wish).await;
        assert_eq!((made.status, made.header("etag")), (201, "\"1\""), "{made:?}");
        assert_eq!((&made.body["name"], &made.body["color"]), (&"First".into(), &"#aabbcc".into()));
        assert_eq!(made.header("location"), One::ROUTE.replace(":id", &made.id()));
        assert_eq!(world.call::<One>(Method::GET, &made.id(), Value::Null).await.body, made.body);
        let changed = world.call::<One>(Method::PATCH, &made.id(), json!({ "name": "Second" })).await;
        assert_eq!((&changed.body["name"], &changed.body["color"]), (&"Second".into(), &"#aabbcc".into()));
        assert_eq!(changed.header("etag"), "\"2\"");
        let stale = [("if-match", "\"1\"")];
        let refused = world.call_as::<One>(&world.who, Method::DELETE, &made.id(), Value::Null, &stale).await;
        assert_eq!(refused.outcome(), "412 stale");
        assert_eq!(world.call::<One>(Method::DELETE, &made.id(), Value::Null).await.status, 204);
        assert_eq!(world.call::<One>(Method::GET, &made.id(), Value::Null).await.outcome(), "404 not-found");
        assert_eq!(world.names::<All>("").await, "");
    }
    let world = World::new().await;
    whole_life::<Projects, Project>(&world, json!({})).await;
    whole_life::<Clients, Client>(&world, json!({})).await;
    whole_life::<Tags, Tag>(&world, json!({})).await;
    let project = world.make::<Projects>(json!({ "name": "Atlas" })).await.id();
    whole_life::<Tasks, Task>(&world, json!({ "project_id": project })).await;
    let events: i64 = world
        .behind
        .admin()
        .await
        .query_one("SELECT count(*) FROM tracking.events WHERE type NOT LIKE 'timetracker.user.%'", &[])
        .await
        .unwrap()
        .get(0);
    assert_eq!(events, 4 * 3 + 1);
    // A project's id is no client's.
    assert_eq!(world.call::<Client>(Method::GET, &project, Value::Null).await.status, 404);
}

#[tokio::test]
async fn names_are_unique_among_the_living() {
    let world = World::new().await;
    let first = world.make::<Projects>(json!({ "name": "Atlas" })).await;
    let taken = world.make::<Projects>(json!({ "name": " ATLAS " })).await;
    assert_eq!((taken.outcome(), &taken.body["field"]), ("409 name-taken".to_owned(), &"name".into()));
    assert_eq!(world.make::<Clients>(json!({ "name": "Atlas" })).await.status, 201, "another kind");
    let archived = world.call::<Project>(Method::PATCH, &first.id(), json!({ "archived": true })).await;
    assert_eq!((archived.status, &archived.body["archived"]), (200, &true.into()));
    let second = world.make::<Projects>(json!({ "name": "atlas" })).await;
    assert_eq!(second.status, 201);
    let back = world.call::<Project>(Method::PATCH, &first.id(), json!({ "archived": false })).await;
    assert_eq!(back.outcome(), "409 name-taken");
    world.call::<Project>(Method::DELETE, &second.id(), Value::Null).await;
    let back = world.call::<Project>(Method::PATCH, &first.id(), json!({ "archived": false })).await;
    assert_eq!(back.status, 200);

    // A task's name is its project's matter.
    let other = world.make::<Projects>(json!({ "name": "Borealis" })).await.id();
    let task = |project: &str| json!({ "name": "Design", "project_id": project });
    assert_eq!(world.make::<Tasks>(task(&first.id())).await.status, 201);
    assert_eq!(world.make::<Tasks>(task(&other)).await.status, 201);
    assert_eq!(world.make::<Tasks>(task(&other)).await.outcome(), "409 name-taken");
}

#[tokio::test]
async fn what_is_named_is_archived_and_not_deleted() {
    let world = World::new().await;
    let client = world.make::<Clients>(json!({ "name": "Nordwind" })).await.id();
    let project = world.make::<Projects>(json!({ "name": "Atlas", "client_id": client })).await.id();
    let task = world.make::<Tasks>(json!({ "name": "Design", "project_id": project })).await.id();
    let tag = world.make::<Tags>(json!({ "name": "urgent" })).await.id();
    let entry = json!({
        "id": uuid::Uuid::new_v4(), "start": "2026-05-04T09:00:00Z", "end": "2026-05-04T10:00:00Z", "zone": "UTC",
        "description": "", "project_id": project, "task_id": task, "tag_ids": [tag], "billable": false, "days": [],
    });
    testkit::tracking::write(&world.db, &world.who, "create_entry", entry).await;
    assert_eq!(world.call::<Client>(Method::DELETE, &client, Value::Null).await.outcome(), "409 in-use");
    assert_eq!(world.call::<Project>(Method::DELETE, &project, Value::Null).await.outcome(), "409 in-use");
    assert_eq!(world.call::<Task>(Method::DELETE, &task, Value::Null).await.outcome(), "409 in-use");
    assert_eq!(world.call::<Tag>(Method::DELETE, &tag, Value::Null).await.outcome(), "409 in-use");
    let archived = world.call::<Project>(Method::PATCH, &project, json!({ "archived": true })).await;
    assert_eq!(archived.status, 200);
    let late = world.make::<Tasks>(json!({ "name": "Late", "project_id": project })).await;
    assert_eq!((late.outcome(), &late.body["field"]), ("422 archived".to_owned(), &"project_id".into()));
}

#[tokio::test]
async fn all_make_and_read_but_only_the_maker_and_managers_change() {
    let world = World::new().await;
    let item = world.make::<Projects>(json!({ "name": "Atlas" })).await;
    let other = caller();
    let patch = async |who: &Caller| {
        world.call_as::<Project>(who, Method::PATCH, &item.id(), json!({ "color": "#000000" }), &[]).await
    };
    let read = world.call_as::<Project>(&other, Method::GET, &item.id(), Value::Null, &[]).await;
    assert_eq!(read.body, item.body);
    assert_eq!(patch(&other).await.outcome(), "403 forbidden");
    let delete = world.call_as::<Project>(&other, Method::DELETE, &item.id(), Value::Null, &[]).await;
    assert_eq!(delete.outcome(), "403 forbidden");
    for role in [Role::Manager, Role::Admin] {
        assert_eq!(patch(&caller_with(&[Role::User, role])).await.status, 200);
    }
    assert_eq!(patch(&world.who).await.status, 200);
}

#[tokio::test]
async fn a_list_is_filtered_and_paged_by_name() {
    let world = World::new().await;
    let client = world.make::<Clients>(json!({ "name": "Nordwind" })).await.id();
    for name in ["delta", "Alpha", "charlie", "Bravo_1"] {
        let body =
            json!({ "name": name, "client_id": if name == "delta" { json!(client) } else { Value::Null } });
        let made = world.make::<Projects>(body).await;
        if name == "charlie" {
            world.call::<Project>(Method::PATCH, &made.id(), json!({ "archived": true })).await;
        }
    }
    assert_eq!(world.names::<Projects>("").await, "Alpha Bravo_1 charlie delta");
    assert_eq!(world.names::<Projects>("?archived=false").await, "Alpha Bravo_1 delta");
    assert_eq!(world.names::<Projects>("?archived=true").await, "charlie");
    assert_eq!(world.names::<Projects>("?q=a_").await, "");
    assert_eq!(world.names::<Projects>("?q=O_").await, "Bravo_1");
    assert_eq!(world.names::<Projects>(&format!("?client={client}")).await, "delta");
    let page = world.call::<Projects>(Method::GET, "?limit=3", Value::Null).await;
    let next = format!("?limit=3&cursor={}", page.body["next_cursor"].as_str().unwrap());
    assert_eq!(world.names::<Projects>(&next).await, "delta");
    // PostgreSQL takes no NUL, and no name has one.
    let forged = api::cursor::encode(&json!({ "name": "a\0b", "id": client })).unwrap();
    let refused = world.call::<Projects>(Method::GET, &format!("?cursor={forged}"), Value::Null).await;
    assert_eq!((refused.outcome(), &refused.body["field"]), ("422 invalid".to_owned(), &"cursor".into()));
    let wrong = world.call::<Projects>(Method::GET, "?client=x", Value::Null).await;
    assert_eq!((wrong.outcome(), &wrong.body["field"]), ("400 malformed".to_owned(), &"client".into()));
}

#[tokio::test]
async fn what_breaks_a_rule_is_refused_with_its_field() {
    let world = World::new().await;
    let nobody = uuid::Uuid::new_v4();
    for (body, outcome, field) in [
        (json!({}), "422 invalid", "name"),
        (json!({ "name": "  " }), "422 invalid", "name"),
        (json!({ "name": "x".repeat(101) }), "422 invalid", "name"),
        (json!({ "name": "a\u{0}b" }), "422 invalid", "name"),
        (json!({ "name": "a", "color": "red" }), "422 invalid", "color"),
        (json!({ "name": "a", "colour": "#000000" }), "422 invalid", "colour"),
        (json!({ "name": "a", "client_id": nobody }), "422 unknown-name", "client_id"),
    ] {
        let refused = world.make::<Projects>(body.clone()).await;
        assert_eq!(
            (refused.outcome(), &refused.body["field"]),
            (outcome.to_owned(), &field.into()),
            "{body}"
        );
    }
    let refused = world.make::<Tasks>(json!({ "name": "a" })).await;
    assert_eq!((refused.outcome(), &refused.body["field"]), ("422 invalid".to_owned(), &"project_id".into()));
    let refused = world.make::<Tasks>(json!({ "name": "a", "project_id": nobody })).await;
    assert_eq!(refused.outcome(), "422 unknown-name");
}

#[tokio::test]
async fn a_repeat_with_its_key_makes_nothing_new() {
    let world = World::new().await;
    let key = [("idempotency-key", "k")];
    let body = json!({ "name": "Atlas" });
    let first = world.call_as::<Projects>(&world.who, Method::POST, "", body.clone(), &key).await;
    let again = world.call_as::<Projects>(&world.who, Method::POST, "", body, &key).await;
    assert_eq!((again.status, &again.body), (201, &first.body));
}

#[tokio::test]
async fn names_that_read_alike_are_one_name() {
    let world = World::new().await;
    for (first, same) in [
        ("Caf\u{e9}", "Cafe\u{301}"),
        ("ΟΔΟΣ", "οδος"),
        ("STRASSE", "straße"),
        ("Two words", "two  \u{a0}WORDS"),
        ("Ṩ", "s\u{307}\u{323}"),
    ] {
        let made = world.make::<Projects>(json!({ "name": first })).await;
        assert_eq!(made.status, 201, "{made:?}");
        let taken = world.make::<Projects>(json!({ "name": same })).await;
        assert_eq!(taken.outcome(), "409 name-taken", "{first} {same}");
        let renamed = world.call::<Project>(Method::PATCH, &made.id(), json!({ "name": same })).await;
        assert_eq!(renamed.status, 200, "one's own name can be spelled otherwise: {renamed:?}");
    }
    assert_eq!(world.make::<Projects>(json!({ "name": "m²" })).await.status, 201);
    assert_eq!(world.make::<Projects>(json!({ "name": "m2" })).await.status, 201, "another name");
    assert_eq!(world.names::<Projects>("?q=CAFE%CC%81").await, "Caf\u{e9}");
}

#[tokio::test]
async fn a_name_is_one_visible_line() {
    let world = World::new().await;
    for wrong in [
        "",
        " ",
        "\u{200b}",
        "\u{feff}\u{2060}",
        "\u{ad}",
        "\u{2800}",
        "\u{3164}",
        "a\nb",
        "a\u{7}b",
        "a\u{202e}b",
    ] {
        for refused in [
            world.make::<Projects>(json!({ "name": wrong })).await,
            world.make::<Tags>(json!({ "name": wrong })).await,
        ] {
            assert_eq!(
                (refused.outcome(), &refused.body["field"]),
                ("422 invalid".to_owned(), &"name".into()),
                "{wrong:?}"
            );
        }
    }
}
