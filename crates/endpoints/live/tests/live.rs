//! The stream over PostgreSQL, with the rights of the service's own role.

#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use api::sql::{Database as Sql, Error, Rows, Value};
use api::{Caller, Outlet, Streaming as _};
use chrono::{DateTime, TimeDelta, Utc};
use endpoints_live::Live;
use http::Method;
use serde_json::{Value as Json, json};
use testkit::tracking::{create_item, write};
use testkit::{Answer, Database, NativeSql, caller};

async fn open(db: &NativeSql, who: &Caller, query: &str, headers: &[(&str, &str)]) -> Answer {
    testkit::call::<Live>(db, who, Method::GET, query, Json::Null, headers).await
}

#[tokio::test]
async fn it_begins_where_the_reader_left_off_or_now() {
    let database = Database::new().await;
    let db = NativeSql(database.as_role("tracking_api").await);
    let who = caller();
    assert_eq!(open(&db, &who, "", &[]).await.body["after"], 0, "nobody has done nothing yet");
    for name in ["a", "b", "c"] {
        create_item(&db, &who, "tag", name, None).await;
    }
    for (query, header, after) in [
        ("", None, 4),
        ("?after=1", None, 1),
        ("", Some("2"), 2),
        ("?after=1", Some("2"), 2),
        ("?after=0", None, 0),
        ("?after=99", None, 4),
        ("", Some("99"), 4),
    ] {
        let headers: Vec<_> = header.iter().map(|id| ("last-event-id", *id)).collect();
        assert_eq!(open(&db, &who, query, &headers).await.body["after"], after, "{query} {header:?}");
    }
    for (query, header, field) in [
        ("", Some("x"), "Last-Event-ID"),
        ("", Some("-1"), "Last-Event-ID"),
        ("", Some(""), "Last-Event-ID"),
        ("", Some("99999999999999999999"), "Last-Event-ID"),
        ("?after=x", None, "after"),
        ("?after=-1", None, "after"),
        ("?since=1", None, "since"),
    ] {
        let headers: Vec<_> = header.iter().map(|id| ("last-event-id", *id)).collect();
        let refused = open(&db, &who, query, &headers).await;
        assert_eq!(
            (refused.outcome(), &refused.body["field"]),
            ("400 malformed".to_owned(), &field.into()),
            "{query} {header:?}"
        );
    }
    let post = testkit::call::<Live>(&db, &who, Method::POST, "", Json::Null, &[]).await;
    assert_eq!((post.status, post.header("allow")), (405, "GET, HEAD"));
    let nobody = Caller { roles: Vec::new(), ..who };
    assert_eq!(open(&db, &nobody, "", &[]).await.outcome(), "403 forbidden");
}

#[tokio::test]
async fn a_person_has_so_many_streams_at_once_and_no_more() {
    let database = Database::new().await;
    let db = NativeSql(database.as_role("tracking_api").await);
    let (alice, bob) = (caller(), caller());
    let mut last = Json::Null;
    for number in 0..32 {
        let opened = open(&db, &alice, "", &[]).await;
        assert_eq!(opened.status, 200, "{number}");
        last = opened.body;
    }
    let refused = open(&db, &alice, "", &[]).await;
    assert_eq!((refused.outcome(), refused.header("retry-after")), ("429 too-many-requests".to_owned(), "1"));
    assert_eq!(open(&db, &bob, "", &[]).await.status, 200, "another person");

    // One ends, and one whose instance was gone is over.
    let wire = Wire { db: Rc::new(db), received: Rc::default(), looks: Rc::default(), ends: Utc::now() };
    let db = Rc::clone(&wire.db);
    Live::follow(wire, alice.clone(), last.to_string().as_bytes()).await;
    assert_eq!(open(&db, &alice, "", &[]).await.status, 200);
    assert_eq!(open(&db, &alice, "", &[]).await.status, 429);
    let admin = database.admin().await;
    admin
        .execute("UPDATE tracking.live_streams SET ends_at = now() WHERE user_id = $1", &[&alice.id])
        .await
        .unwrap();
    assert_eq!(open(&db, &alice, "", &[]).await.status, 200);
}

/// A wire that keeps what it is sent, for some seconds of the real clock.
struct Wire {
    db: Rc<NativeSql>,
    received: Rc<RefCell<String>>,
    looks: Rc<Cell<usize>>,
    ends: DateTime<Utc>,
}

struct Shared(Rc<NativeSql>, Rc<Cell<usize>>);

impl Sql for Shared {
    async fn query(&self, statement: &str, parameters: Vec<Value>) -> Result<Rows, Error> {
        self.1.set(self.1.get() + usize::from(!statement.contains("close_stream")));
        self.0.query(statement, parameters).await
    }
}

