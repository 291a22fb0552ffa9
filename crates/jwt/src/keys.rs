//! The realm's public keys (JSON Web Key Set, RFC 7517).

use std::collections::HashMap;

use p256::ecdsa::signature::Verifier as _;
use rsa::{BigUint, Pkcs1v15Sign, RsaPublicKey, traits::PublicKeyParts as _};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use crate::token::{decode, present};

/// Bits of an RSA modulus: from what is safe to what is still cheap.
const RSA_BITS: std::ops::RangeInclusive<usize> = 2048..=4096;
/// The exponent that all RSA keys have.
const RSA_EXPONENT: u32 = 65_537;

/// A key, of the one algorithm that it may be used with.
#[derive(Debug, Clone)]
pub(crate) enum Key {
    EdDsa(ed25519_dalek::VerifyingKey),
    Rs256(Box<RsaPublicKey>),
    Es256(p256::ecdsa::VerifyingKey),
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

    /// Whether the signature is this key's. Nothing of it is secret, so it takes the time that it takes.
    pub(crate) fn signed(&self, message: &[u8], signature: &[u8]) -> bool {
        match self {
            // Strict: one key and one message have no two signatures that differ in S or in the form of R.
            Self::EdDsa(key) => ed25519_dalek::Signature::from_slice(signature)
                .is_ok_and(|signature| key.verify_strict(message, &signature).is_ok()),
            Self::Rs256(key) => {
                key.verify(Pkcs1v15Sign::new::<Sha256>(), &Sha256::digest(message), signature).is_ok()
            }
            Self::Es256(key) => p256::ecdsa::Signature::from_slice(signature)
                .is_ok_and(|signature| key.verify(message, &signature).is_ok()),
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
    #[serde(rename = "use", default, deserialize_with = "present")]
    usage: Option<String>,
    #[serde(default, deserialize_with = "present")]
    key_ops: Option<Vec<String>>,
    #[serde(default, deserialize_with = "present")]
    alg: Option<String>,
    #[serde(flatten)]
    material: Material,
}

#[derive(Deserialize)]
#[serde(tag = "kty")]
enum Material {
    #[serde(rename = "OKP")]
    Okp { crv: String, x: String },
    #[serde(rename = "RSA")]
    Rsa { n: String, e: String },
    #[serde(rename = "EC")]
    Ec { crv: String, x: String, y: String },
}

impl KeySet {
    /// Read a key set. Keys for encryption and keys of other kinds are left out.
    ///
    /// # Errors
    /// It is not JSON, or has no `keys`.
    pub fn parse(json: &[u8]) -> Result<Self, KeyError> {
        let document: Document = serde_json::from_slice(json)?;
        Ok(Self(document.keys.into_iter().filter_map(signing_key).collect()))
    }

    /// Whether a key is known.
    pub fn has(&self, id: &str) -> bool {
        self.0.contains_key(id)
    }

    pub(crate) fn get(&self, id: &str) -> Option<&Key> {
        self.0.get(id)
    }
}

fn signing_key(value: serde_json::Value) -> Option<(String, Key)> {
    let jwk: Jwk = serde_json::from_value(value).ok()?;
    let key = match jwk.material {
        Material::Okp { crv, x } if crv == "Ed25519" => ed25519(&decode(&x)?)?,
        Material::Rsa { n, e } => rsa(&decode(&n)?, &decode(&e)?)?,
        Material::Ec { crv, x, y } if crv == "P-256" => p256(&decode(&x)?, &decode(&y)?)?,
        _ => return None,
    };
    let for_signatures = jwk.usage.is_none_or(|usage| usage == "sig")
        && jwk.key_ops.is_none_or(|operations| operations.iter().all(|operation| operation == "verify"));
    // EdDSA with this curve has a name of its own, too (RFC 9864).
    let of_algorithm = jwk
        .alg
        .is_none_or(|alg| alg == key.algorithm() || (alg == "Ed25519" && matches!(key, Key::EdDsa(_))));
    (for_signatures && of_algorithm).then_some((jwk.kid, key))
}

/// None of small order, which "sign" everything, and in its only form.
fn ed25519(x: &[u8]) -> Option<Key> {
    let key = ed25519_dalek::VerifyingKey::from_bytes(x.try_into().ok()?).ok()?;
    let canonical = key.to_edwards().compress().as_bytes() == x;
    (canonical && !key.is_weak()).then_some(Key::EdDsa(key))
}

fn rsa(n: &[u8], e: &[u8]) -> Option<Key> {
    let key = RsaPublicKey::new(BigUint::from_bytes_be(n), BigUint::from_bytes_be(e)).ok()?;
    let accepted = RSA_BITS.contains(&key.n().bits()) && *key.e() == BigUint::from(RSA_EXPONENT);
    accepted.then(|| Key::Rs256(Box::new(key)))
}

/// `from_sec1_bytes` refuses what is no point of the curve.
fn p256(x: &[u8], y: &[u8]) -> Option<Key> {
    let uncompressed = [&[4], x, y].concat();
    let whole = x.len() == 32 && y.len() == 32;
    p256::ecdsa::VerifyingKey::from_sec1_bytes(&uncompressed).ok().filter(|_| whole).map(Key::Es256)
}

#[cfg(test)]
mod tests;
