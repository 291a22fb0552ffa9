//! Every way in which a token can be wrong, each made with real keys.

use jwt_simple::prelude::*;
use serde_json::{Value, json};

use super::Claims;
use super::*;

const NOW: u64 = 1_800_000_000;

struct Realm {
    eddsa: Ed25519KeyPair,
    rs256: RS256KeyPair,
    es256: ES256KeyPair,
    keys: KeySet,
}

fn realm() -> Realm {
    let eddsa = Ed25519KeyPair::generate().with_key_id("ed");
    let rs256 = RS256KeyPair::generate(2048).unwrap().with_key_id("rsa");
    let es256 = ES256KeyPair::generate().with_key_id("ec");
    let jwks: Vec<Value> =
        [eddsa.public_key().to_jwk(), rs256.public_key().to_jwk(), es256.public_key().to_jwk()]
            .iter()
            .zip(["ed", "rsa", "ec"])
            .map(|(jwk, kid)| {
                let mut jwk: Value = serde_json::from_str(jwk).unwrap();
                jwk["kid"] = kid.into();
                jwk["use"] = "sig".into();
                jwk
            })
            .collect();
    let keys = KeySet::parse(json!({ "keys": jwks }).to_string().as_bytes()).unwrap();
    Realm { eddsa, rs256, es256, keys }
}

fn expected() -> Expected {
    Expected {
        issuer: "https://localhost/auth/realms/timetracker".into(),
        audience: "timetracker-api".into(),
        client: "timetracker-web".into(),
    }
}

fn claims() -> JWTClaims<KeycloakClaims> {
    let custom = KeycloakClaims {
        azp: Some(expected().client),
        typ: Some("Bearer".into()),
        preferred_username: Some("alice".into()),
        name: Some("Alice Martin".into()),
        email: Some("alice@example.org".into()),
        realm_access: RealmAccess { roles: vec!["user".into(), "offline_access".into()] },
        groups: vec!["/teams/atlas".into()],
    };
    let mut claims = jwt_simple::claims::Claims::with_custom_claims(custom, Duration::from_secs(300))
        .with_issuer(expected().issuer)
        .with_audience(expected().audience)
        .with_subject("0b6f0f3e-6f6e-4c59-9e43-1f6d3f8f2f10");
    claims.issued_at = Some(UnixTimeStamp::from_secs(NOW - 60));
    claims.invalid_before = None;
    claims.expires_at = Some(UnixTimeStamp::from_secs(NOW + 240));
    claims
}

fn check(realm: &Realm, token: &str) -> Result<Claims, Refusal> {
    verify(token, &realm.keys, &expected(), NOW)
}

#[test]
fn the_three_algorithms_are_accepted_and_the_claims_are_read() {
    let realm = realm();
    for token in [realm.eddsa.sign(claims()), realm.rs256.sign(claims()), realm.es256.sign(claims())] {
        let seen = check(&realm, &token.unwrap()).unwrap();
        assert_eq!(seen.subject, "0b6f0f3e-6f6e-4c59-9e43-1f6d3f8f2f10");
        assert_eq!((seen.username.as_str(), seen.name.as_str()), ("alice", "Alice Martin"));
        assert_eq!(seen.roles, ["user", "offline_access"]);
        assert_eq!(seen.groups, ["/teams/atlas"]);
        assert_eq!(seen.expires_at, NOW + 240);
    }
}

#[test]
fn time_issuer_audience_client_and_type_are_checked() {
    let realm = realm();
    type Change = fn(&mut JWTClaims<KeycloakClaims>);
    let cases: [(&str, Change, Refusal); 12] = [
        ("expired", |c| c.expires_at = Some(UnixTimeStamp::from_secs(NOW - 20)), Refusal::Expired),
        (
            "not yet valid",
            |c| c.invalid_before = Some(UnixTimeStamp::from_secs(NOW + 60)),
            Refusal::Untrusted,
        ),
        ("from the future", |c| c.issued_at = Some(UnixTimeStamp::from_secs(NOW + 60)), Refusal::Untrusted),
        ("another issuer", |c| c.issuer = Some("https://evil.example".into()), Refusal::Untrusted),
        ("no issuer", |c| c.issuer = None, Refusal::Untrusted),
        (
            "another audience",
            |c| c.audiences = Some(Audiences::AsString("account".into())),
            Refusal::Untrusted,
        ),
        ("no audience", |c| c.audiences = None, Refusal::Untrusted),
        ("another client", |c| c.custom.azp = Some("account-console".into()), Refusal::Untrusted),
        ("no client", |c| c.custom.azp = None, Refusal::Untrusted),
        ("an ID token", |c| c.custom.typ = Some("ID".into()), Refusal::Untrusted),
        ("no type", |c| c.custom.typ = None, Refusal::Untrusted),
        ("no expiry", |c| c.expires_at = None, Refusal::Incomplete),
    ];
    for (name, change, refusal) in cases {
        let mut wrong = claims();
        change(&mut wrong);
        assert_eq!(check(&realm, &realm.eddsa.sign(wrong).unwrap()), Err(refusal), "{name}");
    }
}

