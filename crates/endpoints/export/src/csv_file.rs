//! CSV (RFC 4180), some lines at a time.

use crate::{COLUMNS, Line};

/// The type of the file.
pub const CONTENT_TYPE: &str = "text/csv; charset=utf-8";

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
    record.extend(line.texts().map(harmless));
    record.extend([
        line.billable.to_string(),
        line.seconds.to_string(),
        line.rounded_seconds.to_string(),
        line.amount.map(|amount| amount.to_string()).unwrap_or_default(),
        harmless(&line.currency),
    ]);
    record
}

/// A text that a spreadsheet takes for no formula: whoever tracks time must not reach into the sheet of who reads it.
fn harmless(text: &str) -> String {
    match text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        true => format!("'{text}"),
        false => text.to_owned(),
    }
}

fn written(
    write: impl FnOnce(&mut csv::Writer<Vec<u8>>) -> Result<(), csv::Error>,
) -> Result<String, csv::Error> {
    let mut file = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    write(&mut file)?;
    let bytes =
        file.into_inner().map_err(|error| csv::Error::from(std::io::Error::other(error.to_string())))?;
    String::from_utf8(bytes).map_err(|error| csv::Error::from(std::io::Error::other(error)))
}
