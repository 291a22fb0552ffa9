//! CSV (RFC 4180), some lines at a time.

use crate::{COLUMNS, Line};

/// The type of the file.
pub const CONTENT_TYPE: &str = "text/csv; charset=utf-8";

/// What tells Excel that the file is UTF-8.
pub const BOM: &str = "\u{feff}";

/// What begins a formula. Excel in East Asian languages takes the full-width forms for the same.
const FORMULA_SIGNS: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];
/// Where a spreadsheet that is not set to the comma ends a cell or a row: it does not know the quotes within a cell.
const CELL_ENDS: [char; 4] = [';', '\t', '\r', '\n'];

/// The line with the columns' names.
///
/// # Errors
/// None that is known: it is written to memory.
pub fn header() -> Result<String, csv::Error> {
    written(|file| file.write_record(COLUMNS))
}

/// These lines. Files are put together of them.
///
/// # Errors
/// None that is known: they are written to memory.
pub fn lines(lines: &[Line]) -> Result<String, csv::Error> {
    written(|file| lines.iter().try_for_each(|line| file.write_record(record(line))))
}

fn record(line: &Line) -> Vec<String> {
    let mut record = vec![line.start.to_rfc3339(), line.end.to_rfc3339()];
    record.extend(line.texts().map(unambiguous));
    record.extend([
        line.billable.to_string(),
        line.seconds.to_string(),
        line.rounded_seconds.to_string(),
        line.amount.map(|amount| amount.to_string()).unwrap_or_default(),
        unambiguous(&line.currency),
    ]);
    record
}

/// A text that no spreadsheet takes for a formula: whoever tracks time must not reach into the sheet of whoever reads it.
/// An apostrophe goes before a sign that begins a formula, and before one after a character at which a spreadsheet that is
/// set to another separator than the comma begins a cell. One that was there before gets a second one, so that
/// readers can take off exactly what was added.
pub fn unambiguous(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for (index, cell) in text.split_inclusive(CELL_ENDS).enumerate() {
        let content = cell.trim_start_matches(is_skipped);
        if content.starts_with(FORMULA_SIGNS) || index == 0 && content.starts_with(['\t', '\r', '\n']) {
            safe.push('\'');
        }
        safe.push_str(cell);
    }
    safe
}

/// What spreadsheets may skip before they look for a formula, and the apostrophes of this module.
fn is_skipped(char: char) -> bool {
    !CELL_ENDS.contains(&char) && (char.is_whitespace() || char.is_control() || matches!(char, '"' | '\''))
}

fn written(
    write: impl FnOnce(&mut csv::Writer<Vec<u8>>) -> Result<(), csv::Error>,
) -> Result<String, csv::Error> {
    let mut file = csv::WriterBuilder::new()
        // A spreadsheet set to commas and semicolons must not split a cell at the latter.
        .quote_style(csv::QuoteStyle::Always)
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    write(&mut file)?;
    let bytes =
        file.into_inner().map_err(|error| csv::Error::from(std::io::Error::other(error.to_string())))?;
    String::from_utf8(bytes).map_err(|error| csv::Error::from(std::io::Error::other(error)))
}
