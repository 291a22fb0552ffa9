//! Keys that must not be used, and signatures that look like others.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use jwt_simple::prelude::*;
use serde_json::{Value, json};

use super::*;

fn jwk(pair: &Ed25519KeyPair) -> Value {
    let mut jwk: Value = serde_json::from_str(&pair.public_key().to_jwk()).unwrap();
    jwk["kid"] = "ed".into();
    jwk
}

fn has(jwk: &Value) -> bool {
    KeySet::parse(json!({ "keys": [jwk] }).to_string().as_bytes()).unwrap().has(jwk["kid"].as_str().unwrap())
}

#[test]
fn weak_and_ambiguous_keys_are_left_out() {
    let pair = Ed25519KeyPair::generate();
    assert!(has(&jwk(&pair)));
    let bytes = |first: u8, between: u8, last: u8| {
        let mut bytes = [between; 32];
        (bytes[0], bytes[31]) = (first, last);
        bytes
    };
    let wrong = [
        ("the neutral element", bytes(1, 0, 0)),
        ("a point of order four", bytes(0, 0, 0)),
        ("the neutral element, as p + 1", bytes(0xee, 0xff, 0x7f)),
        ("p + 3, a point of large order in another form", bytes(0xf0, 0xff, 0x7f)),
        ("no point", bytes(2, 0, 0)),
    ];
    for (name, x) in wrong {
        let mut jwk = jwk(&pair);
        jwk["x"] = BASE64.encode(x).into();
        assert!(!has(&jwk), "{name}");
    }
    let rsa = |bits: usize, e: &str| {
        let n = BASE64.encode(vec![0xff; bits / 8]);
        has(&json!({ "kty": "RSA", "kid": "rsa", "n": n, "e": e }))
    };
    assert!(rsa(2048, "AQAB") && rsa(4096, "AQAB"));
    assert!(!rsa(1024, "AQAB") && !rsa(4104, "AQAB"));
    assert!(!rsa(2048, "Aw"), "an exponent of 3");
}

#[test]
fn a_key_for_something_else_is_left_out() {
    let pair = Ed25519KeyPair::generate();
    let cases = [
        ("use", json!("enc")),
        ("use", json!(null)),
        ("alg", json!("RS256")),
        ("alg", json!(null)),
        ("key_ops", json!(["sign"])),
        ("crv", json!("X25519")),
        ("kty", json!("EC")),
    ];
    for (member, value) in cases {
        let mut jwk = jwk(&pair);
        jwk[member] = value;
        assert!(!has(&jwk), "{jwk}");
    }
}

#[test]
fn a_signature_has_one_form() {
    // The order of the group: S and S + L fit the same equation.
    const ORDER: [u8; 32] = [
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
    ];
    let pair = Ed25519KeyPair::generate();
    let keys = KeySet::parse(json!({ "keys": [jwk(&pair)] }).to_string().as_bytes()).unwrap();
    let key = keys.get("ed").unwrap();
    let token = pair.sign(Claims::create(Duration::from_secs(60))).unwrap();
    let (message, signature) = token.rsplit_once('.').unwrap();
    let mut signature = decode(signature).unwrap();
    assert!(key.signed(message.as_bytes(), &signature));
    assert!(!key.signed(message.as_bytes(), &signature[..63]));
    let mut carry = 0;
    for (s, l) in signature[32..].iter_mut().zip(ORDER) {
        let sum = u16::from(*s) + u16::from(l) + carry;
        (*s, carry) = (sum.to_le_bytes()[0], sum >> 8);
    }
    assert!(!key.signed(message.as_bytes(), &signature));
}
