//! The gateway's own rules.

#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

use e2e::{Client, login};

#[test]
fn http_is_sent_to_https() {
    let https = testkit::required("TIMETRACKER_TEST_URL");
    let port: u16 = https.rsplit_once(':').unwrap().1.parse().unwrap();
    let answer =
        Client::plain(&format!("http://localhost:{}", port - 8443 + 8080)).get("/api/v1/time-entries");
    assert!(matches!(answer.status, 301 | 308), "{}", answer.status);
    assert_eq!(answer.header("location"), format!("{https}/api/v1/time-entries"));
}

#[test]
fn every_answer_has_the_security_headers() {
    let stranger = Client::stranger();
    for path in ["/", "/api/v1/time-entries", "/auth/realms/timetracker", "/nothing.js"] {
        let answer = stranger.get(path);
        assert!(answer.header("strict-transport-security").contains("max-age="), "{path}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("server"), "", "{path}");
    }
    assert!(stranger.get("/").header("content-security-policy").contains("frame-ancestors 'none'"));
}

#[test]
fn keycloaks_administration_and_the_runtimes_health_are_not_published() {
    let stranger = Client::stranger();
    for path in ["/auth/admin/", "/auth/realms/master", "/auth/metrics", "/.well-known/spin/health"] {
        assert!(matches!(stranger.get(path).status, 403 | 404), "{path}");
    }
}

#[test]
fn a_huge_body_is_refused_before_it_reaches_a_service() {
    let body = format!("\"{}\"", "x".repeat(5 * 1024 * 1024));
    let json = [("content-type", "application/json")];
    let alice = login("alice");
    if let Ok(answer) = alice.try_send("POST", "/api/v1/time-entries", &json, &body) {
        assert_eq!(answer.status, 413);
    }
    let medium = format!("\"{}\"", "x".repeat(1024 * 1024));
    let answer = alice.send("POST", "/api/v1/time-entries", &json, &medium);
    assert_eq!((answer.status, &answer.json()["type"]), (413, &"/problems/body-too-large".into()));
}

#[test]
fn unknown_paths_are_told_from_pages() {
    let stranger = Client::stranger();
    let nothing = stranger.get("/api/v1/nothing");
    assert_eq!((nothing.status, &nothing.json()["type"]), (404, &"/problems/not-found".into()));
    assert_eq!(stranger.get("/assets/missing.js").status, 404);
    let page = stranger.get("/some/page");
    assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"));
    assert_eq!(stranger.get("/../../etc/passwd").status, 200, "the path is normalised to a page");
    assert_eq!(stranger.send("POST", "/", &[("content-type", "text/plain")], "x").status, 405);
}
