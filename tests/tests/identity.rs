//! Tokens that Keycloak would never make. A runtime of the test's own serves the real components, with the
//! test as the realm: so each way to be wrong is tried on the composed component, signature and all.

#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::routing::get;
use e2e::{Answer, Client, eventually};
use jwt_simple::prelude::*;
use serde_json::{Value, json};

const ISSUER: &str = "https://realm.test/auth/realms/timetracker";
const SUBJECT: &str = "0b6f0f3e-6f6e-4c59-9e43-1f6d3f8f2f10";

/// Keys that can be exchanged, and how often they were asked for. None: Keycloak is down.
type Keys = Arc<Mutex<(Option<String>, usize)>>;

struct Realm {
    keys: Keys,
    client: Client,
    runtime: Child,
    state: std::path::PathBuf,
}

impl Drop for Realm {
    fn drop(&mut self) {
        let _ = self.runtime.kill();
        let _ = self.runtime.wait();
        let _ = std::fs::remove_dir_all(&self.state);
    }
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn jwks(keys: &[(&str, String)]) -> String {
    let keys: Vec<Value> = keys
        .iter()
        .map(|(kid, jwk)| {
            let mut jwk: Value = serde_json::from_str(jwk).unwrap();
            jwk["kid"] = (*kid).into();
            jwk["use"] = "sig".into();
            jwk
        })
        .collect();
    json!({ "keys": keys }).to_string()
}

fn serve_keys(keys: Keys) -> u16 {
    let port = free_port();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let app = Router::new().route(
                "/certs",
                get(move || async move {
                    let mut keys = keys.lock().unwrap();
                    keys.1 += 1;
                    keys.0.clone().ok_or(axum::http::StatusCode::BAD_GATEWAY)
                }),
            );
            let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await.unwrap();
            axum::serve(listener, app).await.unwrap();
        });
    });
    port
}

