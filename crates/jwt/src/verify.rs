//! Is this token one of the realm's, for this API, and still good?

use serde::{Deserialize, Serialize};

use crate::KeySet;
use crate::token::{Token, present};

/// Longest token that is looked at, in bytes; Keycloak's have about 1,200.
const MAX_TOKEN: usize = 16 * 1024;
/// How far the clocks of Keycloak and ours may differ, in seconds.
const TOLERANCE: u64 = 10;

/// What a token must say.
#[derive(Debug, Clone)]
pub struct Expected {
    /// The realm's address, exactly.
    pub issuer: String,
    /// This API's name.
    pub audience: String,
    /// The client that the token was made for.
    pub client: String,
}

/// What a verified token says of its bearer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// Keycloak's user id.
    pub subject: String,
    /// The login name.
    pub username: String,
    /// The name to show.
    pub name: String,
    /// The address, if the token has one.
    pub email: Option<String>,
    /// Realm roles.
    pub roles: Vec<String>,
    /// Groups, as paths.
    pub groups: Vec<String>,
    /// When it ends, in seconds since 1970.
    pub expires_at: u64,
}

/// Why a token is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The header is not `Bearer <token>`, or the token has not the form of one.
    #[error("not a bearer token")]
    Malformed,
    /// The algorithm is not on the allow-list, or not the key's own.
    #[error("signed with an algorithm that is not accepted")]
    Algorithm,
    /// The realm has no such key.
    #[error("signed with an unknown key")]
    UnknownKey,
    /// The signature, issuer, audience, client, type or time is wrong. Which one is not told to a stranger.
    #[error("not issued by this realm for this API")]
    Untrusted,
    /// It was right once.
    #[error("expired")]
    Expired,
    /// A claim that every access token has is missing.
    #[error("an access token of this realm has sub, exp and preferred_username")]
    Incomplete,
}

/// The token of an Authorization header.
///
/// # Errors
/// `Malformed` for other schemes.
pub fn bearer(authorization: &str) -> Result<&str, Refusal> {
    let (scheme, token) = authorization.split_once(' ').ok_or(Refusal::Malformed)?;
    let token = token.trim();
    match scheme.eq_ignore_ascii_case("bearer") && !token.is_empty() && token.len() <= MAX_TOKEN {
        true => Ok(token),
        false => Err(Refusal::Malformed),
    }
}

/// The id of the key that the token names. Nothing of the token is trusted yet.
///
/// # Errors
/// `Malformed`; `Algorithm` for one that is not on the allow-list, before any key is looked for.
pub fn key_id(token: &str) -> Result<String, Refusal> {
    named_key(&Token::parse(token)?).map(str::to_owned)
}

fn named_key<'a>(token: &'a Token<'_>) -> Result<&'a str, Refusal> {
    if !matches!(token.header.alg.as_str(), "EdDSA" | "RS256" | "ES256") {
        return Err(Refusal::Algorithm);
    }
    token.header.kid.as_deref().ok_or(Refusal::UnknownKey)
}

/// The claims that every JWT may have (RFC 7519), and ours.
#[derive(Deserialize)]
struct Signed {
    iss: Option<String>,
    aud: Option<Audience>,
    sub: Option<String>,
    #[serde(default, deserialize_with = "present")]
    exp: Option<Seconds>,
    #[serde(default, deserialize_with = "present")]
    nbf: Option<Seconds>,
    #[serde(default, deserialize_with = "present")]
    iat: Option<Seconds>,
    #[serde(flatten)]
    custom: KeycloakClaims,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

impl Audience {
    fn has(&self, name: &str) -> bool {
        match self {
            Self::One(audience) => audience == name,
            Self::Several(audiences) => audiences.iter().any(|audience| audience == name),
        }
    }
}

/// An instant in seconds since 1970; JSON may have it with a fraction.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "f64")]
struct Seconds(u64);

impl TryFrom<f64> for Seconds {
    type Error = &'static str;

    fn try_from(seconds: f64) -> Result<Self, Self::Error> {
        if seconds >= 0.0 { Ok(Self(seconds as u64)) } else { Err("before 1970") }
    }
}

#[derive(Deserialize)]
#[cfg_attr(test, derive(Serialize))]
struct KeycloakClaims {
    azp: Option<String>,
    /// Keycloak signs ID, refresh and logout tokens with the same keys.
    typ: Option<String>,
    preferred_username: Option<String>,
    name: Option<String>,
    email: Option<String>,
    #[serde(default)]
    realm_access: RealmAccess,
    #[serde(default)]
    groups: Vec<String>,
}

#[derive(Default, Deserialize)]
#[cfg_attr(test, derive(Serialize))]
struct RealmAccess {
    #[serde(default)]
    roles: Vec<String>,
}

/// Verify a token at the instant `now` (seconds since 1970).
///
/// # Errors
/// See [`Refusal`].
pub fn verify(token: &str, keys: &KeySet, expected: &Expected, now: u64) -> Result<Claims, Refusal> {
    if token.len() > MAX_TOKEN {
        return Err(Refusal::Malformed);
    }
    let token = Token::parse(token)?;
    let key = keys.get(named_key(&token)?).ok_or(Refusal::UnknownKey)?;
    if token.header.alg != key.algorithm() {
        return Err(Refusal::Algorithm);
    }
    let signature = token.signature().ok_or(Refusal::Untrusted)?;
    if !token.header.is_plain_jwt() || !key.signed(token.signed.as_bytes(), &signature) {
        return Err(Refusal::Untrusted);
    }
    let json = token.claims().ok_or(Refusal::Untrusted)?;
    let claims: Signed = serde_json::from_slice(&json).map_err(|_| Refusal::Untrusted)?;
    claims.check(expected, now)?;
    claims.read().ok_or(Refusal::Incomplete)
}

impl Signed {
    fn check(&self, expected: &Expected, now: u64) -> Result<(), Refusal> {
        let latest = Seconds(now.saturating_add(TOLERANCE));
        if self.iat.is_some_and(|issued| issued > latest) || self.nbf.is_some_and(|start| start > latest) {
            return Err(Refusal::Untrusted);
        }
        if self.exp.is_some_and(|end| end < Seconds(now.saturating_sub(TOLERANCE))) {
            return Err(Refusal::Expired);
        }
        let ours = self.iss.as_ref() == Some(&expected.issuer)
            && self.aud.as_ref().is_some_and(|audience| audience.has(&expected.audience))
            && self.custom.azp.as_ref() == Some(&expected.client)
            && self.custom.typ.as_deref() == Some("Bearer");
        if ours { Ok(()) } else { Err(Refusal::Untrusted) }
    }

    /// What we need of them; nothing if one is missing.
    fn read(self) -> Option<Claims> {
        let username = self.custom.preferred_username?;
        Some(Claims {
            subject: self.sub?,
            name: self.custom.name.unwrap_or_else(|| username.clone()),
            username,
            email: self.custom.email,
            roles: self.custom.realm_access.roles,
            groups: self.custom.groups,
            expires_at: self.exp?.0,
        })
    }
}

#[cfg(test)]
mod tests;
