//! JSON bodies, read strictly: an unknown field is an error, since it is most often a misspelt one, and an object is
//! an object: serde would take an array of its values as well.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeOwned, Deserializer, MapAccess, Visitor};

use crate::{Problem, ProblemType};

/// Read a body, which is an object. Request types carry `#[serde(deny_unknown_fields)]`, and [`ObjectOf`] around those
/// inside them.
///
/// # Errors
/// `malformed` where it is no JSON, `invalid` with the path of the field that is to blame.
pub fn json_body<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    if body.trim_ascii_start().first() == Some(&b'[') {
        return Err(Problem::new(ProblemType::Invalid, NO_OBJECT));
    }
    let mut reader = serde_json::Deserializer::from_slice(body);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        let inner = error.into_inner();
        if !inner.is_data() {
            return Problem::new(ProblemType::Malformed, format!("The body is not JSON: {inner}"));
        }
        let problem = Problem::new(ProblemType::Invalid, plain(&inner));
        match (path.as_str(), quoted(&inner)) {
            // serde blames the object that lacks a field or has too many; the message has the field's name.
            (".", Some(field)) => problem.field(field),
            (".", None) => problem,
            (path, Some(field)) if path.rsplit('.').next() != Some(&*field) => {
                problem.field(format!("{path}.{field}"))
            }
            (path, _) => problem.field(path),
        }
    })?;
    reader
        .end()
        .map_err(|error| Problem::new(ProblemType::Malformed, format!("The body is not JSON: {error}")))?;
    Ok(value)
}

const NO_OBJECT: &str = "An object is expected here, not an array.";

/// An object inside a body, which must be written as one. Its fields are read one by one, so that one named twice is an
/// error, and so that errors have their whole path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ObjectOf<T>(pub T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for ObjectOf<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Members<T> {
            type Value = T;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<T, A::Error> {
                T::deserialize(MapAccessDeserializer::new(members))
            }
        }

        deserializer.deserialize_map(Members(PhantomData)).map(Self)
    }
}

/// serde's message without its "at line 1 column 12".
fn plain(error: &serde_json::Error) -> String {
    let message = error.to_string();
    message.rsplit_once(" at line ").map_or(message.clone(), |(text, _)| text.to_owned())
}

/// The field that "unknown field `x`", "missing field `x`" or "duplicate field `x`" names.
fn quoted(error: &serde_json::Error) -> Option<String> {
    let message = error.to_string();
    let named =
        ["unknown field", "missing field", "duplicate field"].iter().any(|start| message.starts_with(start));
    message.split('`').nth(1).filter(|_| named).map(str::to_owned)
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
    use serde_json::Value;

    use super::*;

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
            (r#"{"count": 1, "count": 1}"#, "count"),
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
        assert_eq!(refused(" [1, null]")["type"], "/problems/invalid");
    }

    #[test]
    fn an_object_inside_is_written_as_one() {
        type Wishes = std::collections::BTreeMap<String, ObjectOf<Wish>>;
        let right: Wishes = json_body(br#"{"a": {"count": 1}}"#).unwrap();
        assert_eq!(right["a"].0.count, 1);
        for (wrong, field) in [
            (r#"{"a": [1, null]}"#, "a"),
            (r#"{"a": null}"#, "a"),
            (r#"{"a": {"count": "x"}}"#, "a.count"),
            (r#"{"a": {"count": 1, "kount": 2}}"#, "a.kount"),
            (r#"{"a": {"count": 1, "count": 2}}"#, "a.count"),
            (r#"{"a": {}}"#, "a.count"),
        ] {
            let document = json_body::<Wishes>(wrong.as_bytes()).unwrap_err().document("");
            assert_eq!((&document["status"], &document["field"]), (&422.into(), &field.into()), "{wrong}");
        }
    }

    #[test]
    fn absent_and_null_differ() {
        assert_eq!(json_body::<Wish>(br#"{"count": 1}"#).unwrap().note, None);
        assert_eq!(json_body::<Wish>(br#"{"count": 1, "note": null}"#).unwrap().note, Some(None));
    }
}
