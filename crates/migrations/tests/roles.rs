//! Each role tries what it must not do; what it needs is shown by the services' own tests.

#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

use testkit::Database;
use tokio_postgres::error::SqlState;

const INSUFFICIENT: SqlState = SqlState::INSUFFICIENT_PRIVILEGE;

async fn refused(database: &Database, role: &str, statements: &[&str]) {
    let client = database.as_role(role).await;
    for statement in statements {
        let error = client.batch_execute(statement).await.expect_err(&format!("{role}: {statement}"));
        assert_eq!(error.code(), Some(&INSUFFICIENT), "{role}: {statement}: {error:?}");
    }
}

const APPLY: &str = "SELECT reporting.apply('{}')";

#[tokio::test]
async fn the_time_entry_service_writes_by_functions_only_and_sees_no_reports() {
    refused(
        &Database::new().await,
        "tracking_api",
        &[
            "INSERT INTO tracking.users (id, username, name) VALUES (gen_random_uuid(), '', '')",
            "UPDATE tracking.time_entries SET description = 'x'",
            "DELETE FROM tracking.events",
            "SELECT * FROM tracking.outbox",
            "SELECT * FROM reporting.day_totals",
            "SELECT reporting.rebuild_begin()",
            APPLY,
            "CREATE TABLE tracking.mine (id int)",
        ],
    )
    .await;
}

#[tokio::test]
async fn the_bridge_moves_the_outbox_and_nothing_else() {
    refused(
        &Database::new().await,
        "bridge",
        &[
            "SELECT * FROM tracking.time_entries",
            "SELECT * FROM tracking.users",
            "INSERT INTO tracking.outbox (event_id, routing_key, body) VALUES (gen_random_uuid(), 'x', '')",
            "SELECT * FROM tracking.events",
            "UPDATE tracking.events SET envelope = '{}'",
            "SELECT * FROM reporting.day_totals",
        ],
    )
    .await;
}

#[tokio::test]
async fn the_consumer_sees_no_entries_and_writes_by_its_function_only() {
    refused(
        &Database::new().await,
        "reporting_writer",
        &[
            "SELECT * FROM tracking.time_entries",
            "SELECT * FROM tracking.events",
            "UPDATE reporting.day_totals SET seconds = 0",
            "DELETE FROM reporting.entry_facts",
            "SELECT reporting.apply_entries_here('{}')",
        ],
    )
    .await;
}

#[tokio::test]
async fn the_reports_write_by_one_function_only() {
    refused(
        &Database::new().await,
        "reports_api",
        &[
            "SELECT * FROM tracking.time_entries",
            "UPDATE reporting.dead_letters SET reason = ''",
            "SELECT reporting.rebuild_begin()",
            "SELECT * FROM reporting.verify()",
            "INSERT INTO reporting_app.idempotency_keys VALUES (gen_random_uuid(), '', '', '{}')",
            "DELETE FROM reporting_app.saved_reports",
            "UPDATE reporting_app.shares SET expires_at = now()",
            "SELECT reporting_app.run('{}', 'drop_letter', '{}')",
            "DELETE FROM reporting.day_totals",
            APPLY,
        ],
    )
    .await;
}

#[tokio::test]
async fn nobody_calls_the_inner_functions_or_takes_another_role() {
    let database = Database::new().await;
    for role in ["tracking_api", "bridge", "reporting_writer", "reports_api"] {
        refused(
            &database,
            role,
            &[
                "SELECT tracking.lock_owner('{}')",
                "SELECT tracking.run('{}', 'create_entry', '{}')",
                "SELECT tracking.attempt('{}', 'create_entry', '{}')",
                "SELECT tracking.create_entry('{}', '{}')",
                "SELECT tracking.record_event('{}', gen_random_uuid(), '', '', gen_random_uuid(), '', '{}')",
                "SET ROLE migrator",
            ],
        )
        .await;
    }
}

