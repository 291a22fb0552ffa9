//! Saved reports and their links over PostgreSQL, with the rights of the reports' own role.

#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

use api::{Caller, Endpoint};
use chrono::{TimeDelta, Utc};
use domain::Role;
use endpoints_saved_reports::{AllShares, SavedReport, SavedReports, Share, ShareLink, SharedReport, Shares};
use http::Method;
use serde_json::{Value, json};
use testkit::{Answer, Database, NativeSql, caller, caller_with};
use tokio_postgres::Client;

struct World {
    db: NativeSql,
    owner: Client,
    alice: Caller,
}

impl World {
    async fn new() -> Self {
        let database = Database::new().await;
        let db = NativeSql(database.as_role("reports_api").await);
        Self { db, owner: database.admin().await, alice: caller() }
    }

    async fn call<E: Endpoint>(&self, who: &Caller, method: Method, target: &str, body: Value) -> Answer {
        testkit::call::<E>(&self.db, who, method, target, body, &[]).await
    }

    async fn saved(&self, who: &Caller, name: &str, definition: Value) -> Answer {
        let body = json!({ "name": name, "definition": definition });
        self.call::<SavedReports>(who, Method::POST, "", body).await
    }

    async fn shared(&self, who: &Caller, report: &str) -> Answer {
        let ends = json!({ "expires_at": Utc::now() + TimeDelta::days(1) });
        self.call::<Share>(who, Method::POST, report, ends).await
    }

    /// Whoever has a link of `owner`, who has these roles at that moment.
    async fn open(&self, owner: &Caller, token: &str) -> Answer {
        let id = SharedReport::link_owner(&self.db, token, Utc::now()).await;
        match id {
            Ok(id) => assert_eq!(id, owner.id),
            Err(problem) => {
                return Answer {
                    status: problem.kind.status().as_u16(),
                    headers: Default::default(),
                    body: problem.members(),
                };
            }
        }
        self.call::<SharedReport>(owner, Method::GET, token, Value::Null).await
    }
}

fn week() -> Value {
    json!({ "span": "this_week", "group_by": ["day"] })
}

