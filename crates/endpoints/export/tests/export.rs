//! The endpoint over the read model in PostgreSQL, with the rights of the reports' own role.

#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use api::sql::{Error, Rows, Value as Sql};
use api::{Caller, Outlet, Streaming as _};
use chrono::{DateTime, Utc};
use endpoints_export::Export;
use http::{Method, Request, Response};
use testkit::{Database, NativeSql, caller};

/// Whoever downloads, and the database that breaks after some statements.
#[derive(Clone)]
struct Wire {
    db: Rc<NativeSql>,
    pieces: Rc<RefCell<Vec<String>>>,
    failed: Rc<Cell<bool>>,
    statements_left: Rc<Cell<usize>>,
}

impl api::sql::Database for Wire {
    async fn query(&self, statement: &str, parameters: Vec<Sql>) -> Result<Rows, Error> {
        let left = self.statements_left.get();
        self.statements_left.set(left.saturating_sub(1));
        match left {
            0 => Err(Error::Unavailable("gone".to_owned())),
            _ => self.db.query(statement, parameters).await,
        }
    }
}

impl Outlet for Wire {
    fn database(&self) -> impl api::sql::Database {
        self.clone()
    }

    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }

    fn token_ends(&self) -> DateTime<Utc> {
        Utc::now()
    }

    async fn sleep(&self, _: Duration) {}

    fn is_open(&self) -> bool {
        true
    }

    async fn send(&mut self, piece: String) {
        self.pieces.borrow_mut().push(piece);
    }

    async fn fail(&mut self) {
        self.failed.set(true);
    }
}

struct World {
    database: Database,
    wire: Wire,
    alice: Caller,
}

impl World {
    /// Alice has so many entries, somebody else one.
    async fn new(entries: i64) -> Self {
        let (database, alice) = (Database::new().await, caller());
        let sql = "INSERT INTO reporting.entry_facts (entry_id, user_id, version, deleted, started_at, ended_at, zone, \
            description, tag_ids, billable, days, first_day, last_day, seconds) \
            SELECT gen_random_uuid(), $1, 1, false, t, t + interval '1 minute', 'UTC', '=entry ' || i, '{}', false, \
            jsonb_build_array(jsonb_build_object('date', t::date, 'seconds', 60, 'rounded_seconds', 60, 'amount', NULL)), \
            t::date, t::date, 60 \
            FROM generate_series(1, $2::bigint) i, LATERAL (SELECT timestamptz '2026-01-01Z' + i * interval '10 minutes' AS t) x";
        let admin = database.admin().await;
        admin.batch_execute("SET TIME ZONE 'UTC'").await.unwrap();
        admin.execute(sql, &[&alice.id, &entries]).await.unwrap();
        admin.execute(sql, &[&caller().id, &1_i64]).await.unwrap();
        let wire = Wire {
            db: Rc::new(NativeSql(database.as_role("reports_api").await)),
            pieces: Rc::default(),
            failed: Rc::default(),
            statements_left: Rc::new(Cell::new(usize::MAX)),
        };
        Self { database, wire, alice }
    }

    /// Give every entry these tags.
    async fn tag(&self, names: &[&str]) {
        let admin = self.database.admin().await;
        for name in names {
            let sql = "WITH tag AS (INSERT INTO reporting.catalogue (kind, id, version, name, color, archived, deleted) \
                VALUES ('tag', gen_random_uuid(), 1, $1, '', false, false) RETURNING id) \
                UPDATE reporting.entry_facts SET tag_ids = tag_ids || tag.id FROM tag";
            admin.execute(sql, &[name]).await.unwrap();
        }
    }

    async fn ask(&self, query: &str) -> Response<Vec<u8>> {
        let uri = format!("/api/v1/reports/export?from=2026-01-01&to=2026-12-31&{query}");
        let request = Request::builder().method(Method::GET).uri(uri).body(Vec::new()).unwrap();
        api::answer::<Export>(&*self.wire.db, self.alice.clone(), request, Utc::now(), "test").await
    }

    /// All that is sent after an opening.
    async fn follow(&self, opened: &Response<Vec<u8>>) -> Vec<String> {
        assert!(opened.extensions().get::<api::Opened>().is_some());
        Export::follow(self.wire.clone(), self.alice.clone(), opened.body()).await;
        self.wire.pieces.take()
    }
}

fn header(response: &Response<Vec<u8>>, name: &str) -> String {
    response.headers().get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
}

fn problem(response: &Response<Vec<u8>>) -> serde_json::Value {
    serde_json::from_slice(response.body()).unwrap()
}

