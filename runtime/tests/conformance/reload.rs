//! Hot reload of one component under a steady load.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, Instant};

use crate::app::{App, Case, PATIENCE};

/// `dep.wasm` with another version's digit in it.
fn version(case: &Case, digit: u8) -> Vec<u8> {
    let mut wasm = fs::read(case.path("dep.wasm")).unwrap();
    let marker = b"conformance-version-";
    let places: Vec<usize> =
        (0..wasm.len() - marker.len()).filter(|place| wasm[*place..].starts_with(marker)).collect();
    assert!(!places.is_empty());
    for place in places {
        wasm[place + marker.len()] = digit;
    }
    wasm
}

async fn wait_for(app: &App, expected: &str) {
    let start = Instant::now();
    while app.text("/caller/version").await != expected {
        assert!(start.elapsed() < PATIENCE, "{expected} never came:\n{}", app.log());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Requests without a pause, until `stop`; how many there were, and how many did not answer 200.
struct Load {
    stop: Arc<AtomicBool>,
    sent: Arc<AtomicU32>,
    failed: Arc<AtomicU32>,
    tasks: Vec<tokio::task::JoinHandle<()>>,
}

impl Load {
    fn start(app: &App, paths: &[&str]) -> Self {
        let (stop, sent, failed) =
            (Arc::<AtomicBool>::default(), Arc::<AtomicU32>::default(), Arc::<AtomicU32>::default());
        let tasks = paths.iter().map(|path| {
            let (stop, sent, failed) = (Arc::clone(&stop), Arc::clone(&sent), Arc::clone(&failed));
            let url = app.url(path);
            tokio::spawn(async move {
                let client = reqwest::Client::new();
                while !stop.load(Ordering::Relaxed) {
                    let answer = client.get(&url).send().await;
                    sent.fetch_add(1, Ordering::Relaxed);
                    if !answer.is_ok_and(|answer| answer.status() == 200) {
                        failed.fetch_add(1, Ordering::Relaxed);
                    }
                }
            })
        });
        Self { tasks: tasks.collect(), stop, sent, failed }
    }

    /// Every request must have been answered.
    async fn end(self) {
        self.stop.store(true, Ordering::Relaxed);
        for task in self.tasks {
            task.await.unwrap();
        }
        assert!(self.sent.load(Ordering::Relaxed) > 20);
        assert_eq!(self.failed.load(Ordering::Relaxed), 0);
    }
}

#[tokio::test]
async fn twenty_changes_under_load_fail_no_request() {
    let app = Case::new("reload").argument("--watch").start();
    app.wait_for_log("watching");
    let load = Load::start(&app, &["/caller/version", "/count", "/at-once", "/sum"]);
    for round in 0..20 {
        let digit = b'2' + round % 8;
        fs::write(app.case.path("dep.wasm"), version(&app.case, digit)).unwrap();
        wait_for(&app, &format!("conformance-version-{}", char::from(digit))).await;
    }
    load.end().await;
    assert_eq!(app.log().matches("replaced component=\"caller\"").count(), 20);
}

#[tokio::test]
async fn a_stream_of_events_ends_cleanly_with_its_component() {
    let app = Case::new("reload").argument("--watch").start();
    app.wait_for_log("watching");
    let mut of_guest = reqwest::get(app.url("/events")).await.unwrap();
    assert!(of_guest.chunk().await.unwrap().unwrap().starts_with(b"id: 0"));
    // Another component's is not touched.
    fs::write(app.case.path("dep.wasm"), version(&app.case, b'2')).unwrap();
    wait_for(&app, "conformance-version-2").await;
    for _ in 0..20 {
        assert!(of_guest.chunk().await.unwrap().is_some());
    }
    // A custom section makes it another file.
    let mut guest = fs::read(app.case.path("guest.wasm")).unwrap();
    guest.extend([0, 2, 1, b'x']);
    fs::write(app.case.path("guest.wasm"), guest).unwrap();
    app.wait_for_log("replaced component=\"guest\"");
    tokio::time::timeout(PATIENCE, async { while of_guest.chunk().await.unwrap().is_some() {} })
        .await
        .unwrap();
    assert_eq!(app.text("/count").await, "1");
}

#[tokio::test]
async fn a_stream_of_events_does_not_hold_up_a_stop() {
    let mut app = Case::new("reload").start();
    let mut events = reqwest::get(app.url("/events")).await.unwrap();
    assert!(events.chunk().await.unwrap().is_some());
    app.terminate();
    tokio::time::timeout(PATIENCE, async { while events.chunk().await.unwrap().is_some() {} }).await.unwrap();
    assert!(app.wait(), "{}", app.log());
}

/// Write the manifest anew.
fn rewire(app: &App, change: impl Fn(String) -> String) {
    let manifest = fs::read_to_string(app.case.path("spin.toml")).unwrap();
    fs::write(app.case.path("spin.toml"), change(manifest)).unwrap();
}

#[tokio::test]
async fn a_changed_manifest_adds_removes_and_rewires_components() {
    let app = Case::new("reload")
        .argument("--watch")
        .argument("--idle-instance-timeout-ms")
        .argument("60000")
        .start();
    app.wait_for_log("watching");
    let load = Load::start(&app, &["/caller/version"]);
    assert_eq!(app.text("/count").await, "1");
    rewire(&app, |manifest| {
        let added = "[[trigger.http]]\nroute = \"/environment/...\"\ncomponent = \"new\"\n\n\
                     [component.new]\nsource = \"guest.wasm\"\nenvironment = { NAME = \"value\" }\n";
        manifest.replace("\"/...\"", "\"/count\"") + added
    });
    app.wait_for_log("the manifest is served as it is now");
    assert_eq!(app.text("/environment/NAME").await, "Ok(\"value\")");
    assert_eq!(app.get("/at-once").await.0, 404);
    // Its route is another, and it went on.
    assert_eq!(app.text("/count").await, "2");
    // What it names now is watched.
    fs::write(app.case.path("dep.wasm"), version(&app.case, b'2')).unwrap();
    wait_for(&app, "conformance-version-2").await;
    load.end().await;
}

#[tokio::test]
async fn what_is_saved_together_with_the_manifest_is_taken_too() {
    let app = Case::new("reload").argument("--watch").start();
    app.wait_for_log("watching");
    fs::write(app.case.path("dep.wasm"), version(&app.case, b'2')).unwrap();
    rewire(&app, |manifest| manifest.replace("\"/...\"", "\"/count\""));
    app.wait_for_log("the manifest is served as it is now");
    wait_for(&app, "conformance-version-2").await;
    // And a source.
    fs::write(app.case.path("next.wasm"), version(&app.case, b'3')).unwrap();
    fs::write(app.case.path("src/dep.rs"), "// saved").unwrap();
    rewire(&app, |manifest| manifest.replace("\"/count\"", "\"/...\""));
    wait_for(&app, "conformance-version-3").await;
}

#[tokio::test]
async fn a_broken_manifest_is_not_taken_and_told() {
    let app = Case::new("reload").argument("--watch").start();
    app.wait_for_log("watching");
    rewire(&app, |manifest| manifest + "\n[component.broken]\nsauce = \"x.wasm\"\n");
    app.wait_for_log("the manifest is not taken, the old one serves on");
    let answer = reqwest::get(app.url("/count")).await.unwrap();
    assert_eq!((answer.status().as_u16(), answer.headers().contains_key("x-reload-failed")), (200, true));
    assert!(app.text("/.well-known/spin/reload").await.contains("unknown field `sauce`"));
    rewire(&app, |manifest| manifest.replace("sauce", "source").replace("x.wasm", "guest.wasm"));
    app.wait_for_log("the manifest is served as it is now");
    let answer = reqwest::get(app.url("/count")).await.unwrap();
    assert!(!answer.headers().contains_key("x-reload-failed"));
}

#[tokio::test]
async fn a_saved_source_replaces_its_component_and_its_users_without_a_failed_request() {
    let app = Case::new("reload").argument("--watch").start();
    app.wait_for_log("watching");
    assert_eq!(app.text("/caller/version").await, "conformance-version-1");
    let load = Load::start(&app, &["/caller/version", "/caller/version", "/at-once", "/count"]);
    fs::write(app.case.path("next.wasm"), version(&app.case, b'2')).unwrap();
    fs::write(app.case.path("src/dep.rs"), "// saved").unwrap();
    wait_for(&app, "conformance-version-2").await;
    load.end().await;
    let log = app.log();
    assert!(log.contains("building dep") && log.contains("replaced component=\"caller\""), "{log}");
    assert!(!log.contains("replaced component=\"guest\""), "{log}");
}

#[tokio::test]
async fn a_replaced_wasm_file_is_taken_without_a_build() {
    let app = Case::new("reload").argument("--watch").start();
    app.wait_for_log("watching");
    fs::write(app.case.path("dep.wasm"), version(&app.case, b'3')).unwrap();
    wait_for(&app, "conformance-version-3").await;
    assert!(!app.log().contains("building"), "{}", app.log());
}

#[tokio::test]
async fn a_failing_build_keeps_the_old_component() {
    let app = Case::new("reload").argument("--watch").start();
    app.wait_for_log("watching");
    // There is no next.wasm to copy.
    fs::write(app.case.path("src/dep.rs"), "// broken").unwrap();
    app.wait_for_log("the build failed");
    app.wait_for_log("the old ones serve on");
    // Told where one looks: at the answers that the build would have changed, and on a page.
    let answer = reqwest::get(app.url("/caller/version")).await.unwrap();
    assert_eq!(answer.headers()["x-reload-failed"], "see /.well-known/spin/reload");
    assert_eq!(answer.text().await.unwrap(), "conformance-version-1");
    assert!(!reqwest::get(app.url("/count")).await.unwrap().headers().contains_key("x-reload-failed"));
    let page = app.text("/.well-known/spin/reload").await;
    assert!(page.contains("dep:") && page.contains("next.wasm"), "{page}");
    // And the next good save is taken.
    fs::write(app.case.path("next.wasm"), version(&app.case, b'4')).unwrap();
    fs::write(app.case.path("src/dep.rs"), "// mended").unwrap();
    wait_for(&app, "conformance-version-4").await;
    let answer = reqwest::get(app.url("/caller/version")).await.unwrap();
    assert!(!answer.headers().contains_key("x-reload-failed"));
}

#[tokio::test]
async fn a_component_that_does_not_link_keeps_the_old_one() {
    let app = Case::new("reload").argument("--watch").start();
    app.wait_for_log("watching");
    // The guest does not export what the caller imports.
    fs::copy(app.case.path("guest.wasm"), app.case.path("dep.wasm")).unwrap();
    app.wait_for_log("not replaced, the old one serves on");
    assert_eq!(app.text("/caller/version").await, "conformance-version-1");
}

#[tokio::test]
async fn middleware_that_changes_is_replaced_where_it_stands() {
    let app = Case::new("middleware").argument("--watch").start();
    app.wait_for_log("watching");
    assert_eq!(app.get("/echo/tagged").await.0, 200);
    // The gate in the place of what lets everything through.
    fs::copy(app.case.path("gate.wasm"), app.case.path("new.wasm")).unwrap();
    fs::rename(app.case.path("new.wasm"), app.case.path("tag.wasm")).unwrap();
    let start = Instant::now();
    while app.get("/echo/tagged").await != (401, "refused: false, None".to_owned()) {
        assert!(start.elapsed() < PATIENCE, "{}", app.log());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(app.get("/echo").await.0, 200);
}
