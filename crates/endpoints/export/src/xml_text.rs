//! Text for the formats that are XML.

/// A text that XML 1.0 can hold: what it forbids becomes U+FFFD, and a line break is one LF however it was typed, since
/// a bare CR would be read as a second one.
pub(crate) fn xml_text(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    text.chars().map(|char| if is_allowed(char) { char } else { char::REPLACEMENT_CHARACTER }).collect()
}

/// `Char` of XML 1.0, section 2.2, without the CR that is gone by now.
fn is_allowed(char: char) -> bool {
    matches!(char, '\t' | '\n' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}
