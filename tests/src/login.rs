//! Logs a person in as a browser does: authorization code with PKCE, Keycloak's own form, its cookies.

use std::sync::{Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use form_urlencoded::Serializer;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::{Answer, Client};

const FORM: [(&str, &str); 1] = [("content-type", "application/x-www-form-urlencoded")];
const REALM: &str = "/auth/realms/timetracker/protocol/openid-connect";

/// A demo user with a fresh token. Their password is their name.
///
/// # Panics
/// When a step of the login is not as it should be: that is a finding of the test that calls.
pub fn login(name: &str) -> Client {
    login_at(&Client::stranger(), name)
}

/// The same at another gateway before the same Keycloak: pages name the public address, forms go back where they came from.
///
/// # Panics
/// As above.
pub fn login_at(browser: &Client, name: &str) -> Client {
    // Keycloak's protection against guessing refuses two logins of one person at the same moment.
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let redirect = Client::stranger().url("/");
    let verifier = format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple());
    let back = type_password(browser, &verifier, name, name);
    let location = back.header("location");
    assert!(
        back.status == 302 && location.starts_with(&redirect),
        "login of {name}: {} {location}",
        back.status
    );
    let (_, query) = location.split_once('?').expect("a query");
    let code = form_urlencoded::parse(query.as_bytes())
        .find(|(key, _)| key == "code")
        .expect("a code")
        .1
        .into_owned();

    let exchange = form(&[
        ("grant_type", "authorization_code"),
        ("client_id", "timetracker-web"),
        ("redirect_uri", &redirect),
        ("code", &code),
        ("code_verifier", &verifier),
    ]);
    let tokens = browser.send("POST", &format!("{REALM}/token"), &FORM, &exchange);
    assert_eq!(tokens.status, 200, "{}", tokens.text);
    browser.with_token(tokens.json()["access_token"].as_str().expect("an access token"))
}

/// What the login page says to a wrong password.
///
/// # Panics
/// When there is no login page.
pub fn mistyped(name: &str) -> Answer {
    type_password(&Client::stranger(), &"x".repeat(43), name, "wrong")
}

fn type_password(browser: &Client, verifier: &str, name: &str, password: &str) -> Answer {
    let public = Client::stranger();
    let query = form(&[
        ("client_id", "timetracker-web"),
        ("response_type", "code"),
        ("scope", "openid"),
        ("redirect_uri", &public.url("/")),
        ("code_challenge", &URL_SAFE_NO_PAD.encode(Sha256::digest(verifier))),
        ("code_challenge_method", "S256"),
    ]);
    let page = browser.get(&format!("{REALM}/auth?{query}"));
    assert_eq!(page.status, 200, "the login page: {}", page.text);
    let credentials = form(&[("username", name), ("password", password), ("credentialId", "")]);
    browser.send("POST", action(&page.text).trim_start_matches(&public.url("")), &FORM, &credentials)
}

fn form(pairs: &[(&str, &str)]) -> String {
    Serializer::new(String::new()).extend_pairs(pairs).finish()
}

/// Where the login form is sent.
fn action(page: &str) -> String {
    let (_, rest) = page.split_once("id=\"kc-form-login\"").expect("a login form");
    let (_, rest) = rest.split_once("action=\"").expect("its action");
    let (address, _) = rest.split_once('"').expect("its end");
    address.replace("&amp;", "&")
}
