//! The gateway's limits, at a gateway of the test's own that has those of people.

#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

use std::net::Ipv4Addr;

use e2e::{Client, Gateway, eventually, login, login_at, wire};
use futures::StreamExt as _;
use serde_json::json;

const AUTH: &str =
    "/auth/realms/timetracker/protocol/openid-connect/auth?client_id=timetracker-web&response_type=code";

/// How many of so many GETs from an address got each status.
async fn flood(url: &str, from: Ipv4Addr, path: &str, count: usize) -> Vec<Option<u16>> {
    let requests = (0..count).map(|_| wire::status(url, from, path));
    futures::stream::iter(requests).buffer_unordered(16).collect().await
}

#[test]
fn what_the_gateway_refuses_is_a_problem_that_says_when_to_come_again() {
    let gateway = Gateway::start(&[("TIMETRACKER_API_RATE", "1"), ("TIMETRACKER_API_BURST", "5")]);
    let (alice, bob) = (login("alice").at_gateway(gateway.url()), login("bob").at_gateway(gateway.url()));
    let refused = eventually(20, "a refusal", || match alice.get("/api/v1/me") {
        answer if answer.status == 429 => Ok(answer),
        answer => Err(answer.status.to_string()),
    });
    assert_eq!(refused.header("content-type"), "application/problem+json");
    assert_eq!(refused.json()["type"], "/problems/too-many-requests");
    assert!(!refused.json()["request_id"].as_str().unwrap().is_empty());
    assert!(refused.header("retry-after").parse::<u32>().is_ok(), "{refused:?}");
    assert!(refused.header("strict-transport-security").contains("max-age="));
    assert_eq!(bob.get("/api/v1/me").status, 200, "another person at the same address");

    let json = [("content-type", "application/json")];
    let large = format!("\"{}\"", "x".repeat(5 * 1024 * 1024));
    // The sender may not hear it, if the gateway closes before it has sent all.
    if let Ok(refused) = bob.try_send("POST", "/api/v1/time-entries", &json, &large) {
        assert_eq!((refused.status, &refused.json()["type"]), (413, &"/problems/body-too-large".into()));
    }
}

#[tokio::test]
async fn while_one_address_floods_the_login_page_others_log_in() {
    let gateway = tokio::task::spawn_blocking(|| Gateway::start(&[])).await.unwrap();
    let url = gateway.url().to_owned();
    let path = format!("{AUTH}&state={}", "x".repeat(1000));
    let flooding = tokio::spawn(async move { flood(&url, Ipv4Addr::new(127, 0, 0, 9), &path, 1500).await });
    let url = gateway.url().to_owned();
    let logged_in =
        tokio::task::spawn_blocking(move || login_at(&Client::stranger().at_gateway(&url), "bob"));
    assert_eq!(logged_in.await.unwrap().get("/api/v1/me").status, 200);
    let statuses = flooding.await.unwrap();
    let refused = statuses.iter().filter(|status| **status == Some(429)).count();
    assert!(refused > 1000, "{refused} of {}", statuses.len());
}

#[tokio::test]
async fn an_address_that_is_too_long_is_refused_before_keycloak_keeps_anything_of_it() {
    let url = Client::stranger().url("");
    for (length, expected) in [(8_000, [Some(414), Some(400)]), (60_000, [Some(431), Some(400)])] {
        let path = format!("{AUTH}&state={}", "x".repeat(length));
        let status = wire::status(&url, Ipv4Addr::LOCALHOST, &path).await;
        assert!(expected.contains(&status), "{length}: {status:?}");
    }
}

#[test]
fn streams_do_not_take_the_place_of_requests() {
    let gateway = Gateway::start(&[("TIMETRACKER_IN_FLIGHT", "4")]);
    let alice = login("alice").at_gateway(gateway.url());
    let streams: Vec<_> = (0..8).map(|_| alice.open("/api/v1/live", &[])).collect();
    let statuses: Vec<u16> = streams.iter().map(|(head, _)| head.status).collect();
    assert!(statuses.iter().all(|status| *status == 200), "{statuses:?}");
    assert_eq!(alice.get("/api/v1/me").status, 200);
}

#[test]
fn a_person_who_floods_with_heavy_work_is_told_to_wait() {
    let gateway = Gateway::start(&[("TIMETRACKER_HEAVY", "2")]);
    let alice = login("alice").at_gateway(gateway.url());
    let items: Vec<_> = (0..200)
        .map(|number| {
            let start = chrono::DateTime::UNIX_EPOCH + chrono::TimeDelta::hours(number);
            json!({ "action": "create", "entry": { "start": start, "end": start + chrono::TimeDelta::minutes(30) } })
        })
        .collect();
    let body = json!({ "items": items, "dry_run": true });
    let requests: Vec<_> = (0..12)
        .map(|_| {
            let (alice, body) = (alice.clone(), body.clone());
            std::thread::spawn(move || alice.post("/api/v1/time-entries/bulk", &body))
        })
        .collect();
    let answers: Vec<_> = requests.into_iter().map(|request| request.join().unwrap()).collect();
    let of = |status| answers.iter().filter(|answer| answer.status == status).count();
    assert!(of(200) >= 2 && of(429) >= 1 && of(200) + of(429) == 12, "{answers:?}");
    let refused = answers.iter().find(|answer| answer.status == 429).unwrap();
    assert_eq!(refused.json()["type"], "/problems/too-many-requests");
}

#[test]
fn the_access_log_keeps_no_secrets() {
    let gateway = Gateway::start(&[]);
    let stranger = Client::stranger().at_gateway(gateway.url());
    stranger.get("/api/v1/shared/a-token-of-a-share?from=2026-01-01");
    stranger.get("/?code=a-code-of-a-login&state=x");
    eventually(10, "both are logged", || match gateway.log() {
        log if log.matches("\"RouterName\"").count() >= 2 => Ok(()),
        log => Err(log),
    });
    let log = gateway.log();
    assert!(!log.contains("a-token") && !log.contains("a-code"), "{log}");
}
