//! The gateway's own rules.

#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

use e2e::{Client, login, mistyped};

#[test]
fn http_is_sent_to_https() {
    let https = testkit::required("TIMETRACKER_TEST_URL");
    let port: u16 = https.rsplit_once(':').unwrap().1.parse().unwrap();
    let answer =
        Client::plain(&format!("http://localhost:{}", port - 8443 + 8080)).get("/api/v1/time-entries");
    assert!(matches!(answer.status, 301 | 308), "{}", answer.status);
    assert_eq!(answer.header("location"), format!("{https}/api/v1/time-entries"));
    let elsewhere = Client::plain(&format!("http://localhost:{}", port - 8443 + 8080));
    let answer = elsewhere.send("GET", "/a?b=c", &[("host", "evil.example")], "");
    assert_eq!(
        answer.header("location"),
        format!("{https}/a?b=c"),
        "the public address, whatever is asked for"
    );
}

#[test]
fn the_discovery_document_names_the_public_address_only() {
    let stranger = Client::stranger();
    let path = "/auth/realms/timetracker/.well-known/openid-configuration";
    let asked =
        stranger.send("GET", path, &[("host", "evil.example"), ("x-forwarded-host", "evil.example")], "");
    assert_eq!((asked.status, asked.text.contains("evil.example")), (200, false), "{}", asked.text);
    assert_eq!(
        asked.json()["token_endpoint"],
        stranger.url("/auth/realms/timetracker/protocol/openid-connect/token")
    );
}

#[test]
fn one_realm_is_published_and_takes_no_password_but_on_its_page() {
    let stranger = Client::stranger();
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let grant = "grant_type=password&client_id=admin-cli&username=alice&password=alice";
    for path in [
        "/auth/realms/master/protocol/openid-connect/token",
        "/auth/realms/master/login-actions/authenticate",
        "/auth/realms/timetracker2/protocol/openid-connect/token",
        "/auth/realms/timetracker/..;/master/protocol/openid-connect/token",
        "/auth/realms/timetracker/..%2fmaster/protocol/openid-connect/token",
    ] {
        let answer = stranger.send("POST", path, &form, grant);
        assert!(matches!(answer.status, 400 | 404), "{path}: {}", answer.status);
        assert!(!answer.text.contains("error_description"), "{path} reached Keycloak: {}", answer.text);
    }
    let token = "/auth/realms/timetracker/protocol/openid-connect/token";
    for client in ["admin-cli", "timetracker-web", "account-console"] {
        let answer = stranger.send("POST", token, &form, &grant.replace("admin-cli", client));
        assert!(matches!(answer.status, 400 | 401), "{client}: {} {}", answer.status, answer.text);
    }
}

#[test]
fn two_quick_mistakes_lock_nobody_out() {
    for _ in 0..2 {
        assert_eq!(mistyped("mona").status, 200, "the page again");
    }
    assert_eq!(login("mona").get("/api/v1/me").status, 200);
}

#[test]
fn guessing_an_administrators_password_is_slowed_down() {
    let keycloak = Client::plain(&testkit::required("TIMETRACKER_TEST_KEYCLOAK_URL"));
    let password = testkit::required("TIMETRACKER_TEST_KEYCLOAK_PASSWORD");
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let grant = format!("grant_type=password&client_id=admin-cli&username=admin&password={password}");
    let token = keycloak.send("POST", "/auth/realms/master/protocol/openid-connect/token", &form, &grant);
    let admin = keycloak.with_token(token.json()["access_token"].as_str().unwrap());
    assert_eq!(admin.get("/auth/admin/realms/master").json()["bruteForceProtected"], true);
}

#[test]
fn a_token_of_the_app_reaches_nothing_else() {
    use base64::Engine as _;
    let alice = login("alice");
    let claims = alice.token().split('.').nth(1).unwrap();
    let claims = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(claims).unwrap();
    let claims: serde_json::Value = serde_json::from_slice(&claims).unwrap();
    assert_eq!(
        (&claims["aud"], &claims["resource_access"]),
        (&"timetracker-api".into(), &serde_json::Value::Null)
    );
    let roles = claims["realm_access"]["roles"].as_array().unwrap();
    assert_eq!(roles, &["user"]);
    for claim in ["sub", "preferred_username", "name", "email"] {
        assert!(!claims[claim].as_str().unwrap_or_default().is_empty(), "{claim}: {claims}");
    }
    let renamed = alice.post(
        "/auth/realms/timetracker/account",
        &serde_json::json!({
            "username": "alice", "firstName": "Bob", "lastName": "Durand", "email": "alice@example.org",
        }),
    );
    assert!(matches!(renamed.status, 401 | 403), "{}", renamed.status);
    let offline = "/auth/realms/timetracker/protocol/openid-connect/auth?client_id=timetracker-web&response_type=code\
        &scope=openid+offline_access&code_challenge=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa&code_challenge_method=S256&redirect_uri=";
    let answer = Client::stranger().get(&format!("{offline}{}/", Client::stranger().url("")));
    assert!(answer.header("location").contains("invalid_scope"), "{} {}", answer.status, answer.text);
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
    let medium = format!("\"{}\"", "x".repeat(3 * 1024 * 1024));
    let answer = alice.send("POST", "/api/v1/time-entries", &json, &medium);
    assert_eq!((answer.status, &answer.json()["type"]), (413, &"/problems/body-too-large".into()));
}

#[test]
fn a_body_that_is_coded_is_refused_with_what_is_taken() {
    let alice = login("alice");
    for coding in ["gzip", "br", "gzip, identity"] {
        let headers = [("content-type", "application/json"), ("content-encoding", coding)];
        let answer = alice.send("POST", "/api/v1/tags", &headers, r#"{"name":"coded"}"#);
        assert_eq!((answer.status, answer.header("accept-encoding")), (415, "identity"), "{coding}");
        assert_eq!(answer.json()["field"], "Content-Encoding");
    }
    let answer = alice.send("POST", "/api/v1/tags", &[("content-type", "text/plain")], "coded");
    assert_eq!((answer.status, answer.header("accept-encoding")), (415, ""));
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
