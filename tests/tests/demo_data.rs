//! Demo data through the gateway: one call fills it in, the reports follow, one call removes it.

#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

use std::time::{Duration, Instant};

use chrono::{Days, NaiveDate, Utc};
use e2e::{Client, eventually, login};
use serde_json::Value;

const PATH: &str = "/api/v1/demo-data";

/// What the report has of the caller's time in these days, in seconds.
fn reported(client: &Client, from: NaiveDate, to: NaiveDate) -> i64 {
    let answer = client.get(&format!("/api/v1/reports/summary?from={from}&to={to}&group_by=project"));
    assert_eq!(answer.status, 200, "{}", answer.text);
    seconds(&answer.json()["groups"])
}

fn seconds(list: &Value) -> i64 {
    list.as_array().unwrap().iter().filter_map(|one| one["seconds"].as_i64()).sum()
}

/// What the caller's entries of these days come to, page by page.
fn tracked(client: &Client, from: NaiveDate, to: NaiveDate) -> i64 {
    let (mut sum, mut cursor) = (0, String::new());
    loop {
        let answer = client
            .get(&format!("/api/v1/time-entries?from={from}T00:00:00Z&to={to}T23:59:59Z&limit=200{cursor}"));
        assert_eq!(answer.status, 200, "{}", answer.text);
        sum += seconds(&answer.json()["items"]);
        match answer.json()["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return sum,
        }
    }
}

#[test]
fn what_is_filled_in_reaches_the_reports_and_goes_again() {
    let (ada, alice) = (login("ada"), login("alice"));
    let any = [("if-match", "*")];
    assert_eq!(alice.send("POST", PATH, &[], "").status, 403);
    let cleared = ada.send("DELETE", PATH, &any, "");
    assert_eq!(cleared.status, 200, "{}", cleared.text);
    assert_eq!(alice.get(PATH).json()["present"], false);

    let today = Utc::now().date_naive();
    let from = today - Days::new(190);
    // What other tests have written there, counted before and after.
    let before = tracked(&ada, from, today);
    let begun = Instant::now();
    let filled = ada.send("POST", PATH, &[], "");
    assert_eq!(filled.status, 201, "{}", filled.text);
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
    let there = alice.get(PATH);
    assert_eq!((there.json(), there.header("etag")), (filled.json(), filled.header("etag")));
    assert_eq!(ada.send("POST", PATH, &[], "").json()["type"], "/problems/demo-exists");

    let after = tracked(&ada, from, today);
    assert!(after - before > 500 * 3600, "half a year of work: {} s", after - before);
    eventually(60, "the report", || {
        let has = reported(&ada, from, today);
        if has >= after { Ok(()) } else { Err(format!("{has} of {after} s")) }
    });

    let stale = ada.send("DELETE", PATH, &[("if-match", "\"0\"")], "");
    assert_eq!(stale.status, 412, "{}", stale.text);
    let removed = ada.send("DELETE", PATH, &[("if-match", there.header("etag"))], "");
    assert_eq!(
        (removed.status, &removed.json()["entries"]),
        (200, &filled.json()["entries"]),
        "{}",
        removed.text
    );
    assert_eq!(tracked(&ada, from, today), before);
    eventually(60, "the report", || {
        let has = reported(&ada, from, today);
        if has <= before { Ok(()) } else { Err(format!("{has}, not {before} s")) }
    });
}
