//! The sheets are XML in a ZIP archive: every part of them must be well-formed whatever somebody typed.

#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

mod support;

use std::io::{Cursor, Read as _};
use std::path::Path;
use std::process::Command;

use calamine::{Data, Ods, Reader, Xlsx};
use endpoints_export::{Line, csv_file, ods_file, xlsx_file};
use proptest::prelude::*;
use support::line;

/// The description in its column, in the line after the header.
const DESCRIPTION: (usize, usize) = (1, 8);

/// A strict parser, which refuses every character that XML 1.0 does not allow, reads all parts of the archive.
fn check_archive(file: &[u8]) -> Result<(), String> {
    let mut archive = zip::ZipArchive::new(Cursor::new(file)).unwrap();
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).unwrap();
        let name = part.name().unwrap().into_owned();
        if name.ends_with(".xml") || name.ends_with(".rels") {
            let mut text = String::new();
            part.read_to_string(&mut text).unwrap();
            roxmltree::Document::parse(&text).map_err(|error| format!("{name}: {error}"))?;
        }
    }
    Ok(())
}

/// A line that has the text wherever somebody may type one.
fn everywhere(text: &str) -> Line {
    let text = text.to_owned();
    Line {
        user: text.clone(),
        client: text.clone(),
        project: text.clone(),
        task: text.clone(),
        tags: text.clone(),
        currency: text.clone(),
        ..line(&text)
    }
}

/// The text as a file that is XML keeps it.
fn kept(text: &str) -> String {
    let allowed =
        |c: char| matches!(c, '\t' | '\n' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    text.chars().map(|c| if allowed(c) { c } else { '\u{fffd}' }).collect()
}

fn described(range: calamine::Range<Data>) -> String {
    range.get(DESCRIPTION).map(ToString::to_string).unwrap_or_default()
}

fn ods(text: &str) -> Result<String, String> {
    let file = ods_file::file(&[everywhere(text)]).unwrap();
    check_archive(&file).map_err(|error| format!("ODS {error}"))?;
    let mut book: Ods<_> = Ods::new(Cursor::new(file)).unwrap();
    Ok(described(book.worksheet_range("Time").unwrap()))
}

fn xlsx(text: &str) -> Result<String, String> {
    let file = xlsx_file::file(&[everywhere(text)]).unwrap();
    check_archive(&file).map_err(|error| format!("XLSX {error}"))?;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(file)).unwrap();
    Ok(described(book.worksheet_range("Time").unwrap()))
}

#[test]
fn characters_that_xml_forbids_are_replaced() {
    for text in [
        "a\u{fffe}b",
        "a\u{ffff}b",
        "a\u{1}b\u{b}c\u{c}d\u{1f}",
        "\u{0}",
        "a\u{7f}\u{85}\u{2028}\u{1f600}b",
        "a\t b",
    ] {
        assert_eq!(ods(text), Ok(kept(text)), "{text:?}");
        assert_eq!(xlsx(text), Ok(kept(text)), "{text:?}");
    }
}

#[test]
fn every_line_break_is_one() {
    for text in ["a\r\nb", "a\rb", "a\nb", "a\r\n\r\nb", "a\n\rb"] {
        assert_eq!(ods(text), Ok(kept(text)), "{text:?}");
        assert_eq!(xlsx(text), Ok(kept(text)), "{text:?}");
    }
}

#[test]
fn spaces_and_escapes_stay_as_they_were_typed() {
    for text in ["two  spaces", "  before and after  ", "a\tb", "\t", "&amp; <b> ]]> \"'", "_x0041_"] {
        assert_eq!(ods(text), Ok(text.to_owned()), "{text:?}");
        assert_eq!(xlsx(text), Ok(text.to_owned()), "{text:?}");
    }
}

proptest! {
    #[test]
    fn any_text_makes_well_formed_sheets(text in any::<String>()) {
        prop_assert_eq!(ods(&text), Ok(kept(&text)));
        prop_assert_eq!(xlsx(&text), Ok(kept(&text)));
    }

    #[test]
    fn so_does_text_of_odd_characters(text in "[\u{0}-\u{20}\u{7f}-\u{a0}\u{fdd0}-\u{fdef}\u{fff0}-\u{ffff}<>&'\"_x0-9a]{0,20}") {
        prop_assert_eq!(ods(&text), Ok(kept(&text)));
        prop_assert_eq!(xlsx(&text), Ok(kept(&text)));
    }
}

#[test]
#[ignore = "needs LibreOffice (Debian: libreoffice-calc); cargo test -p endpoints-export --test xml -- --ignored"]
fn libreoffice_opens_what_is_exported() {
    let texts = [
        "a\u{fffe}b\u{1}c",
        "two\r\nlines",
        "two  spaces\tand a tab ",
        "=1+1",
        "x;＝1+1",
        "日本語 🕐 עברית",
        "_x0041_",
    ];
    let lines: Vec<Line> = texts.iter().map(|text| everywhere(text)).collect();
    let csv = csv_file::header().unwrap() + &csv_file::lines(&lines).unwrap();
    for (extension, file) in [
        ("ods", ods_file::file(&lines).unwrap()),
        ("xlsx", xlsx_file::file(&lines).unwrap()),
        ("csv", csv.into_bytes()),
    ] {
        let read = opened(extension, &file);
        let expected: Vec<String> = texts
            .iter()
            .map(|text| match extension {
                "csv" => csv_file::unambiguous(text).replace("\r\n", "\n"),
                _ => kept(text),
            })
            .collect();
        assert_eq!(read, expected, "{extension}");
    }
}

/// The descriptions that LibreOffice finds in a file.
fn opened(extension: &str, file: &[u8]) -> Vec<String> {
    let folder = std::env::temp_dir().join(format!("export-{}-{extension}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let given = folder.join(format!("given.{extension}"));
    std::fs::write(&given, file).unwrap();
    let profile = format!("-env:UserInstallation=file://{}", folder.join("profile").display());
    // Comma, quote, UTF-8, from the first line on.
    let converted = Command::new("soffice")
        .args([
            &profile,
            "--headless",
            "--infilter=CSV:44,34,76,1",
            "--convert-to",
            "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false",
            "--outdir",
        ])
        .args([Path::new("out"), &given])
        .current_dir(&folder)
        .output()
        .expect("LibreOffice is not installed: apt-get install libreoffice-calc");
    let out = std::fs::read(folder.join("out/given.csv"));
    let _ = std::fs::remove_dir_all(&folder);
    let out = out.unwrap_or_else(|_| {
        panic!("LibreOffice did not open it: {}", String::from_utf8_lossy(&converted.stderr))
    });
    let mut records = csv::Reader::from_reader(out.as_slice());
    records.records().map(|record| record.unwrap()[DESCRIPTION.1].to_owned()).collect()
}
