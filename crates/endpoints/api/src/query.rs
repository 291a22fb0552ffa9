//! Query strings, read as strictly as bodies.

use serde::de::DeserializeOwned;

use crate::instant::LEAP_SECOND;
use crate::{Problem, ProblemType};

/// Read a query string. Query types carry `#[serde(deny_unknown_fields)]`.
///
/// # Errors
/// `malformed`, naming the parameter; `invalid` for an instant that is none.
pub fn query<T: DeserializeOwned>(text: &str) -> Result<T, Problem> {
    let pairs = serde_urlencoded::Deserializer::new(url_pairs(text));
    serde_path_to_error::deserialize(pairs).map_err(|error| {
        let path = error.path().to_string();
        let message = error.into_inner().to_string();
        let named = message.split('`').nth(1).map(str::to_owned);
        let kind = if message == LEAP_SECOND { ProblemType::Invalid } else { ProblemType::Malformed };
        let problem = Problem::new(kind, message);
        match (path.as_str(), named) {
            (".", Some(field)) => problem.field(field),
            (".", None) => problem,
            (path, _) => problem.field(path),
        }
    })
}

fn url_pairs(text: &str) -> form_urlencoded::Parse<'_> {
    form_urlencoded::parse(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(deny_unknown_fields)]
    struct Wish {
        limit: Option<u8>,
        name: Option<String>,
    }

    #[test]
    fn parameters_are_decoded() {
        let wish: Wish = query("limit=5&name=a%20b+c").unwrap();
        assert_eq!(wish, Wish { limit: Some(5), name: Some("a b c".to_owned()) });
    }

    #[test]
    fn the_parameter_to_blame_is_named() {
        for (text, field) in [("limit=many", "limit"), ("limit=300", "limit"), ("limt=5", "limt")] {
            let document = query::<Wish>(text).unwrap_err().document("");
            assert_eq!((&document["status"], &document["field"]), (&400.into(), &field.into()), "{text}");
        }
    }
}
