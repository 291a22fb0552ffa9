//! XLSX: a sheet with the entries, for those who go on calculating.

use rust_xlsxwriter::{Format, Workbook, XlsxError};

use crate::xml_text::xml_text;
use crate::{COLUMNS, Line};

/// The type of the file.
pub const CONTENT_TYPE: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// What Excel takes at most in a cell, in characters.
const LONGEST: usize = 32_000;

/// The file.
///
/// # Errors
/// More rows than a sheet has.
pub fn file(lines: &[Line]) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("Time")?;
    let (bold, instant) = (Format::new().set_bold(), Format::new().set_num_format("yyyy-mm-dd hh:mm:ss"));
    for (column, name) in (0..).zip(COLUMNS) {
        sheet.write_with_format(0, column, name, &bold)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    for (column, width) in [(0, 19), (1, 19), (8, 40)] {
        sheet.set_column_width(column, width)?;
    }
    for (row, line) in (1..).zip(lines) {
        sheet.write_with_format(row, 0, &line.start.naive_local(), &instant)?;
        sheet.write_with_format(row, 1, &line.end.naive_local(), &instant)?;
        for (column, text) in (2..).zip(line.texts()) {
            let text: String = xml_text(text).chars().take(LONGEST).collect();
            sheet.write_string(row, column, text)?;
        }
        sheet.write_boolean(row, 9, line.billable)?;
        sheet.write(row, 10, line.seconds)?;
        sheet.write(row, 11, line.rounded_seconds)?;
        if let Some(amount) = line.amount {
            sheet.write(row, 12, amount)?;
        }
        sheet.write_string(row, 13, xml_text(&line.currency))?;
    }
    book.save_to_buffer()
}
