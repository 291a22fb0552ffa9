//! Time entries through the gateway with real tokens.

#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

use std::thread;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use e2e::{Client, free_day, login};
use serde_json::{Value, json};

const PATH: &str = "/api/v1/time-entries";

fn entry(day: chrono::NaiveDate, from: u32, to: u32) -> Value {
    json!({ "start": format!("{day}T{from:02}:00:00Z"), "end": format!("{day}T{to:02}:00:00Z"), "zone": "Europe/Zurich" })
}

#[test]
fn a_login_gives_a_token_with_roles_teams_and_the_apis_audience() {
    let part = |token: &str, index: usize| -> Value {
        let part = token.split('.').nth(index).unwrap();
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
    };
    for (name, roles) in
        [("alice", vec!["user"]), ("mona", vec!["manager", "user"]), ("ada", vec!["admin", "user"])]
    {
        let client = login(name);
        let (header, claims) = (part(client.token(), 0), part(client.token(), 1));
        assert_eq!(header["alg"], "EdDSA");
        let audiences = claims["aud"].to_string();
        assert!(audiences.contains("timetracker-api"), "{audiences}");
        let has: Vec<&str> =
            claims["realm_access"]["roles"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        assert!(roles.iter().all(|role| has.contains(role)), "{name}: {has:?}");
        assert!(uuid::Uuid::parse_str(claims["sub"].as_str().unwrap()).is_ok());
        assert_eq!(client.get(PATH).status, 200);
    }
}

#[test]
fn an_entry_lives_from_creation_to_deletion() {
    let alice = login("alice");
    let created = alice.post(PATH, &entry(free_day(), 9, 10));
    assert_eq!(created.status, 201, "{}", created.text);
    let path = created.header("location").to_owned();
    assert_eq!(path, format!("{PATH}/{}", created.id()));
    assert_eq!(created.header("cache-control"), "private, no-cache");
    assert_eq!(alice.get(&path).json(), created.json());
    let changed = alice.patch(&path, &json!({ "billable": true }));
    assert_eq!((changed.status, &changed.json()["version"]), (200, &2.into()));
    let found = alice.get(&format!("{PATH}?limit=200&sort=-updated")).json();
    assert!(found["items"].as_array().unwrap().contains(&changed.json()));
    assert_eq!(alice.delete(&path).status, 204);
    assert_eq!(alice.get(&path).status, 404);
}

#[test]
fn another_persons_entry_is_not_found_in_every_method() {
    let (alice, bob) = (login("alice"), login("bob"));
    let path = alice.post(PATH, &entry(free_day(), 9, 10)).header("location").to_owned();
    for answer in [bob.get(&path), bob.patch(&path, &json!({ "description": "mine" })), bob.delete(&path)] {
        assert_eq!((answer.status, answer.json()["type"].as_str()), (404, Some("/problems/not-found")));
    }
    assert_eq!(alice.get(&path).json()["description"], "");
}

#[test]
fn a_refusal_is_a_problem_with_the_field_and_the_request_id() {
    let alice = login("alice");
    let json = [("content-type", "application/json"), ("x-request-id", "test-0123456789")];
    let day = free_day();
    let backwards = entry(day, 10, 9).to_string();
    let answer = alice.send("POST", PATH, &json, &backwards);
    assert_eq!((answer.status, answer.header("content-type")), (422, "application/problem+json"));
    assert_eq!(
        (&answer.json()["field"], &answer.json()["request_id"]),
        (&"end".into(), &"test-0123456789".into())
    );
    assert_eq!(answer.header("x-request-id"), "test-0123456789");

    for (headers, body, status) in [
        (&json[..], "{\"start\":", 400),
        (&[("content-type", "text/plain")][..], "{}", 415),
        (&json[..], "{\"start\":\"2026-01-01T00:00:00Z\",\"owner\":1}", 422),
    ] {
        assert_eq!(alice.send("POST", PATH, headers, body).status, status, "{body}");
    }
    assert_eq!(alice.get(&format!("{PATH}/42")).json()["field"], "id");
    assert_eq!(alice.get(&format!("{PATH}?cursor=x")).json()["field"], "cursor");
    let wrong = alice.send("PUT", PATH, &json, "{}");
    assert_eq!((wrong.status, wrong.header("allow")), (405, "GET, POST, HEAD"));
    let bounds = format!("{PATH}?from={day}T00:00:00Z&to={day}T23:59:59Z");
    assert_eq!(alice.get(&bounds).json()["items"], json!([]), "nothing was written");
    let with_body = alice.send("GET", &bounds, &[("content-type", "text/plain")], "of no meaning");
    assert_eq!(with_body.status, 200, "a GET's body is ignored: {}", with_body.text);
}

#[test]
fn without_a_good_token_nothing_is_served() {
    let stranger = Client::stranger();
    let missing = stranger.get(PATH);
    assert_eq!((missing.status, missing.header("www-authenticate")), (401, "Bearer"));
    let good = login("alice");
    let mut parts: Vec<&str> = good.token().split('.').collect();
    let payload = URL_SAFE_NO_PAD.encode(json!({ "sub": "admin", "exp": 4_000_000_000_u64 }).to_string());
    parts[1] = &payload;
    for token in ["nonsense", "a.b.c", &parts.join("."), &good.token()[..good.token().len() - 4]] {
        let answer = stranger.with_token(token).get(PATH);
        assert_eq!(
            (answer.status, answer.header("content-type")),
            (401, "application/problem+json"),
            "{token}"
        );
        assert!(answer.header("www-authenticate").starts_with("Bearer error=\"invalid_token\""));
    }
}

#[test]
fn of_fifty_overlapping_creations_at_once_one_wins() {
    let bob = login("bob");
    let day = free_day();
    let mut statuses: Vec<u16> = thread::scope(|scope| {
        let threads: Vec<_> = (0..50)
            .map(|minute| {
                let client = bob.clone();
                scope.spawn(move || {
                    let body = json!({
                        "start": format!("{day}T09:{minute:02}:00Z"), "end": format!("{day}T11:{minute:02}:00Z"),
                    });
                    client.post(PATH, &body).status
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    statuses.sort_unstable();
    let mut expected = vec![201];
    expected.extend([409; 49]);
    assert_eq!(statuses, expected);
    let listed = bob.get(&format!("{PATH}?from={day}T00:00:00Z&to={day}T23:59:59Z")).json();
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
}

#[test]
fn a_second_running_timer_is_refused_even_at_the_same_moment() {
    let mona = login("mona");
    mona.send("POST", "/api/v1/timer/discard", &[], "");
    let day = free_day();
    let body = json!({ "start": format!("{day}T09:00:00Z") });
    let answers: Vec<_> = thread::scope(|scope| {
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(|| mona.post(PATH, &body))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let (won, lost): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status == 201);
    assert_eq!((won.len(), lost.len()), (1, 7));
    for answer in lost {
        assert_eq!((answer.status, &answer.json()["type"]), (409, &"/problems/timer-running".into()));
        assert_eq!(answer.json()["conflict"], won[0].id().as_str());
    }
    assert_eq!(mona.delete(&format!("{PATH}/{}", won[0].id())).status, 204);
}
