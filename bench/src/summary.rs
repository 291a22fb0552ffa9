//! Summaries over a year at the component, beside the same answer computed from the entries by SQL.

use std::collections::BTreeMap;
use std::time::Instant;

use anyhow::{Result, ensure};
use e2e::{Client as Api, login};
use serde_json::Value;
use tokio_postgres::Client;

use crate::figures::Times;

const REQUESTS: usize = 100;
const QUERIES: usize = 3;

/// By what to group, the rollup that tells it, and the key in SQL over the entries.
const GROUPINGS: [(&str, &str, &str); 6] = [
    ("project", "month_totals", "project_id::text"),
    ("task", "month_totals", "task_id::text"),
    ("user", "user_year_sums", "user_id::text"),
    ("tag", "month_tag_sums", "tag::text"),
    ("week", "day_sums", "to_char(date_trunc('week', started_at), 'YYYY-MM-DD')"),
    ("project,month", "month_totals", "coalesce(project_id::text, '') || to_char(started_at, ' YYYY-MM')"),
];

/// Print the times. Needs a year (`seed::year`).
pub async fn print(database: &Client, people: i32) -> Result<()> {
    println!(
        "summary: everybody's year, {people} people; p50 and p95 of {REQUESTS} requests one after the other at the component"
    );
    let token = login("ada");
    let api = Api::plain(&testkit::required("TIMETRACKER_TEST_SPIN_URL")).with_token(token.token());
    for (by, rollup, key) in GROUPINGS {
        let path = format!("/api/v1/reports/summary?from=2025-01-01&to=2025-12-31&user=all&group_by={by}");
        let ask = || {
            let begun = Instant::now();
            let answer = api.get(&path);
            assert_eq!(answer.status, 200, "{}", answer.text);
            (begun.elapsed(), answer)
        };
        let (times, answer) = tokio::task::block_in_place(|| {
            let answer = ask().1.json();
            (0..5).for_each(|_| drop(ask()));
            (Times::of((0..REQUESTS).map(|_| ask().0)), answer)
        });

        let tags = if by == "tag" { "LEFT JOIN LATERAL unnest(tag_ids) AS tag ON true" } else { "" };
        let sql = format!(
            "SELECT {key}, sum(extract(epoch FROM ended_at - started_at))::bigint FROM bench.entries {tags}
             WHERE deleted_at IS NULL AND started_at >= '2025-01-01' AND started_at < '2026-01-01' GROUP BY 1"
        );
        let mut queries = Vec::new();
        let mut expected = BTreeMap::new();
        for _ in 0..QUERIES {
            let begun = Instant::now();
            let rows = database.query(&sql, &[]).await?;
            queries.push(begun.elapsed());
            expected = rows
                .iter()
                .map(|row| (row.get::<_, Option<String>>(0).unwrap_or_default(), row.get(1)))
                .collect();
        }
        ensure!(seconds(&answer) == expected, "by {by}: the answers differ");
        let rows = format!(
            "SELECT count(*) FROM reporting.{rollup} WHERE day BETWEEN '2025-01-01' AND '2025-12-31'"
        );
        let rows: i64 = database.query_one(&rows, &[]).await?.get(0);
        let sql = Times::of(queries).median();
        println!(
            "  by {by:13} {:5} groups of {rows:6} rows: p50 {:5.1} ms, p95 {:5.1} ms; SQL over the entries {sql:6.0} ms, {:.0} × as long",
            expected.len(),
            times.median(),
            times.at(0.95),
            sql / times.median(),
        );
    }
    Ok(())
}

/// Key and seconds of all groups.
fn seconds(answer: &Value) -> BTreeMap<String, i64> {
    let groups = answer["groups"].as_array().cloned().unwrap_or_default();
    let key = |group: &Value| {
        let keys = group["keys"].as_array().cloned().unwrap_or_default();
        let keys: Vec<&str> = keys.iter().map(|key| key["key"].as_str().unwrap_or_default()).collect();
        keys.join(" ")
    };
    groups.iter().map(|group| (key(group), group["seconds"].as_i64().unwrap_or_default())).collect()
}
