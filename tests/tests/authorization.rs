//! The authorization matrix: each operation of the API, called by nobody, by the owner, by another user, by a manager
//! and by an admin. The operations come from the same list as the API's document, so a new one without a line in
//! `authorization/policy.rs` fails here. docs/roles.md shows the same table to people.

#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

mod authorization {
    pub mod policy;
}

use std::fs;

use authorization::policy::{Policy, REASONS, WITHOUT_TEST, policies, saved_report, share};
use e2e::{Answer, Client, free_day, login};
use serde_json::{Value, json};

/// The one operation that needs no login: its address ends with a secret.
const BY_LINK: &str = "GET /api/v1/shared-reports/:token";

#[test]
fn one_operation_needs_no_login() {
    let open: Vec<String> = openapi::operations()
        .iter()
        .filter(|operation| operation.needs_no_login())
        .map(openapi::Listed::name)
        .collect();
    assert_eq!(open, [BY_LINK]);
}

#[test]
fn every_operation_has_a_line_and_none_is_excepted() {
    let listed: Vec<String> = openapi::operations().iter().map(openapi::Listed::name).collect();
    let policies = policies();
    let named: Vec<&str> = policies.iter().map(|policy| policy.operation).collect();
    for operation in &listed {
        assert!(named.contains(&operation.as_str()), "{operation} has no line in the matrix");
    }
    for operation in named {
        assert!(listed.iter().any(|one| one == operation), "{operation} is no operation any more");
    }
    assert_eq!(WITHOUT_TEST, [""; 0]);
}

#[test]
fn the_table_for_people_is_the_one_that_is_tested() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/roles.md");
    let there = fs::read_to_string(file).unwrap();
    let table = table();
    assert!(there.contains(&table), "docs/roles.md is stale; its table must be:\n\n{table}");
}

fn table() -> String {
    let mut text =
        "| Operation | Owner | Another user | Manager | Admin |\n|---|---|---|---|---|\n".to_owned();
    for policy in policies() {
        let words = policy.expected.map(|status| REASONS.iter().find(|(one, _)| *one == status).unwrap().1);
        text += &format!("| `{}` | {} |\n", policy.operation, words.join(" | "));
    }
    text
}

#[test]
fn each_role_may_do_what_the_table_says_and_nothing_else() {
    let people = [login("alice"), login("bob"), login("mona"), login("ada")];
    let stranger = Client::stranger();
    for policy in policies() {
        let (method, _) = policy.operation.split_once(' ').unwrap();
        let path = |client: &Client| (policy.path)(&World { owner: &people[0], caller: client });
        let refused = send(&stranger, method, &path(&people[0]), &policy);
        if policy.operation == BY_LINK {
            assert_eq!(refused.status, 200, "{} by nobody: {}", policy.operation, refused.text);
        } else {
            assert_eq!(refused.status, 401, "{} by nobody", policy.operation);
            assert!(refused.header("www-authenticate").starts_with("Bearer"), "{}", policy.operation);
        }
        for (person, expected) in people.iter().zip(policy.expected) {
            let answer = send(person, method, &path(person), &policy);
            let class = if answer.status < 300 { 200 } else { answer.status };
            assert_eq!(class, expected, "{}: {} {}", policy.operation, answer.status, answer.text);
        }
    }
}

fn send(client: &Client, method: &str, path: &str, policy: &Policy) -> Answer {
    let mut headers = vec![("if-match", "*")];
    let body = match &policy.body {
        Some(body) => {
            headers.push(("content-type", "application/json"));
            body().to_string()
        }
        None => String::new(),
    };
    match path {
        // It goes on for a minute.
        "/api/v1/live" => client.open(path, &headers).0,
        path => client.send(method, path, &headers, &body),
    }
}

/// Who owns what is called for, and who calls.
pub struct World<'a> {
    owner: &'a Client,
    caller: &'a Client,
}

impl World<'_> {
    /// A new entry of the owner.
    fn entry(&self) -> String {
        let day = free_day();
        let body = json!({ "start": format!("{day}T09:00:00Z"), "end": format!("{day}T10:00:00Z") });
        created(&self.owner.post("/api/v1/time-entries", &body))
    }

    /// An entry of the owner that was deleted.
    fn deleted_entry(&self) -> String {
        let id = self.entry();
        assert_eq!(self.owner.delete(&format!("/api/v1/time-entries/{id}")).status, 204);
        id
    }

    /// A new item of the owner, in `collection`.
    fn item(&self, collection: &str) -> String {
        let mut body = named();
        if collection == "tasks" {
            body["project_id"] = self.item("projects").into();
        }
        created(&self.owner.post(&format!("/api/v1/{collection}"), &body))
    }

    /// A new saved report of the owner.
    fn saved_report(&self) -> String {
        created(&self.owner.post("/api/v1/saved-reports", &saved_report()))
    }

    /// A link to it.
    fn share(&self) -> Answer {
        let path = format!("/api/v1/saved-reports/{}/share", self.saved_report());
        let answer = self.owner.post(&path, &share());
        created(&answer);
        answer
    }

    /// The demo data is there, or is not.
    fn demo_data(&self, wanted: bool) {
        let (ada, path) = (login("ada"), "/api/v1/demo-data");
        let present = ada.get(path).json()["present"] == true;
        let answer = match (present, wanted) {
            (false, true) => ada.send("POST", path, &[], ""),
            (true, false) => ada.delete(path),
            _ => return,
        };
        assert!(answer.status < 300, "{}", answer.text);
    }

    /// The caller has no running timer.
    fn idle(&self) {
        self.caller.send("POST", "/api/v1/timer/discard", &[], "");
    }

    /// The caller has a running timer, begun a while ago.
    fn running(&self) {
        self.idle();
        let start = chrono::Utc::now() - chrono::TimeDelta::minutes(5);
        // Where an earlier case ended an entry in these minutes, it begins there.
        let answer = self.caller.post("/api/v1/timer", &json!({ "start": start }));
        if answer.status == 409 {
            created(&self.caller.post("/api/v1/timer", &json!({})));
            std::thread::sleep(std::time::Duration::from_millis(1100));
        }
    }
}

fn created(answer: &Answer) -> String {
    assert_eq!(answer.status, 201, "{}", answer.text);
    answer.id()
}

/// A name that nobody has.
fn named() -> Value {
    json!({ "name": format!("Matrix {}", uuid::Uuid::new_v4()) })
}
