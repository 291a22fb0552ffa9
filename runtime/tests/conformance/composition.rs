//! One provider for two callers with different grants.

use crate::app::Case;

#[tokio::test]
async fn each_caller_lends_only_its_own_configuration() {
    let app = Case::new("composition-two-callers").start();
    assert_eq!(app.text("/open/variable/v").await, "Ok(\"of open\")");
    let denied = app.text("/closed/variable/v").await;
    assert_eq!(denied, r#"Err("Error::Undefined(\"v\")")"#);
    assert_eq!(app.text("/closed/own/x").await, app.text("/open/own/x").await);
}