impl Outlet for Wire {
    fn database(&self) -> impl Sql {
        Shared(Rc::clone(&self.db), Rc::clone(&self.looks))
    }

    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }

    fn token_ends(&self) -> DateTime<Utc> {
        self.ends
    }

    async fn sleep(&self, time: Duration) {
        tokio::time::sleep(time).await;
    }

    fn is_open(&self) -> bool {
        true
    }

    async fn fail(&mut self) {
        unreachable!("live updates end, and go on when the reader comes back");
    }

    async fn send(&mut self, piece: String) {
        self.received.borrow_mut().push_str(&piece);
    }
}

#[tokio::test]
async fn changes_of_two_people_come_to_each_of_them() {
    let database = Database::new().await;
    let db = Rc::new(NativeSql(database.as_role("tracking_api").await));
    let other = NativeSql(database.as_role("tracking_api").await);
    let (alice, bob) = (caller(), caller());
    create_item(&other, &alice, "tag", "before", None).await;
    let looks = Rc::default();
    let listen = async |who: &Caller| {
        let opened = open(&db, who, "", &[]).await.body.to_string();
        let received = Rc::default();
        let ends = Utc::now() + TimeDelta::milliseconds(2500);
        let wire =
            Wire { db: Rc::clone(&db), received: Rc::clone(&received), looks: Rc::clone(&looks), ends };
        Live::follow(wire, who.clone(), opened.as_bytes()).await;
        received.take()
    };
    let changes = async {
        tokio::time::sleep(Duration::from_millis(500)).await;
        let tag = create_item(&other, &alice, "tag", "after", None).await;
        create_item(&other, &bob, "client", "Nordwind", None).await;
        write(&other, &alice, "delete_item", json!({ "id": tag["id"], "kind": "tag", "version": 1 })).await;
        tag
    };
    let (of_alice, of_bob, tag) = tokio::join!(listen(&alice), listen(&bob), changes);
    let blocks: Vec<&str> = of_alice.split("\n\n").collect();
    assert_eq!((blocks.len(), blocks[0]), (4, "retry: 1000\nid: 2"), "{of_alice}");
    let data = |block: &str| -> Json {
        serde_json::from_str(block.lines().last().unwrap().strip_prefix("data: ").unwrap()).unwrap()
    };
    assert!(blocks[1].starts_with("id: 3\nevent: tag.created\n"), "{of_alice}");
    let (mut created, deleted) = (data(blocks[1]), data(blocks[2]));
    let at: DateTime<Utc> = created["at"].take().as_str().unwrap().parse().unwrap();
    assert!(Utc::now() - at < TimeDelta::seconds(10));
    let state = json!({ "name": "after", "color": "#4f6bed", "archived": false });
    assert_eq!(
        created,
        json!({ "type": "tag.created", "subject": tag["id"], "version": 1, "at": null, "after": state })
    );
    assert_eq!(
        (&deleted["type"], &deleted["version"], &deleted["after"]),
        (&"tag.deleted".into(), &2.into(), &Json::Null)
    );
    assert!(
        of_bob.starts_with("retry: 1000\nid: 0\n\nid: 1\nevent: user.created\n")
            && of_bob.contains("\n\nid: 2\nevent: client.created\n")
            && !of_bob.contains("tag."),
        "{of_bob}"
    );
    assert!((3..=4).contains(&looks.get()), "one look a second for both: {}", looks.get());
}

/// The look is a few index rows, however long the log is.
#[tokio::test]
async fn a_look_reads_only_what_is_new() {
    let database = Database::new().await;
    let (db, mut plans) = database
        .explaining(
            "LOAD 'auto_explain'; SET auto_explain.log_min_duration = 0; SET auto_explain.log_analyze = on;
            SET auto_explain.log_format = json; SET client_min_messages = log",
        )
        .await;
    let admin = database.admin().await;
    let who = caller();
    let other = NativeSql(database.as_role("tracking_api").await);
    create_item(&other, &who, "tag", "one", None).await;
    admin.batch_execute(
        "INSERT INTO tracking.events (id, user_id, user_seq, type, subject, envelope)
         SELECT gen_random_uuid(), user_id, n, type, subject, envelope FROM tracking.events, generate_series(3, 20000) n WHERE type LIKE '%tag%';
         ANALYZE tracking.events"
    ).await.unwrap();
    let wire = Wire {
        db: Rc::new(db),
        received: Rc::default(),
        looks: Rc::default(),
        ends: Utc::now() + TimeDelta::milliseconds(500),
    };
    let received = Rc::clone(&wire.received);
    Live::follow(wire, who, br#"{"after":19990}"#).await;
    assert_eq!(received.borrow().matches("event: tag.created").count(), 10);
    let plan = plans.recv().await.unwrap().to_string();
    assert!(plan.contains("events_user_id_user_seq_key") && !plan.contains("Seq Scan"), "{plan}");
}
