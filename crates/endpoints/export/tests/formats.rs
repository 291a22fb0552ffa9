//! Each format is read back by a reader of its own.

#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

mod support;

use std::io::Cursor;

use calamine::{Data, DataType as _, Ods, Reader, Xlsx};
use endpoints_export::{COLUMNS, Line, Title, csv_file, ods_file, pdf_file, xlsx_file};
use proptest::prelude::*;
use support::line;

fn records(lines: &[Line]) -> Vec<Vec<String>> {
    let text = csv_file::header().unwrap() + &csv_file::lines(lines).unwrap();
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect()
}

#[test]
fn csv_has_a_line_an_entry_with_its_own_clock() {
    let records = records(&[line("Plan, \"the\"\r\nweek")]);
    assert_eq!(records[0], COLUMNS);
    assert_eq!(
        records[1],
        [
            "2026-05-04T09:00:00+02:00",
            "2026-05-04T10:30:05+02:00",
            "Europe/Zurich",
            "Zoé Müller",
            "Acme, Inc.",
            "Łódź €",
            "",
            "a, b",
            "Plan, \"the\"\r\nweek",
            "true",
            "5405",
            "5400",
            "12345",
            "EUR"
        ]
    );
    assert_eq!(csv_file::lines(&[line("x")]).unwrap().matches("\r\n").count(), 1);
}

#[test]
fn csv_brings_no_formula_into_a_sheet() {
    for (text, expected) in [
        ("=1", "'=1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM", "'@SUM"),
        ("＝1", "'＝1"),
        ("＋1", "'＋1"),
        ("－1", "'－1"),
        ("＠1", "'＠1"),
        ("\t1", "'\t1"),
        ("\r1", "'\r1"),
        ("  =1", "'  =1"),
        ("\u{3000}＝1", "'\u{3000}＝1"),
        ("\"=1", "'\"=1"),
        ("'=1", "''=1"),
        ("a;=1", "a;'=1"),
        ("a; \"=1", "a;' \"=1"),
        ("a\t+1", "a\t'+1"),
        ("a\r\n-1", "a\r\n'-1"),
        ("a;b;@1", "a;b;'@1"),
        // The comma is quoted, and these are none.
        ("a, -1", "a, -1"),
        ("a=b; c-d", "a=b; c-d"),
        ("it's", "it's"),
    ] {
        let mut bad = line(text);
        (bad.user, bad.tags, bad.currency) = (text.to_owned(), text.to_owned(), text.to_owned());
        let record = &records(&[bad])[1];
        for column in [3, 7, 8, 13] {
            assert_eq!(record[column], expected, "{text:?} in {column}");
        }
    }
}

#[test]
fn csv_cells_are_all_quoted() {
    let text = csv_file::header().unwrap() + &csv_file::lines(&[line("a;b")]).unwrap();
    for row in text.lines() {
        let cells = row.strip_prefix('"').and_then(|row| row.strip_suffix('"')).unwrap();
        assert_eq!(cells.split("\",\"").count(), COLUMNS.len(), "{row}");
    }
}

/// A cell as a spreadsheet sees it that splits at something else than the comma.
fn is_harmless(cell: &str) -> bool {
    let signs = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];
    cell.split([';', '\t', '\r', '\n']).all(|part| !part.trim().trim_matches('"').trim().starts_with(signs))
}

/// A cell without what was added, as the documentation of the format says.
fn unguarded(cell: &str) -> String {
    let signs = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];
    let skipped =
        |c: char| !"\t\r\n".contains(c) && (c.is_whitespace() || c.is_control() || c == '"' || c == '\'');
    let parts = cell.split_inclusive([';', '\t', '\r', '\n']).enumerate();
    parts
        .map(|(index, part)| {
            let content = part.trim_start_matches(skipped);
            let guarded = content.starts_with(signs) || index == 0 && content.starts_with(['\t', '\r', '\n']);
            part.strip_prefix('\'').filter(|_| guarded).unwrap_or(part)
        })
        .collect()
}

proptest! {
    #[test]
    fn csv_comes_back_as_it_was(texts in proptest::collection::vec(any::<String>(), 1..8)) {
        let lines: Vec<Line> = texts.iter().map(|text| line(text)).collect();
        let back = records(&lines);
        prop_assert_eq!(back.len(), lines.len() + 1);
        for (record, text) in back[1..].iter().zip(&texts) {
            prop_assert_eq!(&unguarded(&record[8]), text);
            prop_assert_eq!(record.len(), COLUMNS.len());
        }
    }

    #[test]
    fn csv_is_harmless_and_comes_back(text in "[=+@\\-＝＠'\";, \t\r\nab\u{a0}\u{3000}]{0,12}") {
        let cell = &records(&[line(&text)])[1][8];
        prop_assert!(is_harmless(cell), "{cell:?}");
        prop_assert_eq!(unguarded(cell), text);
    }
}

