//! A token in its compact form (RFC 7515): `header.claims.signature`, each in base64url. Nothing here is trusted yet.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::{Deserialize, Deserializer};

use crate::Refusal;

/// What its signer said of it.
#[derive(Deserialize)]
pub(crate) struct Header {
    pub(crate) alg: String,
    pub(crate) kid: Option<String>,
    typ: Option<String>,
    #[serde(default)]
    crit: Option<Vec<String>>,
}

impl Header {
    /// Whether it is a JWT, and has no extension that the verifier must know (there are none that we do).
    pub(crate) fn is_plain_jwt(&self) -> bool {
        let typ = self.typ.as_deref().map(str::to_ascii_uppercase);
        typ.is_none_or(|typ| typ == "JWT" || typ.ends_with("+JWT"))
            && self.crit.as_ref().is_none_or(Vec::is_empty)
    }
}

/// A token in its parts.
pub(crate) struct Token<'a> {
    pub(crate) header: Header,
    /// What the signature is over.
    pub(crate) signed: &'a str,
    claims: &'a str,
    signature: &'a str,
}

impl<'a> Token<'a> {
    /// Take a token apart.
    ///
    /// # Errors
    /// `Malformed` if it has not three parts, or the first no header.
    pub(crate) fn parse(token: &'a str) -> Result<Self, Refusal> {
        let (signed, signature) = token.rsplit_once('.').ok_or(Refusal::Malformed)?;
        let (header, claims) = signed.split_once('.').ok_or(Refusal::Malformed)?;
        if claims.contains('.') {
            return Err(Refusal::Malformed);
        }
        let header = serde_json::from_slice(&decode(header).ok_or(Refusal::Malformed)?)
            .map_err(|_| Refusal::Malformed)?;
        Ok(Self { header, signed, claims, signature })
    }

    /// The signature's bytes, if it has the form of any.
    pub(crate) fn signature(&self) -> Option<Vec<u8>> {
        decode(self.signature)
    }

    /// The claims as JSON.
    pub(crate) fn claims(&self) -> Option<Vec<u8>> {
        decode(self.claims)
    }
}

/// base64url without padding, in its only form.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    BASE64_URL_SAFE_NO_PAD.decode(text).ok()
}

/// A member that may be missing, but is no `null`.
pub(crate) fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    json: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(json).map(Some)
}
