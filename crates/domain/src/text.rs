//! Texts that people type: in one Unicode form, trimmed, bounded, and free of what cannot be printed.

use std::ops::RangeInclusive;

use icu_normalizer::ComposingNormalizerBorrowed;
use icu_properties::CodePointSetData;
use icu_properties::props::DefaultIgnorableCodePoint;

/// A rule that a text breaks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Too short or too long, counted in characters.
    #[error("{0} to {1} characters")]
    Length(usize, usize),
    /// PostgreSQL stores no NUL, and no other control character helps a person.
    #[error("no control characters other than line breaks and tabs")]
    ControlCharacter,
    /// A name is one line, and reads in the order in which it is stored.
    #[error("no control characters, line breaks or characters that change the direction of writing")]
    NotOneLine,
    /// A name that cannot be seen cannot be chosen from a list.
    #[error("at least one visible character")]
    Invisible,
}

/// Normalization Form C (Unicode Standard Annex #15), in which all text is stored and searched: `é` typed as one
/// character or as two is the same text.
pub fn normalized(text: &str) -> String {
    ComposingNormalizerBorrowed::new_nfc().normalize(text).into_owned()
}

/// The text in Normalization Form C, without the white space around it. Line breaks and tabs are allowed.
///
/// # Errors
/// Its number of characters is not in `length`, or it has control characters.
pub fn checked(text: &str, length: RangeInclusive<usize>) -> Result<String, TextError> {
    let text = normalized(text.trim());
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        return Err(TextError::ControlCharacter);
    }
    bounded(text, length)
}

/// The name of something, as [`checked`], of 1 to `longest` characters and in one line.
///
/// # Errors
/// It is too long, nothing of it is visible, or it has characters that break the line or change its direction.
pub fn name(text: &str, longest: usize) -> Result<String, TextError> {
    let text = normalized(text.trim());
    if text.chars().any(breaks_line) {
        return Err(TextError::NotOneLine);
    }
    if !text.is_empty() && text.chars().all(is_invisible) {
        return Err(TextError::Invisible);
    }
    bounded(text, 1..=longest)
}

fn bounded(text: String, length: RangeInclusive<usize>) -> Result<String, TextError> {
    match length.contains(&text.chars().count()) {
        true => Ok(text),
        false => Err(TextError::Length(*length.start(), *length.end())),
    }
}

/// Control characters, line and paragraph separators, and the explicit directional embeddings, overrides and isolates
/// of the bidirectional algorithm (Unicode Standard Annex #9, 2). The marks LRM and RLM are no such character: Hebrew
/// and Arabic names need them.
fn breaks_line(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// White space, what a font shows nothing for, and the blank Braille pattern, which is a symbol without dots.
fn is_invisible(c: char) -> bool {
    c.is_whitespace() || c == '\u{2800}' || CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(c)
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
        assert_eq!(name("éé", 1), Err(TextError::Length(1, 1)));
        assert_eq!(name("   ", 9), Err(TextError::Length(1, 9)));
    }

    #[test]
    fn both_spellings_of_an_accent_are_one_text() {
        assert_eq!(checked("Cafe\u{301}", 0..=4).unwrap(), "Café");
        assert_eq!(name("Cafe\u{301}", 4).unwrap(), "Café");
        // Conjoining jamo and the syllable.
        assert_eq!(normalized("\u{1112}\u{1161}\u{11ab}"), "\u{d55c}");
    }

    #[test]
    fn a_name_can_be_seen() {
        for blank in
            ["\u{200b}", "\u{2060}", "\u{feff}", "\u{ad}", "\u{2800}", "\u{3164}", "\u{200b} \u{200e}"]
        {
            assert_eq!(name(blank, 100), Err(TextError::Invisible), "{blank:?}");
        }
        for right in ["x\u{200b}", "👩\u{200d}🔬", "\u{5d0}\u{200e}", "می\u{200c}خواهم"] {
            assert_eq!(name(right, 100).unwrap(), right);
        }
    }

    #[test]
    fn a_name_is_one_line_in_its_own_direction() {
        for wrong in
            ["a\nb", "a\tb", "a\r\nb", "a\u{85}b", "a\u{2028}b", "a\u{202e}b", "a\u{2066}b\u{2069}", "a\0b"]
        {
            assert_eq!(name(wrong, 100), Err(TextError::NotOneLine), "{wrong:?}");
        }
        assert_eq!(checked("a\nb\tc", 0..=9).unwrap(), "a\nb\tc");
    }

    #[test]
    fn colours_have_six_digits() {
        assert_eq!(color("#4F6BED").unwrap(), "#4f6bed");
        for wrong in ["", "4f6bed", "#4f6be", "#4f6bedd", "#4f6beg", "#é6bed"] {
            assert_eq!(color(wrong), None, "{wrong}");
        }
    }
}
