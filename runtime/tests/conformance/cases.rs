//! Runs `tests/cases/*/case.toml`: requests and what must come back, or what a start must fail with.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::app::{App, Case, tests};
use crate::database::Database;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expectations {
    #[serde(default)]
    environment: BTreeMap<String, String>,
    /// Texts in the error of a start that must fail.
    #[serde(default)]
    start_error: Vec<String>,
    /// A database of its own, in `$DATABASE_URL` and `$DATABASE_ORIGIN` of the environment.
    #[serde(default)]
    database: bool,
    #[serde(default)]
    request: Vec<Request>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Request {
    /// `METHOD path`
    send: String,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    #[serde(default)]
    body: String,
    #[serde(default = "ok")]
    status: u16,
    /// The whole body.
    answer: Option<String>,
    #[serde(default)]
    contains: Vec<String>,
    #[serde(default)]
    lacks: Vec<String>,
}

fn ok() -> u16 {
    200
}

macro_rules! cases {
    ($($test:ident: $folder:literal,)*) => {
        const FOLDERS: &[&str] = &[$($folder),*];
        $(#[tokio::test]
        async fn $test() {
            run($folder).await;
        })*
    };
}

cases! {
    routing: "routing",
    no_route: "no-route",
    variables: "variables",
    variables_missing: "variables-missing",
    unknown_key: "unknown-key",
    unsupported_trigger: "unsupported-trigger",
    key_value: "key-value",
    outbound_http: "outbound-http",
    outbound_http_wrong_entry: "outbound-http-wrong-entry",
    files: "files",
    files_missing: "files-missing",
    failures: "failures",
    composition: "composition",
    composition_denied: "composition-denied",
    composition_missing_wire: "composition-missing-wire",
    composition_wrong_provider: "composition-wrong-provider",
    postgres_types: "postgres-types",
    postgres_errors: "postgres-errors",
    postgres_host_denied: "postgres-host-denied",
}

#[test]
fn every_folder_is_run() {
    let folders = std::fs::read_dir(tests().join("cases")).unwrap();
    let folders: BTreeSet<String> =
        folders.map(|folder| folder.unwrap().file_name().into_string().unwrap()).collect();
    // Those without case.toml are for the tests in the other modules.
    let with_data = folders.iter().filter(|name| tests().join("cases").join(name).join("case.toml").exists());
    assert_eq!(with_data.map(String::as_str).collect::<BTreeSet<_>>(), FOLDERS.iter().copied().collect());
}

async fn run(folder: &str) {
    let text = std::fs::read_to_string(tests().join("cases").join(folder).join("case.toml")).unwrap();
    let expected: Expectations = toml::from_str(&text).unwrap();
    let mut case = Case::new(folder);
    let database = match expected.database {
        true => Some(Database::create().await),
        false => None,
    };
    for (name, value) in &expected.environment {
        let value = match &database {
            Some(database) => {
                value.replace("$DATABASE_URL", &database.url).replace("$DATABASE_ORIGIN", &database.origin())
            }
            None => value.clone(),
        };
        case = case.environment(name, &value);
    }
    if !expected.start_error.is_empty() {
        let error = case.start_error();
        assert_eq!(error.trim().lines().count(), 1, "more than one line: {error}");
        for text in &expected.start_error {
            assert!(error.contains(text), "{text:?} is not in: {error}");
        }
        return;
    }
    let app = case.start();
    for request in &expected.request {
        check(&app, request).await;
    }
}

async fn check(app: &App, request: &Request) {
    let (method, path) = request.send.split_once(' ').unwrap();
    let mut sending =
        reqwest::Client::new().request(method.parse().unwrap(), app.url(path)).body(request.body.clone());
    for (name, value) in &request.headers {
        sending = sending.header(name, value);
    }
    let answer = sending.send().await.unwrap();
    let status = answer.status().as_u16();
    let text = answer.text().await.unwrap();
    let shown = format!("{} {} → {status} {text}\n{}", request.send, request.body, app.log());
    assert_eq!(status, request.status, "{shown}");
    if let Some(answer) = &request.answer {
        assert_eq!(text.trim(), answer.trim(), "{shown}");
    }
    for part in &request.contains {
        assert!(text.contains(part), "{part:?} is missing: {shown}");
    }
    for part in &request.lacks {
        assert!(!text.contains(part), "{part:?} is there: {shown}");
    }
}
