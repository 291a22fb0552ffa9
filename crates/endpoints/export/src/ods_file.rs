//! ODS: the same sheet for LibreOffice and its kin.

use icu_locale_core::locale;
use spreadsheet_ods::text::{TextP, TextS, TextTag};
use spreadsheet_ods::{OdsError, Sheet, Value, WorkBook, write_ods_buf};

use crate::xml_text::xml_text;
use crate::{COLUMNS, Line};

/// The type of the file.
pub const CONTENT_TYPE: &str = "application/vnd.oasis.opendocument.spreadsheet";

/// The file.
///
/// # Errors
/// None that is known: it is written to memory.
pub fn file(lines: &[Line]) -> Result<Vec<u8>, OdsError> {
    let mut book = WorkBook::new(locale!("en-US"));
    let mut sheet = Sheet::new("Time");
    for (column, name) in (0..).zip(COLUMNS) {
        sheet.set_value(0, column, name);
    }
    for (row, line) in (1..).zip(lines) {
        sheet.set_value(row, 0, line.start.naive_local());
        sheet.set_value(row, 1, line.end.naive_local());
        for (column, text) in (2..).zip(line.texts()) {
            sheet.set_value(row, column, value(text));
        }
        sheet.set_value(row, 9, line.billable);
        sheet.set_value(row, 10, line.seconds);
        sheet.set_value(row, 11, line.rounded_seconds);
        if let Some(amount) = line.amount {
            sheet.set_value(row, 12, amount);
        }
        sheet.set_value(row, 13, value(&line.currency));
    }
    book.push_sheet(sheet);
    write_ods_buf(&mut book, Vec::new())
}

/// A text as it was typed: ODF collapses spaces, except where it has elements for them. A tab stays as it is, since
/// LibreOffice drops the element for one.
fn value(text: &str) -> Value {
    let text = xml_text(text);
    let collapses = |line: &str| line.contains("  ") || line.trim_matches(' ') != line;
    match text.split('\n').any(collapses) {
        true => Value::TextXml(text.split('\n').map(paragraph).collect()),
        false => Value::Text(text),
    }
}

/// A line with an element for each of its spaces.
fn paragraph(line: &str) -> TextTag {
    let mut words = line.split(' ');
    let first = TextP::new().text(words.next().unwrap_or_default());
    words.fold(first, |paragraph, word| paragraph.tag(TextS::new()).text(word)).into_xmltag()
}
