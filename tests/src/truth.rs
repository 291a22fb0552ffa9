//! What must hold whatever happened: tables and log agree, and the read model equals both.

use std::time::Instant;

use reporting::ReadModel;
use tokio_postgres::{Client, NoTls};

/// What is wrong, whoever did it: each query answers nothing.
const WRONG: [(&str, &str); 5] = [
    (
        "entries that share time",
        "SELECT a.id::text FROM tracking.time_entries a JOIN tracking.time_entries b
           ON a.user_id = b.user_id AND a.id < b.id AND a.started_at < b.ended_at AND b.started_at < a.ended_at
         WHERE a.deleted_at IS NULL AND b.deleted_at IS NULL",
    ),
    (
        "two timers of one person",
        "SELECT user_id::text FROM tracking.time_entries WHERE ended_at IS NULL AND deleted_at IS NULL
         GROUP BY user_id HAVING count(*) > 1",
    ),
    (
        "entries without exactly one event for each version",
        "SELECT e.id::text FROM tracking.time_entries e WHERE (
             SELECT array_agg((v.envelope->'data'->>'version')::bigint ORDER BY v.user_seq)
             FROM tracking.events v WHERE v.subject = e.id
         ) IS DISTINCT FROM ARRAY(SELECT generate_series(1, e.version))",
    ),
    (
        "entries that are not what their last event says",
        "SELECT e.id::text FROM tracking.time_entries e WHERE (
             SELECT v.envelope->'data'->'after' FROM tracking.events v WHERE v.subject = e.id ORDER BY v.user_seq DESC LIMIT 1
         ) IS DISTINCT FROM CASE WHEN e.deleted_at IS NULL THEN tracking.entry_state(e) ELSE 'null'::jsonb END",
    ),
    (
        "gaps in a person's log",
        "SELECT u.id::text FROM tracking.users u JOIN tracking.events v ON v.user_id = u.id
         GROUP BY u.id HAVING count(*) <> u.event_seq OR max(v.user_seq) <> u.event_seq",
    ),
];

/// Each person's seconds in the tables and in the reports, where they differ; and what has not been sent.
const UNCOUNTED: &str = "SELECT user_id::text || ': ' || coalesce(t.seconds, 0) || ' s tracked, ' || coalesce(r.seconds, 0) || ' s reported'
    FROM (
        SELECT user_id, sum(extract(epoch FROM ended_at - started_at))::bigint AS seconds
        FROM tracking.time_entries WHERE deleted_at IS NULL AND ended_at IS NOT NULL GROUP BY user_id
    ) t FULL JOIN (
        SELECT user_id, sum(seconds)::bigint AS seconds FROM reporting.user_day_totals GROUP BY user_id
    ) r USING (user_id)
    WHERE t.seconds IS DISTINCT FROM r.seconds
    UNION ALL SELECT count(*) || ' messages in the outbox' FROM tracking.outbox HAVING count(*) > 0";

/// A connection to the system's database, as one who may see everything.
///
/// # Panics
/// When it does not answer.
pub async fn database() -> Client {
    let url = testkit::required("TIMETRACKER_TEST_DATABASE_URL");
    let (client, connection) = tokio_postgres::connect(&url, NoTls).await.expect("PostgreSQL");
    tokio::spawn(connection);
    client
}

/// Run something with a database from a test that has no runtime.
///
/// # Panics
/// When a runtime cannot be made.
pub fn block_on<T>(task: impl Future<Output = T>) -> T {
    tokio::runtime::Runtime::new().expect("a runtime").block_on(task)
}

async fn texts(database: &Client, sql: &str) -> Vec<String> {
    database.query(sql, &[]).await.expect("an answer").iter().map(|row| row.get(0)).collect()
}

/// No rule is broken, and each change has exactly one event.
///
/// # Panics
/// When it is not so.
pub fn tables_and_log_agree() {
    block_on(async {
        let database = database().await;
        for (what, sql) in WRONG {
            let found = texts(&database, sql).await;
            assert!(found.is_empty(), "{what}: {found:?}");
        }
    });
}

/// Wait until everything that was committed is counted; the read model then is what the log and the tables say.
///
/// # Panics
/// When it is not so within two minutes.
pub fn reports_equal_tables() {
    let begun = Instant::now();
    block_on(async {
        let database = database().await;
        loop {
            let differences = texts(&database, UNCOUNTED).await;
            if differences.is_empty() {
                break;
            }
            assert!(begun.elapsed().as_secs() < 120, "{differences:?}");
            tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        }
        let mut model = ReadModel::new(database);
        loop {
            let found = model.verify().await.expect("an answer");
            assert!(found.differences.is_empty(), "{:?}", found.differences);
            if found.pending == 0 {
                break;
            }
            assert!(begun.elapsed().as_secs() < 120, "{} entries are not in the reports", found.pending);
            tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        }
    });
}
