//! Is this token one of the realm's, for this API, and still good?

use std::collections::HashSet;

use jwt_simple::prelude::{
    Duration, ECDSAP256PublicKeyLike as _, EdDSAPublicKeyLike as _, JWTClaims, RSAPublicKeyLike as _, Token,
    UnixTimeStamp, VerificationOptions,
};
use serde::{Deserialize, Serialize};

use crate::KeySet;
use crate::keys::Key;

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
    /// The signature, issuer, audience or time is wrong. Which one is not told to a stranger.
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
    let metadata = Token::decode_metadata(token).map_err(|_| Refusal::Malformed)?;
    if !matches!(metadata.algorithm(), "EdDSA" | "RS256" | "ES256") {
        return Err(Refusal::Algorithm);
    }
    metadata.key_id().map(str::to_owned).ok_or(Refusal::UnknownKey)
}

#[derive(Serialize, Deserialize)]
struct KeycloakClaims {
    preferred_username: Option<String>,
    name: Option<String>,
    email: Option<String>,
    #[serde(default)]
    realm_access: RealmAccess,
    #[serde(default)]
    groups: Vec<String>,
}

#[derive(Default, Serialize, Deserialize)]
struct RealmAccess {
    #[serde(default)]
    roles: Vec<String>,
}

/// Verify a token at the instant `now` (seconds since 1970).
///
/// # Errors
/// See [`Refusal`].
pub fn verify(token: &str, keys: &KeySet, expected: &Expected, now: u64) -> Result<Claims, Refusal> {
    let id = key_id(token)?;
    let key = keys.get(&id).ok_or(Refusal::UnknownKey)?;
    let metadata = Token::decode_metadata(token).map_err(|_| Refusal::Malformed)?;
    if metadata.algorithm() != key.algorithm() {
        return Err(Refusal::Algorithm);
    }
    let options = VerificationOptions {
        allowed_issuers: Some(HashSet::from([expected.issuer.clone()])),
        allowed_audiences: Some(HashSet::from([expected.audience.clone()])),
        time_tolerance: Some(Duration::from_secs(TOLERANCE)),
        max_token_length: Some(MAX_TOKEN),
        artificial_time: Some(UnixTimeStamp::from_secs(now)),
        ..VerificationOptions::default()
    };
    let verified: Result<JWTClaims<KeycloakClaims>, _> = match key {
        Key::EdDsa(key) => key.verify_token(token, Some(options)),
        Key::Rs256(key) => key.verify_token(token, Some(options)),
        Key::Es256(key) => key.verify_token(token, Some(options)),
    };
    let claims = verified.map_err(|error| match error.downcast_ref() {
        Some(jwt_simple::JWTError::TokenHasExpired) => Refusal::Expired,
        _ => Refusal::Untrusted,
    })?;
    let (Some(subject), Some(expires_at), Some(username)) =
        (claims.subject, claims.expires_at, claims.custom.preferred_username)
    else {
        return Err(Refusal::Incomplete);
    };
    Ok(Claims {
        subject,
        name: claims.custom.name.unwrap_or_else(|| username.clone()),
        username,
        email: claims.custom.email,
        roles: claims.custom.realm_access.roles,
        groups: claims.custom.groups,
        expires_at: expires_at.as_secs(),
    })
}

#[cfg(test)]
mod tests;
