//! `spin:postgres` against the server of `TIMETRACKER_TEST_ADMIN_URL`.

mod proxy;

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use futures::future::join_all;
use tokio_postgres::{Client, NoTls};
use url::Url;

use crate::app::{App, Case};
use proxy::Proxy;

/// A database of its own for one test; dropped with it.
pub struct Database {
    pub url: String,
    name: String,
    admin: String,
}

impl Database {
    pub async fn create() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let admin = std::env::var("TIMETRACKER_TEST_ADMIN_URL")
            .unwrap_or_else(|_| panic!("TIMETRACKER_TEST_ADMIN_URL is not set: run cargo xtask test"));
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("conformance_{}_{number}", std::process::id());
        let client = connect(&admin).await;
        client.batch_execute(&format!("CREATE DATABASE {name}")).await.unwrap();
        let mut url = Url::parse(&admin).unwrap();
        url.set_path(&name);
        Self { url: url.into(), name, admin }
    }

    /// `postgres://host:port`
    pub fn origin(&self) -> String {
        let url = Url::parse(&self.url).unwrap();
        format!("postgres://{}:{}", url.host_str().unwrap(), url.port().unwrap_or(5432))
    }

    /// The same database behind `proxy`.
    fn behind(&self, proxy: &Proxy) -> String {
        let mut url = Url::parse(&self.url).unwrap();
        url.set_host(Some("127.0.0.1")).unwrap();
        url.set_port(Some(proxy.address().port())).unwrap();
        url.into()
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let (admin, name) = (self.admin.clone(), self.name.clone());
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let sql = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
                _ = connect(&admin).await.batch_execute(&sql).await;
            });
        });
        _ = dropping.join();
    }
}

