//! Keyset cursors: where a list goes on, as a text that callers hand back unread.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Datelike as _, Utc};
use serde::{Serialize, de::DeserializeOwned};

use crate::instant::is_leap_second;
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

/// Where a list goes on, if it was begun before. `fits` says whether PostgreSQL knows such keys: a cursor that was made
/// up may hold anything.
///
/// # Errors
/// `invalid`, naming `cursor`, for whatever [`encode`] did not make.
pub fn read<T: DeserializeOwned>(
    cursor: Option<&str>,
    fits: impl FnOnce(&T) -> bool,
) -> Result<Option<T>, Problem> {
    let Some(cursor) = cursor else { return Ok(None) };
    let json = URL_SAFE_NO_PAD.decode(cursor).ok();
    let keys = json.and_then(|json| serde_json::from_slice(&json).ok()).filter(fits);
    let refusal = "This is no cursor of ours: begin the list again without it.";
    keys.map(Some).ok_or_else(|| Problem::new(ProblemType::Invalid, refusal).field("cursor"))
}

/// Whether an answer could have it. chrono reads years and leap seconds that PostgreSQL does not know.
pub fn writable(at: DateTime<Utc>) -> bool {
    (0..=9999).contains(&at.year()) && !is_leap_second(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_comes_back_and_others_are_refused() {
        let keys = (5_i64, "é".to_owned());
        type Keys = (i64, String);
        let made = encode(&keys).unwrap();
        assert_eq!(read::<Keys>(Some(&made), |_| true).unwrap(), Some(keys));
        assert_eq!(read::<Keys>(None, |_| false).unwrap(), None);
        let unfit = read::<Keys>(Some(&made), |(number, _)| *number > 5);
        assert_eq!(unfit.unwrap_err().kind, ProblemType::Invalid);
        for wrong in ["", "%%", "aGVsbG8", &encode(&"text").unwrap()] {
            let document = read::<Keys>(Some(wrong), |_| true).unwrap_err().document("");
            assert_eq!((&document["status"], &document["field"]), (&422.into(), &"cursor".into()));
        }
    }
}
