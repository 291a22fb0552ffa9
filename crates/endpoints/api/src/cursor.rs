//! Keyset cursors: where a list goes on, as a text that callers hand back unread.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Serialize, de::DeserializeOwned};

use crate::{Problem, ProblemType};

/// Make a cursor of the last item's keys.
///
/// # Errors
/// An internal problem where the keys have no JSON form.
pub fn encode(keys: &impl Serialize) -> Result<String, Problem> {
    let json =
        serde_json::to_vec(keys).map_err(|error| Problem::new(ProblemType::Internal, error.to_string()))?;
    Ok(URL_SAFE_NO_PAD.encode(json))
}

/// Read a cursor.
///
/// # Errors
/// `invalid`, naming `cursor`, for whatever [`encode`] did not make.
pub fn decode<T: DeserializeOwned>(cursor: &str) -> Result<T, Problem> {
    URL_SAFE_NO_PAD.decode(cursor).ok().and_then(|json| serde_json::from_slice(&json).ok()).ok_or_else(|| {
        Problem::new(ProblemType::Invalid, "This is no cursor of ours: begin the list again without it.")
            .field("cursor")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_comes_back_and_others_are_refused() {
        let keys = (5_i64, "é".to_owned());
        assert_eq!(decode::<(i64, String)>(&encode(&keys).unwrap()).unwrap(), keys);
        for wrong in ["", "%%", "aGVsbG8", &encode(&"text").unwrap()] {
            let document = decode::<(i64, String)>(wrong).unwrap_err().document("");
            assert_eq!((&document["status"], &document["field"]), (&422.into(), &"cursor".into()));
        }
    }
}