fn check_sheet(rows: &[Vec<Data>]) {
    assert_eq!(rows[0].iter().map(ToString::to_string).collect::<Vec<_>>(), COLUMNS);
    assert_eq!(rows.len(), 3);
    let instant = |cell: &Data| cell.as_datetime().unwrap().to_string();
    assert_eq!(
        (instant(&rows[1][0]), instant(&rows[1][1])),
        ("2026-05-04 09:00:00".to_owned(), "2026-05-04 10:30:05".to_owned())
    );
    let texts: Vec<String> = rows[1][2..9].iter().map(ToString::to_string).collect();
    assert_eq!(
        texts,
        ["Europe/Zurich", "Zoé Müller", "Acme, Inc.", "Łódź €", "", "a, b", "Two\nlines & <b>"]
    );
    assert_eq!(rows[1][9].get_bool(), Some(true));
    let numbers: Vec<_> = rows[1][10..13].iter().map(|cell| cell.as_i64().unwrap()).collect();
    assert_eq!(numbers, [5405, 5400, 12_345]);
    // A text that looks like a formula is one.
    assert_eq!(rows[2][8], Data::String("=1+1".to_owned()));
}

fn rows(range: calamine::Range<Data>) -> Vec<Vec<Data>> {
    range.rows().map(<[Data]>::to_vec).collect()
}

#[test]
fn xlsx_is_read_back() {
    let file = xlsx_file::file(&[line("Two\nlines & <b>"), line("=1+1")]).unwrap();
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(file)).unwrap();
    check_sheet(&rows(book.worksheet_range("Time").unwrap()));
}

#[test]
fn ods_is_read_back() {
    let file = ods_file::file(&[line("Two\nlines & <b>"), line("=1+1")]).unwrap();
    let mut book: Ods<_> = Ods::new(Cursor::new(file)).unwrap();
    check_sheet(&rows(book.worksheet_range("Time").unwrap()));
}

#[test]
fn a_sheet_takes_a_text_that_is_longer_than_a_cell() {
    let long = [line(&"x".repeat(40_000))];
    let mut xlsx: Xlsx<_> = Xlsx::new(Cursor::new(xlsx_file::file(&long).unwrap())).unwrap();
    assert_eq!(xlsx.worksheet_range("Time").unwrap().height(), 2);
    let mut ods: Ods<_> = Ods::new(Cursor::new(ods_file::file(&long).unwrap())).unwrap();
    assert_eq!(ods.worksheet_range("Time").unwrap().height(), 2);
}

fn pdf(lines: &[Line]) -> Vec<String> {
    let title = Title {
        title: "Time report – €".to_owned(),
        filters: vec!["from 2026-05-01".to_owned(), "to 2026-05-31".to_owned()],
    };
    let file = pdf_file::file(&title, lines).unwrap();
    let document = lopdf::Document::load_mem(&file).unwrap();
    let pages = document.get_pages();
    pages.keys().map(|page| document.extract_text(&[*page]).unwrap().replace('\n', " ")).collect()
}

#[test]
fn pdf_has_title_filters_entries_and_totals() {
    let mut unpaid = line("Relire l’été");
    unpaid.billable = false;
    let pages = pdf(&[line("Plan the week"), unpaid]);
    assert_eq!(pages.len(), 1);
    for text in [
        "Time report – €",
        "from 2026-05-01 · to 2026-05-31",
        "Page 1 of 1",
        "Łódź €",
        "Zoé Müller",
        "Relire l’été",
        "2026-05-04",
        "09:00–10:30",
        "1:30:05",
        "2 entries · total 3:00:10 · billable 1:30:05",
    ] {
        assert!(pages[0].contains(text), "{text} is not in {}", pages[0]);
    }
}

#[test]
fn pdf_goes_over_pages_and_cuts_what_is_too_long() {
    let mut lines: Vec<Line> = (0..100).map(|number| line(&format!("Entry {number}."))).collect();
    lines[0].description = format!("Begin {} end", "long ".repeat(100));
    let pages = pdf(&lines);
    assert!(pages[0].contains("Begin long") && !pages[0].contains(" end"), "{}", pages[0]);
    assert!(pages[0].contains('…'));
    for (index, page) in pages.iter().enumerate() {
        assert!(page.contains(&format!("Page {} of {}", index + 1, pages.len())), "{page}");
        assert_eq!(page.contains("100 entries · total 150:08:20"), index + 1 == pages.len());
        assert!(page.contains("Description"), "{page}");
    }
    for number in 1..100 {
        let text = format!("Entry {number}.");
        assert_eq!(pages.iter().filter(|page| page.contains(&text)).count(), 1, "{text}");
    }
}

#[test]
fn pdf_of_any_number_of_lines_has_its_totals_once() {
    for count in 0..110 {
        let pages = pdf(&vec![line("x"); count]);
        let totals = pages.iter().filter(|page| page.contains(" entries · total ")).count();
        assert_eq!(totals, 1, "{count}");
        assert!(pages.last().unwrap().contains(&format!("{count} entries")), "{count}");
    }
}
