//! Entity tags (RFC 9110, 8.8.3 and 13.1): which version a reader has, and which one a change is meant for.

use http::HeaderMap;
use http::header::{HeaderValue, IF_MATCH, IF_NONE_MATCH};

use crate::{Problem, ProblemType};

/// The versions that a change is meant for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IfMatch {
    /// `*`: whatever is there.
    Any,
    /// One of these tags, without their quotes.
    Tags(Vec<String>),
}

impl IfMatch {
    /// Read the header, of which a request may have several lines (RFC 9110, 5.3); none where it is not sent.
    ///
    /// # Errors
    /// `malformed` where it is no list of entity tags.
    pub fn from_headers(headers: &HeaderMap) -> Result<Option<Self>, Problem> {
        let lines: Result<Vec<_>, _> = headers.get_all(IF_MATCH).iter().map(HeaderValue::to_str).collect();
        match lines.map_err(|_| malformed())?.join(", ").trim() {
            "" if !headers.contains_key(IF_MATCH) => Ok(None),
            "*" => Ok(Some(Self::Any)),
            list => strong_tags(list).map(|tags| Some(Self::Tags(tags))).ok_or_else(malformed),
        }
    }

    /// Whether what has `tag` now is meant.
    pub fn allows(&self, tag: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Tags(tags) => tags.iter().any(|other| other == tag),
        }
    }
}

/// The tags of a list without their quotes; none where it is no list of tags. Weak ones are left out: they never
/// match here, where the comparison is the strong one. A comma may be part of a tag.
fn strong_tags(list: &str) -> Option<Vec<String>> {
    let mut tags = Vec::new();
    let mut rest = list;
    loop {
        let (weak, quoted) = rest.strip_prefix("W/").map_or((false, rest), |rest| (true, rest));
        let (tag, after) = quoted.strip_prefix('"')?.split_once('"')?;
        if !tag.bytes().all(|byte| byte.is_ascii_graphic()) {
            return None;
        }
        if !weak {
            tags.push(tag.to_owned());
        }
        match after.trim_start() {
            "" => return Some(tags),
            after => rest = after.strip_prefix(',')?.trim_start(),
        }
    }
}

fn malformed() -> Problem {
    Problem::new(ProblemType::Malformed, "A list of entity tags in quotes, such as \"3\", or *.")
        .field("If-Match")
}

/// Whether a reader who sends `If-None-Match` has `tag` already (weak comparison). What is no tag matches nothing.
pub fn has_already(headers: &HeaderMap, tag: &str) -> bool {
    let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    headers
        .get_all(IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|other| other.trim() == "*" || opaque(other) == opaque(tag))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(value: &str) -> Result<Option<IfMatch>, Problem> {
        let mut headers = HeaderMap::new();
        headers.insert(IF_MATCH, value.parse().unwrap());
        IfMatch::from_headers(&headers)
    }

    #[test]
    fn tags_are_compared_strongly() {
        let tags = read(r#""3", W/"4" , "5-a","6,\","","7""#).unwrap().unwrap();
        assert!(["3", "5-a", r"6,\", "", "7"].iter().all(|tag| tags.allows(tag)), "{tags:?}");
        assert!(!tags.allows("4") && !tags.allows("5") && !tags.allows("6"));
        assert!(read("*").unwrap().unwrap().allows("9"));
        assert_eq!(IfMatch::from_headers(&HeaderMap::new()).unwrap(), None);
    }

    #[test]
    fn several_lines_are_one_list() {
        let mut headers = HeaderMap::new();
        for line in [r#""3""#, r#""4", "5""#] {
            headers.append(IF_MATCH, line.parse().unwrap());
            headers.append(IF_NONE_MATCH, line.parse().unwrap());
        }
        let tags = IfMatch::from_headers(&headers).unwrap().unwrap();
        assert!(["3", "4", "5"].iter().all(|tag| tags.allows(tag)), "{tags:?}");
        assert!(has_already(&headers, "\"5\""));
        headers.append(IF_MATCH, "*".parse().unwrap());
        assert!(IfMatch::from_headers(&headers).is_err(), "* stands alone");
    }

    #[test]
    fn what_is_no_tag_is_malformed() {
        for wrong in ["", "3", "\"3", "3\"", "\"3\" \"4\"", "w/\"3\"", "\"3\",,", "\"3 4\""] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_reader_has_it_already_whatever_the_strength() {
        let mut headers = HeaderMap::new();
        headers.insert(IF_NONE_MATCH, r#""a", W/"b""#.parse().unwrap());
        assert!(has_already(&headers, "\"a\"") && has_already(&headers, "\"b\""));
        assert!(!has_already(&headers, "\"c\""));
        assert!(!has_already(&HeaderMap::new(), "\"a\""));
    }
}
