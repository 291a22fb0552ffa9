//! ODS: the same sheet for LibreOffice and its kin.

use icu_locale_core::locale;
use spreadsheet_ods::{OdsError, Sheet, WorkBook, write_ods_buf};

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
            sheet.set_value(row, column, text);
        }
        sheet.set_value(row, 9, line.billable);
        sheet.set_value(row, 10, line.seconds);
        sheet.set_value(row, 11, line.rounded_seconds);
        if let Some(amount) = line.amount {
            sheet.set_value(row, 12, amount);
        }
        sheet.set_value(row, 13, &line.currency);
    }
    book.push_sheet(sheet);
    write_ods_buf(&mut book, Vec::new())
}