#[test]
fn missing_claims_are_refused() {
    let realm = realm();
    let mut nobody = claims();
    nobody.subject = None;
    assert_eq!(check(&realm, &realm.eddsa.sign(nobody).unwrap()), Err(Refusal::Incomplete));
    let mut nameless = claims();
    nameless.custom.preferred_username = None;
    assert_eq!(check(&realm, &realm.eddsa.sign(nameless).unwrap()), Err(Refusal::Incomplete));
}

#[test]
fn a_tampered_payload_is_refused() {
    let realm = realm();
    let token = realm.eddsa.sign(claims()).unwrap();
    let mut rich = claims();
    rich.custom.realm_access.roles.push("admin".into());
    let other = realm.eddsa.sign(rich).unwrap();
    let payload = other.split('.').nth(1).unwrap();
    let parts: Vec<&str> = token.split('.').collect();
    let mixed = format!("{}.{payload}.{}", parts[0], parts[2]);
    assert_eq!(check(&realm, &mixed), Err(Refusal::Untrusted));
}

#[test]
fn no_signature_and_a_shared_secret_are_refused() {
    use jwt_simple::reexports::ct_codecs::{Base64UrlSafeNoPadding, Encoder};
    let realm = realm();
    let encode = |text: &str| Base64UrlSafeNoPadding::encode_to_string(text).unwrap();
    let token = realm.rs256.sign(claims()).unwrap();
    let payload = token.split('.').nth(1).unwrap();
    let none = format!("{}.{payload}.", encode(r#"{"alg":"none","typ":"JWT","kid":"rsa"}"#));
    assert_eq!(check(&realm, &none), Err(Refusal::Algorithm));

    // The classic confusion: HS256 with the public key as its secret.
    let secret = realm.rs256.public_key().to_pem().unwrap();
    let hs256 = HS256Key::from_bytes(secret.as_bytes()).with_key_id("rsa").authenticate(claims()).unwrap();
    assert_eq!(check(&realm, &hs256), Err(Refusal::Algorithm));
}

#[test]
fn a_key_serves_its_own_algorithm_only() {
    let realm = realm();
    let confused = realm.eddsa.clone().with_key_id("rsa").sign(claims()).unwrap();
    assert_eq!(check(&realm, &confused), Err(Refusal::Algorithm));
    let stranger = Ed25519KeyPair::generate().with_key_id("ed").sign(claims()).unwrap();
    assert_eq!(check(&realm, &stranger), Err(Refusal::Untrusted));
    let unknown = Ed25519KeyPair::generate().with_key_id("new").sign(claims()).unwrap();
    assert_eq!(check(&realm, &unknown), Err(Refusal::UnknownKey));
}

#[test]
fn what_is_no_bearer_token_is_malformed() {
    for header in ["", "Bearer", "Bearer ", "Basic abc", "alice", &format!("Bearer {}", "a".repeat(20_000))] {
        assert_eq!(bearer(header), Err(Refusal::Malformed), "{header:.20}");
    }
    assert_eq!(bearer("bearer a.b.c"), Ok("a.b.c"));
    for token in ["a", "a.b", "a.b.c", "a.b.c.d", "..", "é.é.é"] {
        assert_eq!(key_id(token), Err(Refusal::Malformed), "{token}");
    }
}

#[test]
fn a_key_set_leaves_out_what_it_does_not_know() {
    let keys = json!({ "keys": [
        { "kty": "oct", "kid": "secret", "k": "AAAA" },
        { "kty": "RSA", "kid": "enc", "use": "enc", "n": "AQAB", "e": "AQAB" },
        { "kty": "EC", "kid": "broken", "use": "sig", "crv": "P-256", "x": "AA", "y": "AA" },
    ]});
    let keys = KeySet::parse(keys.to_string().as_bytes()).unwrap();
    assert!(!["secret", "enc", "broken"].iter().any(|id| keys.has(id)));
    assert!(KeySet::parse(b"[]").is_err());
}
