//! Key-value stores outlive the process.

use crate::app::Case;

#[tokio::test]
async fn a_store_is_kept_over_a_restart() {
    let app = Case::new("key-value").start();
    assert_eq!(app.text("/store/default/set/kept").await, "()");
    let app = app.restart();
    assert_eq!(app.text("/store/default/get/kept").await, "Some(\"kept\")");
}

#[tokio::test]
async fn a_second_runtime_on_the_same_state_is_refused() {
    let app = Case::new("key-value").start();
    let second =
        Case::new("key-value").argument("--state-dir").argument(app.case.path(".spin").display().to_string());
    let error = second.start_error();
    assert!(error.contains("is another runtime using this state folder?"), "{error}");
}
