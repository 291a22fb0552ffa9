//! The harness for tests of components, used as its documentation says.

#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

use std::path::Path;

use runtime::testing::Application;

/// An application of one component in a folder of its own.
fn written(manifest: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let built =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/wasm32-wasip2/release/conformance_guest.wasm");
    std::fs::copy(&built, folder.path().join("guest.wasm"))
        .unwrap_or_else(|error| panic!("{}: {error}: run cargo xtask test", built.display()));
    std::fs::write(folder.path().join("spin.toml"), manifest).unwrap();
    folder
}

const MANIFEST: &str = r#"
spin_manifest_version = 2
application = { name = "tested" }
variables = { greeting = { required = true } }

[[trigger.http]]
route = "/..."
component = "guest"

[component.guest]
source = "guest.wasm"
key_value_stores = ["default"]
variables = { greeting = "{{ greeting }}" }
"#;

#[tokio::test]
async fn a_component_is_tested_in_the_tests_own_process() {
    let folder = written(MANIFEST);
    let application = || Application::of(folder.path().join("spin.toml")).variable("greeting", "hello");
    let app = application().start().await.unwrap();
    let text = async |url: String| reqwest::get(url).await.unwrap().text().await.unwrap();
    assert_eq!(text(app.url("/variable/greeting")).await, "Ok(\"hello\")");
    text(app.url("/store/default/set/key")).await;
    // Another one beside it knows nothing of the first one's stores.
    let other = application().start().await.unwrap();
    assert_eq!(text(other.url("/store/default/exists/key")).await, "false");
    assert_eq!(text(app.url("/store/default/exists/key")).await, "true");
    let url = app.url("/count");
    app.stop().await.unwrap();
    assert!(reqwest::get(url).await.is_err());
}

#[tokio::test]
async fn what_is_missing_is_named() {
    let folder = written(MANIFEST);
    let error = Application::of(folder.path().join("spin.toml")).start().await.err().unwrap();
    assert!(error.to_string().contains("SPIN_VARIABLE_GREETING"), "{error:#}");
}
