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
async fn a_saved_source_replaces_its_component_and_its_users_without_a_failed_request() {
    let app = Case::new("reload").argument("--watch").start();
    app.wait_for_log("watching");
    assert_eq!(app.text("/caller/version").await, "conformance-version-1");
    let load = Load::start(&app, &["/caller/version", "/caller/version", "/guest/at-once", "/guest/count"]);
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
    app.wait_for_log("the old one serves on");
    assert_eq!(app.text("/caller/version").await, "conformance-version-1");
    // And the next good save is taken.
    fs::write(app.case.path("next.wasm"), version(&app.case, b'4')).unwrap();
    fs::write(app.case.path("src/dep.rs"), "// mended").unwrap();
    wait_for(&app, "conformance-version-4").await;
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
