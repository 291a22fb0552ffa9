//! Runs `tests/cases/*/case.toml`: requests and what must come back, or what a start must fail with; on the runtime, or
//! on the `spin` that `TIMETRACKER_CONFORMANCE_SPIN` names.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::app::{App, Case, tests};
use crate::database::Database;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expectations {
    /// Where Spin says so: `crates/….rs: function` of its source, or a page of its documentation.
    source: Vec<String>,
    /// Why this is no case for Spin.
    only_here: Option<String>,
    /// Why the error of a start reads otherwise than Spin's; there, any will do.
    differs: Option<String>,
    #[serde(default)]
    environment: BTreeMap<String, String>,
    /// Texts in the error of a start that must fail.
    #[serde(default)]
    start_error: Vec<String>,
    /// Texts that must not be in it.
    #[serde(default)]
    start_error_lacks: Vec<String>,
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
    /// Why Spin answers otherwise; there, any answer will do.
    differs: Option<String>,
    #[serde(default = "ok")]
    status: u16,
    /// The whole body.
    answer: Option<String>,
    /// Headers of the answer; several of one name with a comma, none as the empty text.
    #[serde(default)]
    answer_headers: BTreeMap<String, String>,
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
            let spin = std::env::var_os("TIMETRACKER_CONFORMANCE_SPIN").map(PathBuf::from);
            run($folder, spin.as_deref()).await;
        })*
    };
}

cases! {
    routing: "routing",
    no_route: "no-route",
    variables: "variables",
    variables_missing: "variables-missing",
    variables_unknown: "variables-unknown",
    variables_secret: "variables-secret",
    unknown_key: "unknown-key",
    unsupported_key: "unsupported-key",
    unsupported_trigger: "unsupported-trigger",
    key_value: "key-value",
    outbound_http: "outbound-http",
    outbound_http_wildcards: "outbound-http-wildcards",
    service_chaining: "service-chaining",
    outbound_http_wrong_entry: "outbound-http-wrong-entry",
    files: "files",
    files_missing: "files-missing",
    failures: "failures",
    composition: "composition",
    composition_denied: "composition-denied",
    middleware: "middleware",
    middleware_no_handler: "middleware-no-handler",
    unknown_trigger_dependency: "unknown-trigger-dependency",
    part_with_grants: "part-with-grants",
    wasi_p2: "wasi-p2",
    composition_inherit: "composition-inherit",
    composition_inherit_twice: "composition-inherit-twice",
    composition_missing_wire: "composition-missing-wire",
    composition_wrong_provider: "composition-wrong-provider",
    postgres_types: "postgres-types",
    postgres_extremes: "postgres-extremes",
    postgres_hosts: "postgres-hosts",
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

impl Expectations {
    fn of(folder: &str) -> Self {
        let text = std::fs::read_to_string(tests().join("cases").join(folder).join("case.toml")).unwrap();
        let expected: Self = toml::from_str(&text).unwrap_or_else(|error| panic!("{folder}: {error}"));
        let named = |source: &String| match source.split_once(": ") {
            Some((file, function)) => {
                file.starts_with("crates/") && file.ends_with(".rs") && !function.is_empty()
            }
            None => source.starts_with("https://spinframework.dev/"),
        };
        let sources = &expected.source;
        assert!(
            !sources.is_empty() && sources.iter().all(named),
            "{folder}: where does Spin say so? {sources:?}"
        );
        expected
    }
}

/// Run the case on the runtime, or on `spin`.
pub async fn run(folder: &str, spin: Option<&Path>) {
    let expected = Expectations::of(folder);
    if spin.is_some() && expected.only_here.is_some() {
        return;
    }
    let mut case = Case::new(folder).on(spin);
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
        if spin.is_none() {
            assert_eq!(error.trim().lines().count(), 1, "more than one line: {error}");
        }
        for text in expected.start_error.iter().filter(|_| spin.is_none() || expected.differs.is_none()) {
            assert!(error.contains(text), "{text:?} is not in: {error}");
        }
        for text in &expected.start_error_lacks {
            assert!(!error.contains(text), "{text:?} is in: {error}");
        }
        return;
    }
    let app = case.start();
    for request in &expected.request {
        check(&app, request, spin.is_some() && request.differs.is_some()).await;
    }
}

/// Send `request` and compare the answer, unless `any` will do.
async fn check(app: &App, request: &Request, any: bool) {
    let (method, path) = request.send.split_once(' ').unwrap();
    let mut sending =
        reqwest::Client::new().request(method.parse().unwrap(), app.url(path)).body(request.body.clone());
    for (name, value) in &request.headers {
        sending = sending.header(name, value);
    }
    let answer = sending.send().await.unwrap();
    let status = answer.status().as_u16();
    let headers = answer.headers().clone();
    let text = answer.text().await.unwrap();
    if any {
        return;
    }
    let shown = format!("{} {} → {status} {text}\n{}", request.send, request.body, app.log());
    assert_eq!(status, request.status, "{shown}");
    if let Some(answer) = &request.answer {
        assert_eq!(text.trim(), answer.trim(), "{shown}");
    }
    for (name, value) in &request.answer_headers {
        let found: Vec<_> = headers.get_all(name).iter().map(|value| value.to_str().unwrap()).collect();
        assert_eq!(found.join(", "), *value, "{name}: {shown}");
    }
    for part in &request.contains {
        assert!(text.contains(part), "{part:?} is missing: {shown}");
    }
    for part in &request.lacks {
        assert!(!text.contains(part), "{part:?} is there: {shown}");
    }
}
