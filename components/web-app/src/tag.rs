//! Entity tags: a file's is made of its content.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

/// The strong entity tag, in its quotes.
pub(crate) fn of(content: &[u8]) -> String {
    let mut tag = String::from("\"");
    for byte in &Sha256::digest(content)[..16] {
        let _ = write!(tag, "{byte:02x}");
    }
    tag + "\""
}

/// Whether a value of `If-None-Match` names the tag; a proxy may have weakened it by `W/`.
pub(crate) fn is_in(tag: &str, condition: &str) -> bool {
    condition.split(',').map(str::trim).any(|one| one == "*" || one.strip_prefix("W/").unwrap_or(one) == tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_tells_contents_apart() {
        assert_eq!(of(b"a"), of(b"a"));
        assert_ne!(of(b"a"), of(b"b"));
        assert_eq!(of(b"").len(), 34);
    }

    #[test]
    fn a_condition_may_be_a_list_weak_or_a_star() {
        let tag = of(b"a");
        for condition in [&tag, "*", &format!("W/{tag}"), &format!("\"x\", {tag}")] {
            assert!(is_in(&tag, condition), "{condition}");
        }
        for condition in ["", "\"x\"", tag.trim_matches('"')] {
            assert!(!is_in(&tag, condition), "{condition}");
        }
    }
}
