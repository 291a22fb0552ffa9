//! JSON bodies, read strictly: an unknown field is an error, since it is most often a misspelt one.

use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer};

use crate::{Problem, ProblemType};

/// Read a body. Request types carry `#[serde(deny_unknown_fields)]`.
///
/// # Errors
/// `malformed` where it is no JSON, `invalid` with the path of the field that is to blame.
pub fn json_body<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    let mut reader = serde_json::Deserializer::from_slice(body);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        let inner = error.into_inner();
        if !inner.is_data() {
            return Problem::new(ProblemType::Malformed, format!("The body is not JSON: {inner}"));
        }
        let problem = Problem::new(ProblemType::Invalid, plain(&inner));
        match (path.as_str(), quoted(&inner)) {
            // serde blames the object that lacks or has too much; the message has the field's name.
            (".", Some(field)) => problem.field(field),
            (".", None) => problem,
            (path, _) => problem.field(path),
        }
    })?;
    reader
        .end()
        .map_err(|error| Problem::new(ProblemType::Malformed, format!("The body is not JSON: {error}")))?;
    Ok(value)
}

/// serde's message without its "at line 1 column 12".
fn plain(error: &serde_json::Error) -> String {
    let message = error.to_string();
    message.rsplit_once(" at line ").map_or(message.clone(), |(text, _)| text.to_owned())
}

/// The field that "unknown field `x`" or "missing field `x`" names.
fn quoted(error: &serde_json::Error) -> Option<String> {
    let message = error.to_string();
    message
        .starts_with("unknown field")
        .then_some(())
        .or_else(|| message.starts_with("missing field").then_some(()))
        .and_then(|()| message.split('`').nth(1).map(str::to_owned))
}

/// Tells a field that is absent (`None`) from one that is `null` (`Some(None)`): a change leaves the one
/// as it is and clears the other (RFC 7396).
///
/// # Errors
/// The value is not of type `T`.
pub fn double_option<'de, T, D>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    Option::<T>::deserialize(deserializer).map(Some)
}

/// A field that may be absent but not `null`.
///
/// # Errors
/// The value is not of type `T`.
pub fn present<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    T::deserialize(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code, reason = "read by serde only")]
    struct Wish {
        count: u8,
        #[serde(default, deserialize_with = "double_option")]
        note: Option<Option<String>>,
    }

    fn refused(body: &str) -> Value {
        json_body::<Wish>(body.as_bytes()).unwrap_err().document("")
    }

    #[test]
    fn the_field_to_blame_is_named() {
        for (body, field) in [
            (r#"{"count": "x"}"#, "count"),
            (r#"{"count": 256}"#, "count"),
            (r#"{"count": 1, "note": 5}"#, "note"),
            (r#"{"count": 1, "kount": 5}"#, "kount"),
            ("{}", "count"),
        ] {
            let document = refused(body);
            assert_eq!((&document["status"], &document["field"]), (&422.into(), &field.into()), "{body}");
        }
    }

    #[test]
    fn what_is_no_json_is_malformed() {
        for body in ["", "{", "nope", r#"{"count": 1} x"#, "\u{feff}{}"] {
            assert_eq!(refused(body)["type"], "/problems/malformed", "{body}");
        }
        assert_eq!(refused("[]")["status"], 422);
    }

    #[test]
    fn absent_and_null_differ() {
        assert_eq!(json_body::<Wish>(br#"{"count": 1}"#).unwrap().note, None);
        assert_eq!(json_body::<Wish>(br#"{"count": 1, "note": null}"#).unwrap().note, Some(None));
    }
}