async fn connect(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

fn case(url: &str, origin: &str) -> Case {
    Case::new("postgres")
        .environment("SPIN_VARIABLE_DATABASE_URL", url)
        .environment("SPIN_VARIABLE_DATABASE_ORIGIN", origin)
}

async fn query(app: &App, order: serde_json::Value) -> String {
    let answer = reqwest::Client::new().post(app.url("/query")).body(order.to_string()).send().await.unwrap();
    answer.text().await.unwrap()
}

async fn sql(app: &App, sql: &str) -> String {
    query(app, serde_json::json!({ "sql": sql })).await
}

async fn execute(app: &App, sql: &str) {
    let answer = query(app, serde_json::json!({ "sql": sql, "execute": true })).await;
    assert!(answer.ends_with("rows"), "{sql}: {answer}");
}

#[tokio::test]
async fn nothing_of_a_session_is_left_to_the_next_user() {
    let database = Database::create().await;
    let app = case(&database.url, &database.origin()).argument("--pg-max-connections").argument("1").start();
    let process = sql(&app, "SELECT pg_backend_pid() AS pid").await;
    execute(&app, "CREATE TABLE t (n int)").await;
    execute(&app, "SET work_mem = '77MB'").await;
    execute(&app, "CREATE TEMP TABLE left_over (n int)").await;
    sql(&app, "SELECT pg_advisory_lock(7)").await;
    execute(&app, "BEGIN").await;
    execute(&app, "INSERT INTO t VALUES (1)").await;
    assert!(!sql(&app, "SHOW work_mem").await.contains("77MB"));
    assert!(sql(&app, "SELECT to_regclass('left_over') IS NULL").await.contains("Boolean(true)"));
    assert!(
        sql(&app, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'").await.contains("Int64(0)")
    );
    let admin = connect(&database.url).await;
    let rows: i64 = admin.query_one("SELECT count(*) FROM t", &[]).await.unwrap().get(0);
    assert_eq!(rows, 1, "BEGIN of one request must not hold back the INSERT of another");
    assert_eq!(sql(&app, "SELECT pg_backend_pid() AS pid").await, process, "the connection was pooled");
}

#[tokio::test]
async fn a_session_in_which_nothing_can_be_left_is_not_cleaned_each_time() {
    let database = Database::create().await;
    let app = case(&database.url, &database.origin()).argument("--pg-max-connections").argument("1").start();
    let admin = connect(&database.url).await;
    let last = async || -> String {
        let last = "SELECT query FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'runtime'";
        admin.query_one(last, &[]).await.unwrap().get(0)
    };
    execute(&app, "SET work_mem = '77MB'").await;
    while !last().await.contains("ROLLBACK") {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    for at_once in [1, 2, 64] {
        let rows = format!("SELECT generate_series(1, 3), {at_once}");
        query(&app, serde_json::json!({ "sql": rows, "at_once": at_once })).await;
        tokio::time::sleep(Duration::from_millis(200)).await;
        assert_eq!(last().await, rows);
    }

    // What a function hides is gone all the same after some uses.
    execute(
        &app,
        "CREATE FUNCTION hide() RETURNS text LANGUAGE sql AS $$ SELECT set_config('work_mem', '77MB', false) $$",
    )
    .await;
    sql(&app, "SELECT hide()").await;
    let mut uses = 0;
    while sql(&app, "SELECT current_setting('work_mem')").await.contains("77MB") {
        uses += 1;
        assert!(uses < 70, "never cleaned");
    }
}

#[tokio::test]
async fn a_transaction_that_failed_is_rolled_back() {
    let database = Database::create().await;
    let app = case(&database.url, &database.origin())
        .argument("--pg-max-connections")
        .argument("1")
        .argument("--max-instance-reuse-count")
        .argument("2")
        .start();
    let process = sql(&app, "SELECT pg_backend_pid() AS pid").await;
    sql(&app, "SELECT 1").await;
    let keep = |sql| query(&app, serde_json::json!({ "sql": sql, "keep": true }));
    assert_eq!(keep("BEGIN").await, "");
    assert!(keep("SELECT 1 / 0").await.contains("22012"));
    // The instance has had its two requests, and its connection is free.
    assert_eq!(sql(&app, "SELECT pg_backend_pid() AS pid").await, process, "the connection was pooled");
}

#[tokio::test]
async fn a_prepared_statement_follows_its_table() {
    let database = Database::create().await;
    let app = case(&database.url, &database.origin()).argument("--pg-max-connections").argument("1").start();
    execute(&app, "CREATE TABLE t (a int)").await;
    execute(&app, "INSERT INTO t VALUES (1)").await;
    assert!(sql(&app, "SELECT * FROM t").await.contains("[DbValue::Int32(1)]"));
    execute(&app, "ALTER TABLE t ADD b text DEFAULT 'new'").await;
    assert!(sql(&app, "SELECT * FROM t").await.contains("[DbValue::Int32(1), DbValue::Str(\"new\")]"));
    execute(&app, "DEALLOCATE ALL").await;
    assert!(sql(&app, "SELECT * FROM t").await.contains("[DbValue::Int32(1), DbValue::Str(\"new\")]"));
}

#[tokio::test]
async fn the_pool_is_bounded_and_requests_wait_for_it() {
    let database = Database::create().await;
    let app = case(&database.url, &database.origin()).argument("--pg-max-connections").argument("3").start();
    let waiting = join_all((0..30).map(|_| sql(&app, "SELECT pg_sleep(0.05), pg_backend_pid()")));
    let answers = waiting.await;
    assert!(answers.iter().all(|answer| answer.contains("Int32(")), "{answers:?}");
    let processes: std::collections::BTreeSet<_> = answers.iter().collect();
    assert!(processes.len() <= 3, "{processes:?}");
}

#[tokio::test]
async fn metrics_tell_of_each_pool_without_its_password() {
    let database = Database::create().await;
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let app = case(&database.url, &database.origin()).argument("--admin").argument(free.to_string()).start();
    let slow = [sql(&app, "SELECT pg_sleep(0.3)"), sql(&app, "SELECT pg_sleep(0.3)")];
    join_all(slow).await;
    let mut url = Url::parse(&database.url).unwrap();
    url.set_path("no_such_database");
    query(&app, serde_json::json!({ "sql": "SELECT 1", "url": url.as_str() })).await;
    let metrics = reqwest::get(format!("http://{free}/metrics")).await.unwrap().text().await.unwrap();
    let pool = |database: &str| {
        let at = url.host_str().unwrap();
        format!("{{pool=\"{}@{at}:{}/{database}\"}}", url.username(), url.port().unwrap_or(5432))
    };
    for line in [
        format!("runtime_postgres_connections{} 2", pool(&database.name)),
        format!("runtime_postgres_connections_in_use{} 0", pool(&database.name)),
        format!("runtime_postgres_wait_seconds_count{} 2", pool(&database.name)),
        format!("runtime_postgres_connections_failed_total{} 1", pool("no_such_database")),
    ] {
        assert!(metrics.contains(&line), "{line} is not in {metrics}");
    }
}

#[tokio::test]
async fn a_server_that_goes_and_comes_back_is_used_again() {
    let database = Database::create().await;
    let proxy = Proxy::start(&database.url).await;
    let url = database.behind(&proxy);
    let app = case(&url, &format!("postgres://{}", proxy.address())).start();
    let select = serde_json::json!({ "sql": "SELECT 1" });
    let keep = serde_json::json!({ "sql": "SELECT 1", "keep": true });
    for order in [&select, &keep] {
        assert!(query(&app, order.clone()).await.contains("Int32(1)"));
    }
    proxy.cut();
    // A statement that is sent while the connection breaks fails as such; here it is known to be broken.
    tokio::time::sleep(Duration::from_millis(300)).await;
    for order in [&select, &keep] {
        let start = Instant::now();
        let answer = query(&app, order.clone()).await;
        assert!(answer.contains("ConnectionFailed"), "{answer}");
        assert!(start.elapsed() < Duration::from_secs(12), "{:?}", start.elapsed());
    }
    proxy.mend();
    for order in [&select, &keep] {
        let answer = query(&app, order.clone()).await;
        assert!(answer.contains("Int32(1)"), "{answer}");
    }
}

#[tokio::test]
async fn a_server_is_spoken_to_by_tls_if_an_authority_vouches_for_its_name() {
    let database = Database::create().await;
    let (known, authority) = Proxy::with_tls(&database.url, "127.0.0.1").await;
    let (other, authority_of_other) = Proxy::with_tls(&database.url, "elsewhere.example").await;
    let app = case(&database.url, "postgres://127.0.0.1:*").start();
    let url = |proxy, mode| format!("{}?sslmode={mode}", database.behind(proxy));
    let ask =
        |url: String, ca: &str| query(&app, serde_json::json!({ "sql": "SELECT 1", "url": url, "ca": ca }));
    for mode in ["require", "prefer"] {
        let answer = ask(url(&known, mode), &authority).await;
        assert!(answer.contains("Int32(1)"), "{mode}: {answer}");
    }
    for (url, authority, expected) in [
        (url(&known, "require"), authority_of_other.as_str(), "invalid peer certificate"),
        (url(&other, "require"), &authority_of_other, "certificate not valid for name"),
        (url(&known, "require"), "-----BEGIN", "invalid root certificate"),
        (format!("{}?sslmode=require", database.url), &authority, "server does not support TLS"),
    ] {
        let answer = ask(url, authority).await;
        assert!(answer.contains(expected), "{answer}");
    }
}

#[tokio::test]
async fn a_session_that_the_server_ended_is_replaced() {
    let database = Database::create().await;
    let app = case(&database.url, &database.origin()).start();
    let keep = serde_json::json!({ "sql": "SELECT 1", "keep": true });
    assert!(query(&app, keep.clone()).await.contains("Int32(1)"));
    let admin = connect(&database.admin).await;
    let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1";
    admin.execute(end, &[&database.name]).await.unwrap();
    tokio::time::sleep(Duration::from_millis(200)).await;
    for order in [keep, serde_json::json!({ "sql": "SELECT 1" })] {
        let answer = query(&app, order).await;
        assert!(answer.contains("Int32(1)"), "{answer}");
    }
}

#[tokio::test]
async fn the_password_does_not_reach_the_log() {
    let database = Database::create().await;
    let mut url = Url::parse(&database.url).unwrap();
    url.set_password(Some("hunter2")).unwrap();
    url.set_path("no_such_database");
    let app = case(url.as_str(), &database.origin()).start();
    let answer = sql(&app, "SELECT 1").await;
    assert!(answer.contains("ConnectionFailed") && !answer.contains("hunter2"), "{answer}");
    assert!(!app.log().contains("hunter2"), "{}", app.log());
}

#[tokio::test]
async fn many_rows_are_streamed() {
    let database = Database::create().await;
    let app = case(&database.url, &database.origin()).start();
    let answer = sql(&app, "SELECT n FROM generate_series(1, 20000) AS n").await;
    assert_eq!(answer.lines().count(), 20_001);
    assert!(answer.ends_with("[DbValue::Int32(20000)]\n"));
}