/// Start a runtime whose realm has these keys.
fn realm(keys: Option<String>) -> Realm {
    let keys: Keys = Arc::new(Mutex::new((keys, 0)));
    let jwks_port = serve_keys(keys.clone());
    let port = free_port();
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
    let binary = std::env::current_exe().unwrap().ancestors().nth(2).unwrap().join("runtime");
    assert!(binary.exists(), "{} is missing: run `cargo xtask test`", binary.display());
    let state = std::env::temp_dir().join(format!("timetracker-identity-{}", uuid::Uuid::new_v4()));
    let database = testkit::required("TIMETRACKER_TEST_DATABASE_URL");
    let authority = database.rsplit_once('@').unwrap().1.split('/').next().unwrap();
    let origin = format!("http://127.0.0.1:{jwks_port}");
    // What the system under test has compiled need not be compiled again.
    let control = testkit::required("TIMETRACKER_TEST_CONTROL");
    let compiled = Path::new(&control).ancestors().nth(2).unwrap().join("spin/compiled");
    let runtime = Command::new(binary)
        .args(["up", "--listen", &format!("127.0.0.1:{port}"), "-f", "spin.toml", "--state-dir"])
        .arg(&state)
        .arg("--cache-dir")
        .arg(compiled)
        .current_dir(root)
        .env("SPIN_VARIABLE_OIDC_ISSUER", ISSUER)
        .env("SPIN_VARIABLE_OIDC_JWKS_URL", format!("{origin}/certs"))
        .env("SPIN_VARIABLE_OIDC_JWKS_ORIGIN", origin)
        // Links are not opened here.
        .env("SPIN_VARIABLE_DIRECTORY_URL", "")
        .env("SPIN_VARIABLE_DIRECTORY_TOKEN_URL", "")
        .env("SPIN_VARIABLE_DIRECTORY_CLIENT_SECRET", "")
        .env("SPIN_VARIABLE_TRACKING_DATABASE_URL", &database)
        .env("SPIN_VARIABLE_REPORTS_DATABASE_URL", &database)
        .env("SPIN_VARIABLE_DATABASE_ORIGIN", format!("postgres://{authority}"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let realm = Realm { keys, client: Client::plain(&format!("http://127.0.0.1:{port}")), runtime, state };
    eventually(60, "the runtime", || {
        realm.client.try_send("GET", "/.well-known/spin/health", &[], "").map_err(|error| error.to_string())
    });
    realm
}

fn claims() -> JWTClaims<Value> {
    let custom = json!({
        "typ": "Bearer", "azp": "timetracker-web",
        "preferred_username": "alice", "name": "Alice", "realm_access": { "roles": ["user"] },
    });
    Claims::with_custom_claims(custom, Duration::from_mins(5))
        .with_issuer(ISSUER)
        .with_audience("timetracker-api")
        .with_subject(SUBJECT)
}

fn ask(realm: &Realm, token: &str) -> Answer {
    realm.client.with_token(token).get("/api/v1/time-entries")
}

#[test]
fn every_wrong_token_is_a_401_and_a_missing_role_a_403() {
    let eddsa = Ed25519KeyPair::generate().with_key_id("ed");
    let rs256 = RS256KeyPair::generate(2048).unwrap().with_key_id("rsa");
    let realm =
        realm(Some(jwks(&[("ed", eddsa.public_key().to_jwk()), ("rsa", rs256.public_key().to_jwk())])));
    for good in [eddsa.sign(claims()).unwrap(), rs256.sign(claims()).unwrap()] {
        assert_eq!(ask(&realm, &good).status, 200);
    }

    let now = Clock::now_since_epoch();
    let change = |change: fn(&mut JWTClaims<Value>, Duration)| {
        let mut wrong = claims();
        change(&mut wrong, now);
        eddsa.sign(wrong).unwrap()
    };
    let encode = |value: Value| {
        use base64::Engine as _;
        base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(value.to_string())
    };
    let good = rs256.sign(claims()).unwrap();
    let (head, rest) = good.split_once('.').unwrap();
    let (payload, signature) = rest.split_once('.').unwrap();
    let forged =
        encode(json!({ "sub": SUBJECT, "aud": "timetracker-api", "iss": ISSUER, "exp": 4_000_000_000_u64 }));
    let none = encode(json!({ "alg": "none", "typ": "JWT", "kid": "rsa" }));
    let secret = rs256.public_key().to_pem().unwrap();
    let cases = [
        ("malformed", "x.y.z".to_owned()),
        ("expired", change(|claims, now| claims.expires_at = Some(now - Duration::from_mins(1)))),
        ("not yet valid", change(|claims, now| claims.invalid_before = Some(now + Duration::from_mins(1)))),
        ("wrong issuer", change(|claims, _| claims.issuer = Some("https://evil.test".into()))),
        (
            "wrong audience",
            change(|claims, _| claims.audiences = Some(Audiences::AsString("account".into()))),
        ),
        ("another client", change(|claims, _| claims.custom["azp"] = json!("account-console"))),
        ("an ID token", change(|claims, _| claims.custom["typ"] = json!("ID"))),
        ("unknown kid", Ed25519KeyPair::generate().with_key_id("new").sign(claims()).unwrap()),
        ("another's signature", Ed25519KeyPair::generate().with_key_id("ed").sign(claims()).unwrap()),
        ("alg none", format!("{none}.{payload}.")),
        (
            "HS256 with the public key",
            HS256Key::from_bytes(secret.as_bytes()).with_key_id("rsa").authenticate(claims()).unwrap(),
        ),
        ("tampered payload", format!("{head}.{forged}.{signature}")),
        ("subject is no user", change(|claims, _| claims.subject = Some("admin".into()))),
    ];
    for (name, token) in cases {
        for path in
            ["/api/v1/time-entries", &format!("/api/v1/time-entries/{SUBJECT}"), "/api/v1/reports/summary"]
        {
            let answer = realm.client.with_token(&token).get(path);
            assert_eq!(
                (answer.status, answer.header("content-type")),
                (401, "application/problem+json"),
                "{name} {path}"
            );
            assert_eq!(answer.json()["type"], "/problems/unauthenticated", "{name}");
            assert!(
                answer.header("www-authenticate").starts_with("Bearer error=\"invalid_token\""),
                "{name}"
            );
        }
    }
    let roleless = change(|claims, _| claims.custom["realm_access"]["roles"] = json!(["offline_access"]));
    let answer = ask(&realm, &roleless);
    assert_eq!((answer.status, &answer.json()["type"]), (403, &"/problems/forbidden".into()));
}

#[test]
fn a_new_key_is_fetched_and_made_up_keys_cost_keycloak_little() {
    let first = Ed25519KeyPair::generate().with_key_id("first");
    let realm = realm(Some(jwks(&[("first", first.public_key().to_jwk())])));
    assert_eq!(ask(&realm, &first.sign(claims()).unwrap()).status, 200);

    let second = Ed25519KeyPair::generate().with_key_id("second");
    let both = jwks(&[("first", first.public_key().to_jwk()), ("second", second.public_key().to_jwk())]);
    realm.keys.lock().unwrap().0 = Some(both);
    let token = second.sign(claims()).unwrap();
    eventually(15, "the new key", || match ask(&realm, &token).status {
        200 => Ok(()),
        status => Err(status.to_string()),
    });

    let before = realm.keys.lock().unwrap().1;
    for number in 0..30 {
        let stranger =
            Ed25519KeyPair::generate().with_key_id(&format!("made-up-{number}")).sign(claims()).unwrap();
        assert_eq!(ask(&realm, &stranger).status, 401);
    }
    let asked = realm.keys.lock().unwrap().1 - before;
    assert!(asked <= 5, "{asked} questions for 30 made-up keys");
}

#[test]
fn with_keycloak_down_known_keys_go_on_and_none_at_all_is_a_503() {
    let pair = Ed25519KeyPair::generate().with_key_id("ed");
    let token = pair.sign(claims()).unwrap();
    let realm = realm(None);
    let answer = ask(&realm, &token);
    assert_eq!((answer.status, &answer.json()["type"]), (503, &"/problems/unavailable".into()));
    assert_eq!(answer.header("retry-after"), "2");

    realm.keys.lock().unwrap().0 = Some(jwks(&[("ed", pair.public_key().to_jwk())]));
    eventually(15, "the keys", || match ask(&realm, &token).status {
        200 => Ok(()),
        status => Err(status.to_string()),
    });
    realm.keys.lock().unwrap().0 = None;
    for _ in 0..20 {
        // New tokens, so that the signature is checked and not remembered.
        assert_eq!(ask(&realm, &pair.sign(claims()).unwrap()).status, 200);
    }
}

#[test]
fn what_one_endpoint_has_verified_is_known_to_the_others_and_nothing_else_is() {
    let old = Ed25519KeyPair::generate().with_key_id("old");
    let new = Ed25519KeyPair::generate().with_key_id("new");
    let realm = realm(Some(jwks(&[("old", old.public_key().to_jwk())])));
    let [seen, unseen] = [(); 2].map(|()| old.sign(claims().with_jwt_id(uuid::Uuid::new_v4())).unwrap());
    assert_eq!(ask(&realm, &seen).status, 200);
    // The old key goes: a signature by it can no longer be verified.
    realm.keys.lock().unwrap().0 = Some(jwks(&[("new", new.public_key().to_jwk())]));
    let token = new.sign(claims()).unwrap();
    eventually(15, "the new key", || match ask(&realm, &token).status {
        200 => Ok(()),
        status => Err(status.to_string()),
    });
    let elsewhere = |token: &str| realm.client.with_token(token).get("/api/v1/tags").status;
    assert_eq!(elsewhere(&seen), 200);
    assert_eq!(elsewhere(&unseen), 401);
    let forged = format!("{}{}", &seen[..seen.len() - 4], "AAAA");
    assert_eq!(elsewhere(&forged), 401);
}

#[test]
fn a_token_that_is_known_ends_all_the_same() {
    let key = Ed25519KeyPair::generate().with_key_id("key");
    let realm = realm(Some(jwks(&[("key", key.public_key().to_jwk())])));
    let mut ending = claims();
    ending.expires_at = Some(Clock::now_since_epoch() + Duration::from_secs(4));
    let token = key.sign(ending).unwrap();
    assert_eq!(ask(&realm, &token).status, 200);
    // Asked again and again, so that it is one that the instance knows.
    eventually(15, "the token's end", || match ask(&realm, &token) {
        answer if answer.status == 401 => {
            assert!(answer.header("www-authenticate").contains("expired"), "{answer:?}");
            Ok(())
        }
        answer => Err(answer.status.to_string()),
    });
}
