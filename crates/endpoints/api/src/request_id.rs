//! The id that a request has in logs and in every answer.

use http::{HeaderMap, HeaderName};
use uuid::Uuid;

/// The request's id, in the request and in every answer.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The gateway's or the client's id if it is a sane one, else a new one.
pub fn request_id(headers: &HeaderMap) -> String {
    let sane = |id: &&str| {
        (8..=64).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let given = headers.get(REQUEST_ID).and_then(|id| id.to_str().ok()).filter(sane);
    given.map_or_else(|| Uuid::new_v4().to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sane_id_is_kept_and_any_other_replaced() {
        let of = |id: &str| request_id(&HeaderMap::from_iter([(REQUEST_ID, id.parse().unwrap())]));
        assert_eq!(of("5f0c0d0e-3c58"), "5f0c0d0e-3c58");
        for odd in ["short", "with a space", &"x".repeat(65)] {
            assert_ne!(of(odd), odd);
        }
        assert_ne!(request_id(&HeaderMap::new()), request_id(&HeaderMap::new()));
    }
}
