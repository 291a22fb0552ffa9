//! HEAD is answered as GET is, without the body (RFC 9110, 9.3.2).

#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

use e2e::{Client, login};
use http::Method;

#[test]
fn head_says_of_each_get_what_get_says() {
    let alice = login("alice");
    // Those whose address says it all; a stream is below.
    let plain = |one: &&openapi::Listed| {
        let more =
            one.route.contains([':', '?']) || one.route.contains("/reports/") || one.route.ends_with("/live");
        one.method == Method::GET && one.access == api::Access::Role(domain::Role::User) && !more
    };
    let operations = openapi::operations();
    let mut paths: Vec<_> = operations.iter().filter(plain).map(|one| one.route.to_owned()).collect();
    assert!(paths.len() >= 9, "{paths:?}");
    let span = "from=2026-05-01&to=2026-05-02";
    paths.push(format!("/api/v1/reports/summary?{span}&group_by=day"));
    paths.push(format!("/api/v1/reports/export?{span}&format=csv"));
    paths.push(format!("/api/v1/reports/export?{span}&format=pdf"));
    for path in paths {
        let (get, head) = (alice.get(&path), alice.send("HEAD", &path, &[], ""));
        assert_eq!((get.status, head.status, head.text.as_str()), (200, 200, ""), "{path}");
        assert_eq!(head.header("content-type"), get.header("content-type"), "{path}");
    }
    let (get, head) = (alice.get("/api/v1/me"), alice.send("HEAD", "/api/v1/me", &[], ""));
    assert_eq!((head.status, head.header("etag")), (200, get.header("etag")));
    let unchanged = alice.send("HEAD", "/api/v1/me", &[("if-none-match", get.header("etag"))], "");
    assert_eq!(unchanged.status, 304);
}

#[test]
fn head_of_a_stream_ends_and_of_what_has_no_get_is_not_offered() {
    let alice = login("alice");
    assert_eq!(alice.send("HEAD", "/api/v1/live", &[], "").status, 200);
    let refused = alice.send("HEAD", "/api/v1/timer/switch", &[], "");
    assert_eq!((refused.status, refused.header("allow")), (405, "POST"));
    assert_eq!(Client::stranger().send("HEAD", "/api/v1/me", &[], "").status, 401);
    assert_eq!(Client::stranger().send("HEAD", "/", &[], "").status, 200);
}