#[tokio::test]
async fn csv_comes_piece_by_piece_and_whole() {
    let world = World::new(20_001).await;
    let opened = world.ask("format=csv").await;
    assert_eq!(header(&opened, "content-type"), "text/csv; charset=utf-8");
    assert_eq!(
        header(&opened, "content-disposition"),
        "attachment; filename=\"time-2026-01-01-2026-12-31.csv\""
    );
    assert_eq!(
        (header(&opened, "cache-control"), header(&opened, "etag")),
        ("no-store".to_owned(), String::new())
    );
    assert!(opened.headers().get("content-length").is_none());
    let pieces = world.follow(&opened).await;
    assert_eq!(pieces.len(), 12);
    assert!(pieces.iter().all(|piece| piece.lines().count() <= 2_000));
    let all = pieces.concat();
    let all = all.strip_prefix('\u{feff}').expect("Excel reads UTF-8 only after a byte order mark");
    let mut records = csv::Reader::from_reader(all.as_bytes());
    let texts: Vec<String> = records.records().map(|record| record.unwrap()[8].to_owned()).collect();
    let expected: Vec<String> = (1..=20_001).rev().map(|number| format!("'=entry {number}")).collect();
    assert!(texts == expected, "{} lines", texts.len());
    assert!(!world.wire.failed.get());

    for format in ["xlsx", "ods", "pdf"] {
        let refused = problem(&world.ask(&format!("format={format}")).await);
        assert_eq!((&refused["type"], &refused["status"]), (&"/problems/too-many-rows".into(), &422.into()));
        assert_eq!((&refused["field"], &refused["max_rows"]), (&"format".into(), &20_000.into()));
    }
}

#[tokio::test]
async fn csv_comes_without_the_byte_order_mark_where_it_is_not_wanted() {
    let world = World::new(1).await;
    for (query, expected) in [("", true), ("&bom=true", true), ("&bom=false", false)] {
        let opened = world.ask(&format!("format=csv{query}")).await;
        let all = world.follow(&opened).await.concat();
        assert_eq!(all.matches('\u{feff}').count(), usize::from(expected), "{query}");
        assert!(all.trim_start_matches('\u{feff}').starts_with("\"start\",\"end\","), "{all}");
    }
    assert_eq!(problem(&world.ask("format=csv&bom=maybe").await)["field"], "bom");
}

#[tokio::test]
async fn a_tag_with_a_comma_is_not_two_tags() {
    let world = World::new(1).await;
    world.tag(&["a", "b, c", "say \"d\""]).await;
    let opened = world.ask("format=csv").await;
    let all = world.follow(&opened).await.concat();
    let record = csv::Reader::from_reader(all.as_bytes()).records().next().unwrap().unwrap();
    assert_eq!(&record[7], "a, \"b, c\", \"say \"\"d\"\"\"");
}

#[tokio::test]
async fn a_csv_that_cannot_go_on_is_broken_off() {
    let world = World::new(4_001).await;
    let opened = world.ask("format=csv").await;
    world.wire.statements_left.set(1);
    let pieces = world.follow(&opened).await;
    assert_eq!((pieces.len(), world.wire.failed.get()), (2, true));
}

#[tokio::test]
async fn the_others_come_whole_with_their_filters() {
    let world = World::new(7).await;
    for (format, begin, kind) in [
        ("xlsx", "PK", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("ods", "PK", "application/vnd.oasis.opendocument.spreadsheet"),
        ("pdf", "%PDF", "application/pdf"),
    ] {
        let file = world.ask(&format!("format={format}&q=entry")).await;
        assert_eq!((file.status().as_u16(), header(&file, "content-type")), (200, kind.to_owned()));
        assert!(file.body().starts_with(begin.as_bytes()));
        assert_eq!(header(&file, "content-length"), file.body().len().to_string());
        assert!(header(&file, "content-disposition").ends_with(&format!(".{format}\"")));
        assert!(file.extensions().get::<api::Opened>().is_none());
    }
    let file = world.ask("format=pdf&q=entry%207").await;
    let document = lopdf::Document::load_mem(file.body()).unwrap();
    let text = document.extract_text(&[1]).unwrap().replace('\n', " ");
    assert!(text.contains("q entry 7") && text.contains("1 entries · total 0:01"), "{text}");
}

#[tokio::test]
async fn what_cannot_be_asked_is_refused_before_the_first_byte() {
    let world = World::new(1).await;
    for (query, status, field) in [
        ("format=doc", 400, "format"),
        ("", 400, "format"),
        ("format=csv&x=1", 400, "x"),
        ("format=csv&user=all", 403, "user"),
        ("format=csv&q=%00", 400, "q"),
    ] {
        let refused = problem(&world.ask(query).await);
        assert_eq!((&refused["status"], &refused["field"]), (&status.into(), &field.into()), "{query}");
    }
}
