//! A link to a saved report: as the endpoints tell of it, and the secret that it ends with.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

/// A share is made and revoked, and nothing between: it has one version.
pub(crate) const VERSION: i64 = 1;

/// A link to a saved report, without its secret.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Share, example = json!({
    "id": "2b7e3f5a-9d2c-4b43-a1c1-2f9f6f1b0c02", "report_id": "1d8e3f5a-9d2c-4b43-a1c1-2f9f6f1b0c02",
    "expires_at": "2026-06-01T00:00:00Z", "created_at": "2026-05-04T08:30:02.120000Z"})))]
pub struct ShareView {
    /// Its id, for revoking it.
    pub(crate) id: Uuid,
    /// What it shows.
    report_id: Uuid,
    /// When it ends by itself.
    expires_at: DateTime<Utc>,
    /// When it was made.
    pub(crate) created_at: DateTime<Utc>,
}

/// A new token: 32 bytes of which 244 bits are random.
pub(crate) fn new_token() -> String {
    let mut bytes = [0; 32];
    bytes[..16].copy_from_slice(Uuid::new_v4().as_bytes());
    bytes[16..].copy_from_slice(Uuid::new_v4().as_bytes());
    URL_SAFE_NO_PAD.encode(bytes)
}

/// What the database keeps of a token.
pub(crate) fn hash(token: &str) -> String {
    Sha256::digest(token.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_long_and_new() {
        let (one, two) = (new_token(), new_token());
        assert_eq!((one.len(), URL_SAFE_NO_PAD.decode(&one).unwrap().len()), (43, 32));
        assert_ne!(one, two);
        assert_ne!(one[22..], two[22..]);
        assert_eq!(hash("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
