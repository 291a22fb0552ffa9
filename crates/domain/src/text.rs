//! Texts that people type: trimmed, bounded, and free of what cannot be printed.

use std::ops::RangeInclusive;

/// A rule that a text breaks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Too short or too long, counted in characters.
    #[error("{0} to {1} characters")]
    Length(usize, usize),
    /// PostgreSQL stores no NUL, and no other control character helps a person.
    #[error("no control characters other than line breaks and tabs")]
    ControlCharacter,
}

/// The text without the blanks around it.
///
/// # Errors
/// Its number of characters is not in `length`, or it has control characters.
pub fn checked(text: &str, length: RangeInclusive<usize>) -> Result<String, TextError> {
    let text = text.trim();
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        return Err(TextError::ControlCharacter);
    }
    match length.contains(&text.chars().count()) {
        true => Ok(text.to_owned()),
        false => Err(TextError::Length(*length.start(), *length.end())),
    }
}

/// A colour as `#rrggbb`, in lower case; none for what is no colour.
pub fn color(text: &str) -> Option<String> {
    let digits = text.strip_prefix('#')?;
    let right = digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    right.then(|| text.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_counted_in_characters_after_trimming() {
        assert_eq!(checked("  ", 1..=5), Err(TextError::Length(1, 5)));
        assert_eq!(checked(" éé ", 1..=2).unwrap(), "éé");
        assert_eq!(checked("a\u{7}", 0..=5), Err(TextError::ControlCharacter));
    }

    #[test]
    fn colours_have_six_digits() {
        assert_eq!(color("#4F6BED").unwrap(), "#4f6bed");
        for wrong in ["", "4f6bed", "#4f6be", "#4f6bedd", "#4f6beg", "#é6bed"] {
            assert_eq!(color(wrong), None, "{wrong}");
        }
    }
}