fn token(share: &Answer) -> String {
    share.body["token"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_report_is_kept_changed_and_deleted_by_its_owner_alone() {
    let (world, other) = (World::new().await, caller_with(&[Role::User, Role::Manager, Role::Admin]));
    let made = world.saved(&world.alice, "  My week ", week()).await;
    assert_eq!((made.status, made.header("etag"), &made.body["name"]), (201, "\"1\"", &"My week".into()));
    assert_eq!(made.header("location"), format!("/api/v1/saved-reports/{}", made.id()));
    assert_eq!(made.body["definition"], week());
    let id = made.id();
    assert_eq!(world.call::<SavedReport>(&world.alice, Method::GET, &id, Value::Null).await.body, made.body);
    let change =
        json!({ "definition": { "from": "2026-05-01", "to": "2026-05-31", "group_by": ["client", "tag"] } });
    for (method, body) in
        [(Method::GET, Value::Null), (Method::PATCH, change.clone()), (Method::DELETE, Value::Null)]
    {
        assert_eq!(world.call::<SavedReport>(&other, method, &id, body).await.outcome(), "404 not-found");
    }
    let changed = world.call::<SavedReport>(&world.alice, Method::PATCH, &id, change.clone()).await;
    assert_eq!((changed.header("etag"), &changed.body["name"]), ("\"2\"", &"My week".into()));
    assert_eq!(changed.body["definition"], change["definition"]);
    let nothing = world.call::<SavedReport>(&world.alice, Method::PATCH, &id, json!({})).await;
    assert_eq!(nothing.header("etag"), "\"2\"");
    let stale = [("if-match", "\"1\"")];
    for method in [Method::PATCH, Method::DELETE] {
        let body = if method == Method::PATCH { json!({}) } else { Value::Null };
        let refused = testkit::call::<SavedReport>(&world.db, &world.alice, method, &id, body, &stale).await;
        assert_eq!(refused.outcome(), "412 stale");
    }
    assert_eq!(world.call::<SavedReport>(&world.alice, Method::DELETE, &id, Value::Null).await.status, 204);
    let gone = world.call::<SavedReport>(&world.alice, Method::DELETE, &id, Value::Null).await;
    assert_eq!(gone.outcome(), "404 not-found");
}

#[tokio::test]
async fn names_are_unique_per_person_and_a_repeat_has_one_effect() {
    let (world, bob) = (World::new().await, caller());
    assert_eq!(world.saved(&world.alice, "Année", week()).await.status, 201);
    let taken = world.saved(&world.alice, "ANNÉE", week()).await;
    assert_eq!((taken.outcome(), &taken.body["field"]), ("409 name-taken".to_owned(), &"name".into()));
    assert_eq!(world.saved(&bob, "Année", week()).await.status, 201);
    let key = [("idempotency-key", "k")];
    let post = async |name: &str| {
        let body = json!({ "name": name, "definition": week() });
        testkit::call::<SavedReports>(&world.db, &world.alice, Method::POST, "", body, &key).await
    };
    let (first, again) = (post("One").await, post("One").await);
    assert_eq!((first.status, again.status, &first.body), (201, 201, &again.body));
    assert_eq!(again.header("idempotency-replayed"), "true");
    assert_eq!(post("Other").await.outcome(), "422 key-reused");
    let second = world.saved(&world.alice, "Zwei", week()).await;
    let change = json!({ "name": "one" });
    let taken = world.call::<SavedReport>(&world.alice, Method::PATCH, &second.id(), change).await;
    assert_eq!(taken.outcome(), "409 name-taken");

    let page = world.call::<SavedReports>(&world.alice, Method::GET, "?limit=2", Value::Null).await.body;
    let next = format!("?limit=2&cursor={}", page["next_cursor"].as_str().unwrap());
    let rest = world.call::<SavedReports>(&world.alice, Method::GET, &next, Value::Null).await.body;
    let names: Vec<_> =
        [page, rest].iter().flat_map(|page| page["items"].as_array().unwrap().clone()).collect();
    assert_eq!(names.iter().map(|item| &item["name"]).collect::<Vec<_>>(), ["Année", "One", "Zwei"]);
}

#[tokio::test]
async fn what_is_no_report_is_refused_with_its_field() {
    let world = World::new().await;
    for (body, field) in [
        (json!({ "name": " ", "definition": week() }), "name"),
        (json!({ "name": "x".repeat(101), "definition": week() }), "name"),
        (json!({ "name": "a\u{0}b", "definition": week() }), "name"),
        (json!({ "name": "a", "definition": { "group_by": ["day"] } }), "definition.span"),
        (
            json!({ "name": "a", "definition": { "span": "today", "from": "2026-05-01", "to": "2026-05-01", "group_by": ["day"] } }),
            "definition.span",
        ),
        (
            json!({ "name": "a", "definition": { "from": "2026-05-01", "group_by": ["day"] } }),
            "definition.span",
        ),
        (
            json!({ "name": "a", "definition": { "from": "2026-05-02", "to": "2026-05-01", "group_by": ["day"] } }),
            "definition.to",
        ),
        (
            json!({ "name": "a", "definition": { "from": "+12026-05-02", "to": "2026-05-01", "group_by": ["day"] } }),
            "definition.from",
        ),
        (json!({ "name": "a", "definition": { "span": "today", "group_by": [] } }), "definition.group_by"),
        (
            json!({ "name": "a", "definition": { "span": "today", "group_by": ["day", "day"] } }),
            "definition.group_by",
        ),
        (
            json!({ "name": "a", "definition": { "span": "today", "group_by": ["day"], "user": "bob" } }),
            "definition.user",
        ),
        (
            json!({ "name": "a", "definition": { "span": "tomorrow", "group_by": ["day"] } }),
            "definition.span",
        ),
        (
            json!({ "name": "a", "definition": { "span": "today", "group_by": ["day"], "x": 1 } }),
            "definition.x",
        ),
        (json!({ "name": "a", "definition": [] }), "definition"),
        (json!({ "name": "a" }), "definition"),
    ] {
        let refused = world.call::<SavedReports>(&world.alice, Method::POST, "", body.clone()).await;
        assert_eq!((refused.status, &refused.body["field"]), (422, &field.into()), "{body} {refused:?}");
    }
}

#[tokio::test]
async fn a_link_shows_the_owners_report_until_it_ends() {
    let (world, bob) = (World::new().await, caller());
    let report = world.saved(&world.alice, "Mine", week()).await.id();
    for wrong in [
        Utc::now() - TimeDelta::seconds(1),
        Utc::now() + TimeDelta::days(367),
        "+12026-05-02T00:00:00Z".parse().unwrap(),
    ] {
        let body = json!({ "expires_at": wrong });
        let refused = world.call::<Share>(&world.alice, Method::POST, &report, body).await;
        assert_eq!((refused.status, &refused.body["field"]), (422, &"expires_at".into()), "{wrong}");
    }
    assert_eq!(world.shared(&bob, &report).await.outcome(), "404 not-found");
    let (one, two) = (world.shared(&world.alice, &report).await, world.shared(&world.alice, &report).await);
    assert_eq!((one.status, token(&one).len()), (201, 43), "{one:?}");
    assert_ne!(token(&one), token(&two));
    let kept: String = world
        .owner
        .query_one("SELECT string_agg(s::text, ' ') || coalesce((SELECT string_agg(k::text, ' ') FROM reporting_app.idempotency_keys k), '') FROM reporting_app.shares s", &[])
        .await
        .unwrap()
        .get(0);
    assert!(!kept.contains(&token(&one)), "{kept}");

    let opened = world.open(&world.alice, &token(&one)).await;
    let today = Utc::now().date_naive();
    let monday = domain::Week::of(today, domain::WeekStart::Iso).first();
    assert_eq!((opened.status, &opened.body["name"]), (200, &"Mine".into()), "{opened:?}");
    assert_eq!(opened.body["from"], monday.to_string());
    assert_eq!(
        (&opened.body["summary"]["from"], &opened.body["summary"]["groups"]),
        (&opened.body["from"], &json!([]))
    );
    assert!(opened.header("etag").len() > 2);

    let list = world.call::<Shares>(&world.alice, Method::GET, &report, Value::Null).await;
    let ids: Vec<_> =
        list.body["items"].as_array().unwrap().iter().map(|share| share["id"].clone()).collect();
    assert_eq!(ids, [two.body["id"].clone(), one.body["id"].clone()]);
    assert!(list.body["items"][0].get("token").is_none());
    assert_eq!(
        world.call::<Shares>(&bob, Method::GET, &report, Value::Null).await.outcome(),
        "404 not-found"
    );

    let theirs = world.call::<ShareLink>(&bob, Method::DELETE, &one.id(), Value::Null).await;
    assert_eq!(
        (theirs.outcome(), world.open(&world.alice, &token(&one)).await.status),
        ("404 not-found".to_owned(), 200)
    );
    assert_eq!(
        world.call::<ShareLink>(&world.alice, Method::DELETE, &one.id(), Value::Null).await.status,
        204
    );
    world.owner.batch_execute("UPDATE reporting_app.shares SET expires_at = now()").await.unwrap();
    let (revoked, expired) =
        (world.open(&world.alice, &token(&one)).await, world.open(&world.alice, &token(&two)).await);
    let unknown = world.open(&world.alice, &"A".repeat(43)).await;
    assert_eq!(revoked.outcome(), "404 not-found");
    assert_eq!((&revoked.body, &revoked.body), (&expired.body, &unknown.body));
    assert_eq!(
        world.call::<Shares>(&world.alice, Method::GET, &report, Value::Null).await.body["items"],
        json!([])
    );
}

#[tokio::test]
async fn a_repeat_of_sharing_does_not_tell_the_secret_again_and_links_end_with_their_report() {
    let world = World::new().await;
    let report = world.saved(&world.alice, "Mine", week()).await.id();
    let body = json!({ "expires_at": "2027-01-01T00:00:00Z" });
    let body = if Utc::now().timestamp() > 1_798_000_000 {
        json!({ "expires_at": Utc::now() + TimeDelta::days(2) })
    } else {
        body
    };
    let key = [("idempotency-key", "k")];
    let share = async || {
        testkit::call::<Share>(&world.db, &world.alice, Method::POST, &report, body.clone(), &key).await
    };
    let (first, again) = (share().await, share().await);
    assert_eq!((first.status, again.status, first.id()), (201, 201, again.id()));
    assert_eq!((again.header("idempotency-replayed"), &again.body["token"]), ("true", &Value::Null));
    assert_eq!(world.open(&world.alice, &token(&first)).await.status, 200);
    world.call::<SavedReport>(&world.alice, Method::DELETE, &report, Value::Null).await;
    assert_eq!(world.open(&world.alice, &token(&first)).await.outcome(), "404 not-found");
}

#[tokio::test]
async fn only_the_link_needs_no_login() {
    assert!(api::needs_no_login::<SharedReport>(&Method::GET));
    assert!(!api::needs_no_login::<SharedReport>(&Method::POST));
    assert!(!api::needs_no_login::<SavedReports>(&Method::GET));
    let world = World::new().await;
    let refused = world.call::<SavedReports>(&caller_with(&[]), Method::GET, "", Value::Null).await;
    assert_eq!(refused.outcome(), "403 forbidden");
}

#[tokio::test]
async fn a_link_shows_what_its_owner_may_see_now() {
    let (world, boss) = (World::new().await, caller_with(&[Role::User, Role::Manager]));
    let sql = "INSERT INTO reporting.user_day_totals (user_id, day, billable, seconds, rounded_seconds, parts) \
        VALUES ($1, '2026-05-04', false, $2, $2, 1)";
    for (who, seconds) in [(world.alice.id, 60_i64), (boss.id, 600)] {
        world.owner.execute(sql, &[&who, &seconds]).await.unwrap();
    }
    let of =
        |user: String| json!({ "from": "2026-05-04", "to": "2026-05-04", "group_by": ["day"], "user": user });
    let seconds = async |who: &Caller, name: &str, user: String| {
        let report = world.saved(who, name, of(user)).await.id();
        let opened = world.open(who, &token(&world.shared(who, &report).await)).await;
        (opened.status, opened.body["summary"]["totals"]["seconds"].clone())
    };
    assert_eq!(seconds(&world.alice, "own", world.alice.id.to_string()).await, (200, 60.into()));
    assert_eq!(seconds(&boss, "own", boss.id.to_string()).await, (200, 600.into()));
    assert_eq!(seconds(&boss, "hers", world.alice.id.to_string()).await, (200, 60.into()));
    // Whoever may not see it shows it to nobody.
    assert_eq!(seconds(&world.alice, "his", boss.id.to_string()).await, (404, Value::Null));
    assert_eq!(seconds(&world.alice, "all", "all".to_owned()).await, (404, Value::Null));

    // A manager's link to everybody's time, when they are a manager no more.
    let report = world.saved(&boss, "everybody's", of("all".to_owned())).await.id();
    let link = token(&world.shared(&boss, &report).await);
    assert_eq!(world.open(&boss, &link).await.status, 200);
    let demoted = Caller { roles: vec![Role::User], ..boss.clone() };
    assert_eq!(world.open(&demoted, &link).await.outcome(), "404 not-found");
    // Nor does a link to their own time come to show all, when they change the report.
    let report = world.saved(&boss, "mine", of(boss.id.to_string())).await.id();
    let link = token(&world.shared(&boss, &report).await);
    let wider = json!({ "definition": of("all".to_owned()) });
    assert_eq!(world.call::<SavedReport>(&demoted, Method::PATCH, &report, wider).await.status, 200);
    assert_eq!(world.open(&demoted, &link).await.outcome(), "404 not-found");
}

#[tokio::test]
async fn admins_list_and_revoke_everybodys_links() {
    let world = World::new().await;
    let admin = caller_with(&[Role::User, Role::Admin]);
    let (mine, theirs) = (
        world.saved(&world.alice, "Mine", week()).await.id(),
        world.saved(&caller(), "Theirs", week()).await,
    );
    assert_eq!(theirs.status, 201);
    let share = world.shared(&world.alice, &mine).await;
    let list = async |who: &Caller| world.call::<AllShares>(who, Method::GET, "", Value::Null).await;
    let listed = list(&admin).await.body["items"].clone();
    assert_eq!(listed.as_array().unwrap().len(), 1);
    assert_eq!(
        (&listed[0]["id"], &listed[0]["owner_id"], &listed[0]["report_name"]),
        (&share.body["id"], &world.alice.id.to_string().into(), &"Mine".into())
    );
    assert!(listed[0].get("token").is_none());
    for who in [&world.alice, &caller_with(&[Role::User, Role::Manager])] {
        assert_eq!(list(who).await.outcome(), "403 forbidden");
    }
    let manager = caller_with(&[Role::User, Role::Manager]);
    let refused = world.call::<ShareLink>(&manager, Method::DELETE, &share.id(), Value::Null).await;
    assert_eq!(refused.outcome(), "404 not-found");
    assert_eq!(world.call::<ShareLink>(&admin, Method::DELETE, &share.id(), Value::Null).await.status, 204);
    assert_eq!(world.open(&world.alice, &token(&share)).await.outcome(), "404 not-found");
    assert_eq!(list(&admin).await.body["items"], json!([]));
}

#[tokio::test]
async fn names_that_read_alike_are_one_name_of_their_owner() {
    let world = World::new().await;
    assert_eq!(world.saved(&world.alice, "Stra\u{df}e", week()).await.status, 201);
    assert_eq!(world.saved(&world.alice, "STRASSE", week()).await.outcome(), "409 name-taken");
    assert_eq!(world.saved(&caller(), "STRASSE", week()).await.status, 201);
    let blank = world.saved(&world.alice, "\u{200b}", week()).await;
    assert_eq!((blank.outcome(), &blank.body["field"]), ("422 invalid".to_owned(), &"name".into()));
}

#[tokio::test]
async fn a_definition_names_each_field_once() {
    let world = World::new().await;
    let body = r#"{"name": "x", "definition": {"span": "today", "group_by": ["day"], "span": "this_week"}}"#;
    let refused = testkit::send::<SavedReports>(&world.db, &world.alice, Method::POST, "", body, &[]).await;
    assert_eq!(
        (refused.outcome(), &refused.body["field"]),
        ("422 invalid".to_owned(), &"definition.span".into())
    );
}