#[tokio::test]
async fn services_connect_to_their_own_database_only() {
    let admin = Database::new().await.admin().await;
    let guests = "SELECT r.rolname || ' in ' || d.datname FROM pg_roles r, pg_database d
         WHERE r.rolname IN ('migrator', 'tracking_api', 'reports_api', 'bridge', 'reporting_writer', 'keycloak')
           AND d.datname IN ('postgres', 'template1') AND has_database_privilege(r.oid, d.oid, 'CONNECT')";
    let found: Vec<String> = admin.query(guests, &[]).await.unwrap().iter().map(|row| row.get(0)).collect();
    assert!(found.is_empty(), "{found:?}");
}

#[tokio::test]
async fn what_a_role_has_changed_of_its_settings_does_not_last() {
    let database = Database::new().await;
    let admin = database.admin().await;
    let role = format!("test_{}", uuid::Uuid::new_v4().simple());
    admin.batch_execute(&format!("CREATE ROLE {role}")).await.unwrap();
    let own = database.as_role(&role).await;
    let name: String = own.query_one("SELECT current_database()::text", &[]).await.unwrap().get(0);
    for place in ["", &format!("IN DATABASE {name}")] {
        own.batch_execute(&format!("ALTER ROLE {role} {place} SET statement_timeout = 0")).await.unwrap();
    }
    let settings =
        "SELECT count(*) FROM pg_db_role_setting s JOIN pg_roles r ON r.oid = s.setrole WHERE rolname = $1";
    let count = async || admin.query_one(settings, &[&role]).await.unwrap().get::<_, i64>(0);
    assert_eq!(count().await, 2);
    migrations::reset_settings(&admin, &role).await.unwrap();
    assert_eq!(count().await, 0);
    admin.batch_execute(&format!("DROP ROLE {role}")).await.unwrap();
}

#[test]
fn a_failure_is_told_in_one_line() {
    let ended = std::process::Command::new(env!("CARGO_BIN_EXE_migrate"))
        .env("MIGRATE_ADMIN_URL", "")
        .env("RUST_BACKTRACE", "1")
        .output()
        .unwrap();
    let told = String::from_utf8(ended.stderr).unwrap();
    assert!(!ended.status.success() && told.contains("MIGRATE_ADMIN_URL is not set"), "{told}");
    assert_eq!(told.lines().count(), 1, "{told}");
}

#[tokio::test]
async fn applying_again_changes_nothing_and_constraints_stand_behind_the_functions() {
    let database = Database::new().await;
    let mut admin = database.admin().await;
    assert_eq!(migrations::apply(&mut admin).await.unwrap(), 0);
    admin
        .batch_execute(
            "INSERT INTO tracking.users (id, username, name) VALUES ('0b6f0f3e-6f6e-4c59-9e43-1f6d3f8f2f10', 'a', 'A')",
        )
        .await
        .unwrap();
    let insert = |start: &str, end: &str| {
        format!(
            "INSERT INTO tracking.time_entries (id, user_id, started_at, ended_at, zone, description) \
             VALUES (gen_random_uuid(), '0b6f0f3e-6f6e-4c59-9e43-1f6d3f8f2f10', '{start}Z', {end}, 'UTC', '')"
        )
    };
    admin.batch_execute(&insert("2026-01-01 09:00", "'2026-01-01 10:00Z'")).await.unwrap();
    admin.batch_execute(&insert("2026-01-01 12:00", "NULL")).await.unwrap();
    for (start, end, state) in [
        ("2026-01-01 09:30", "'2026-01-01 09:40Z'", SqlState::EXCLUSION_VIOLATION),
        ("2026-01-01 13:00", "NULL", SqlState::UNIQUE_VIOLATION),
        ("2026-01-01 14:00", "'2026-01-01 14:00Z'", SqlState::CHECK_VIOLATION),
    ] {
        let error = admin.batch_execute(&insert(start, end)).await.unwrap_err();
        assert_eq!(error.code(), Some(&state));
    }
}
