//! One provider for two callers with different grants.

use crate::app::Case;

#[tokio::test]
async fn each_caller_lends_only_its_own_configuration() {
    let app = Case::new("composition-two-callers").start();
    assert_eq!(app.text("/open/variable/v").await, "Ok(\"of open\")");
    let (status, _) = app.get("/closed/variable/v").await;
    assert_eq!(status, 500);
    app.wait_for_log("spin:variables/variables@3.0.0#get is denied to this dependency");
    assert_eq!(app.text("/closed/own/x").await, app.text("/open/own/x").await);
}
