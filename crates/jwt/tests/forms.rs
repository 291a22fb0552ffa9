//! The forms that a signed token may have, and those that it may not: the signature is right in all of them.
#![allow(clippy::unwrap_used)]

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use ed25519_dalek::{Signer as _, SigningKey};
use jwt::{Expected, KeySet, Refusal, verify};
use serde_json::{Value, json};

const NOW: u64 = 1_800_000_000;

fn signed(header: &Value, claims: &Value) -> String {
    let message = format!("{}.{}", BASE64.encode(header.to_string()), BASE64.encode(claims.to_string()));
    let signature = signer().sign(message.as_bytes());
    format!("{message}.{}", BASE64.encode(signature.to_bytes()))
}

fn signer() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

fn header() -> Value {
    json!({ "alg": "EdDSA", "typ": "JWT", "kid": "ed" })
}

fn claims() -> Value {
    json!({
        "iss": "realm", "aud": "api", "azp": "web", "typ": "Bearer", "sub": "1", "exp": NOW + 240, "iat": NOW,
        "preferred_username": "alice",
    })
}

fn check(token: &str) -> Result<u64, Refusal> {
    let x = BASE64.encode(signer().verifying_key().to_bytes());
    let keys = json!({ "keys": [{ "kty": "OKP", "crv": "Ed25519", "kid": "ed", "x": x }] });
    let keys = KeySet::parse(keys.to_string().as_bytes()).unwrap();
    let expected = Expected { issuer: "realm".into(), audience: "api".into(), client: "web".into() };
    verify(token, &keys, &expected, NOW).map(|claims| claims.expires_at)
}

fn with(mut object: Value, member: &str, value: &Value) -> Value {
    object[member] = value.clone();
    object
}

#[test]
fn headers() {
    let cases = [
        ("typ", json!("jwt"), Ok(NOW + 240)),
        ("typ", json!("at+jwt"), Ok(NOW + 240)),
        ("typ", json!("JOSE"), Err(Refusal::Untrusted)),
        ("crit", json!([]), Ok(NOW + 240)),
        ("crit", json!(["b64"]), Err(Refusal::Untrusted)),
        ("crit", json!("b64"), Err(Refusal::Malformed)),
        ("kid", json!(null), Err(Refusal::UnknownKey)),
        ("alg", json!("ES256"), Err(Refusal::Algorithm)),
        ("alg", json!(1), Err(Refusal::Malformed)),
    ];
    for (member, value, expected) in cases {
        let token = signed(&with(header(), member, &value), &claims());
        assert_eq!(check(&token), expected, "{member} {value}");
    }
}

#[test]
fn claim_values() {
    let cases = [
        ("aud", json!(["account", "api"]), Ok(NOW + 240)),
        ("aud", json!([]), Err(Refusal::Untrusted)),
        ("aud", json!(["account"]), Err(Refusal::Untrusted)),
        ("aud", json!([1, "api"]), Err(Refusal::Untrusted)),
        ("iss", json!(["realm"]), Err(Refusal::Untrusted)),
        ("exp", json!(NOW as f64 + 0.5), Ok(NOW)),
        ("exp", json!(NOW - 10), Ok(NOW - 10)),
        ("exp", json!(NOW - 11), Err(Refusal::Expired)),
        ("exp", json!(-1), Err(Refusal::Untrusted)),
        ("exp", json!("soon"), Err(Refusal::Untrusted)),
        ("nbf", json!(NOW + 10), Ok(NOW + 240)),
        ("nbf", json!(NOW + 11), Err(Refusal::Untrusted)),
        ("nbf", json!(null), Err(Refusal::Untrusted)),
        ("iat", json!(NOW + 11), Err(Refusal::Untrusted)),
        ("sub", json!(1), Err(Refusal::Untrusted)),
        ("azp", json!(["web"]), Err(Refusal::Untrusted)),
        ("typ", json!("Refresh"), Err(Refusal::Untrusted)),
    ];
    for (member, value, expected) in cases {
        let token = signed(&header(), &with(claims(), member, &value));
        assert_eq!(check(&token), expected, "{member} {value}");
    }
}

#[test]
fn base64_has_one_form() {
    let token = signed(&header(), &claims());
    assert_eq!(check(&token), Ok(NOW + 240));
    // 64 bytes leave four bits of the last character unused: "A" and what follows it decode alike.
    let last = token.chars().last().unwrap();
    let twin = char::from(last as u8 + 1);
    let other = format!("{}{twin}", &token[..token.len() - 1]);
    for wrong in [other, format!("{token}="), format!("{token}=="), format!("{token} "), format!("{token}.")]
    {
        assert!(check(&wrong).is_err(), "{wrong}");
    }
}
