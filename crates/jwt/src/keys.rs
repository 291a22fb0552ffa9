//! The realm's public keys (JSON Web Key Set, RFC 7517).

use std::collections::HashMap;

use jwt_simple::prelude::{ES256PublicKey, Ed25519PublicKey, RS256PublicKey};
use serde::Deserialize;

/// A key, of the one algorithm that it may be used with.
#[derive(Debug, Clone)]
pub(crate) enum Key {
    EdDsa(Ed25519PublicKey),
    Rs256(Box<RS256PublicKey>),
    Es256(ES256PublicKey),
}

impl Key {
    /// The `alg` that a token must name to be verified with this key.
    pub(crate) fn algorithm(&self) -> &'static str {
        match self {
            Self::EdDsa(_) => "EdDSA",
            Self::Rs256(_) => "RS256",
            Self::Es256(_) => "ES256",
        }
    }
}

/// The realm's signing keys by their id.
#[derive(Debug, Clone, Default)]
pub struct KeySet(HashMap<String, Key>);

/// The document is no key set.
#[derive(Debug, thiserror::Error)]
#[error("no JSON Web Key Set: {0}")]
pub struct KeyError(#[from] serde_json::Error);

#[derive(Deserialize)]
struct Document {
    keys: Vec<serde_json::Value>,
}

#[derive(Deserialize)]
struct Jwk {
    kid: String,
    #[serde(rename = "use")]
    usage: Option<String>,
}

impl KeySet {
    /// Read a key set. Keys for encryption and keys of other kinds are left out.
    ///
    /// # Errors
    /// It is not JSON, or has no `keys`.
    pub fn parse(json: &[u8]) -> Result<Self, KeyError> {
        let document: Document = serde_json::from_slice(json)?;
        Ok(Self(document.keys.iter().filter_map(signing_key).collect()))
    }

    /// Whether a key is known.
    pub fn has(&self, id: &str) -> bool {
        self.0.contains_key(id)
    }

    pub(crate) fn get(&self, id: &str) -> Option<&Key> {
        self.0.get(id)
    }
}

fn signing_key(value: &serde_json::Value) -> Option<(String, Key)> {
    let jwk: Jwk = serde_json::from_value(value.clone()).ok()?;
    if jwk.usage.is_some_and(|usage| usage != "sig") {
        return None;
    }
    let text = value.to_string();
    let key = match value.get("kty")?.as_str()? {
        "OKP" => Ed25519PublicKey::from_jwk(&text).map(Key::EdDsa),
        "RSA" => RS256PublicKey::from_jwk(&text).map(|key| Key::Rs256(Box::new(key))),
        "EC" => ES256PublicKey::from_jwk(&text).map(Key::Es256),
        _ => return None,
    };
    key.ok().map(|key| (jwk.kid, key))
}
