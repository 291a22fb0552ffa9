//! PDF: what one hands to a client. Title, filters, a table over as many pages as it takes, and totals.

use krilla::Document;
use krilla::color::rgb;
use krilla::geom::{PathBuilder, Rect};
use krilla::metadata::Metadata;
use krilla::page::PageSettings;
use krilla::paint::Fill;
use krilla::surface::Surface;

use crate::line::clock;
use crate::pdf_page::Face;
use crate::{Line, Title, Totals};

/// The type of the file.
pub const CONTENT_TYPE: &str = "application/pdf";

/// A4, landscape, in points.
const PAGE: (f32, f32) = (842.0, 595.0);
const MARGIN: f32 = 36.0;
const BODY: f32 = 8.0;
const LINE: f32 = 14.0;
/// Where the first page's table begins, and all others'.
const FIRST_TOP: f32 = 96.0;
const TOP: f32 = 48.0;
/// Where the table ends at the latest; the page's number is below.
const BOTTOM: f32 = 553.0;
const GAP: f32 = 6.0;

/// Heading and width of each column; the last one is written to the right. Together as wide as the page.
const TABLE: [(&str, f32); 9] = [
    ("Day", 52.0),
    ("Time", 66.0),
    ("Person", 80.0),
    ("Client", 80.0),
    ("Project", 90.0),
    ("Task", 80.0),
    ("Tags", 80.0),
    ("Description", 190.0),
    ("Hours", 52.0),
];

/// The file.
///
/// # Errors
/// What it would break, as the writer tells it.
pub fn file(title: &Title, lines: &[Line]) -> Result<Vec<u8>, String> {
    let fonts = Fonts::new().ok_or("the fonts cannot be read")?;
    let pages = pages(lines);
    let mut document = Document::new();
    document.set_metadata(Metadata::new().title(title.title.clone()));
    for (index, lines_here) in pages.iter().enumerate() {
        let settings = PageSettings::from_wh(PAGE.0, PAGE.1).ok_or("no such page")?;
        let mut page = document.start_page_with(settings);
        let mut surface = page.surface();
        let mut y = TOP;
        if index == 0 {
            fonts.heading(&mut surface, title);
            y = FIRST_TOP;
        }
        y = fonts.table(&mut surface, y, lines_here);
        if index + 1 == pages.len() {
            fonts.totals(&mut surface, y, &Totals::of(lines));
        }
        let number = format!("Page {} of {}", index + 1, pages.len());
        fonts.plain.write_to(&mut surface, &number, BODY, (PAGE.0 - MARGIN, PAGE.1 - 22.0), 200.0);
        surface.finish();
        page.finish();
    }
    document.finish().map_err(|error| format!("{error:?}"))
}

/// The lines of each page. There is a page where there is nothing, and room for the totals on the last one.
fn pages(lines: &[Line]) -> Vec<&[Line]> {
    let room = |top: f32| ((BOTTOM - top) / LINE) as usize - 1;
    let mut pages = Vec::new();
    let (mut rest, mut here) = (lines, room(FIRST_TOP));
    while rest.len() > here - 2 {
        let (page, after) = rest.split_at(here.min(rest.len()));
        pages.push(page);
        (rest, here) = (after, room(TOP));
    }
    pages.push(rest);
    pages
}

struct Fonts {
    plain: Face,
    bold: Face,
}

impl Fonts {
    fn new() -> Option<Self> {
        Some(Self {
            plain: Face::new(dejavu::sans_condensed::regular())?,
            bold: Face::new(dejavu::sans_condensed::bold())?,
        })
    }

    fn heading(&self, surface: &mut Surface, title: &Title) {
        let width = PAGE.0 - 2.0 * MARGIN;
        self.bold.write(surface, &title.title, 16.0, (MARGIN, 54.0), width);
        self.plain.write(surface, &title.filters.join(" · "), 9.0, (MARGIN, 74.0), width);
    }

    /// The table from `top` on; answers where it ends.
    fn table(&self, surface: &mut Surface, top: f32, lines: &[Line]) -> f32 {
        self.row(surface, &self.bold, top, &TABLE.map(|(name, _)| name.to_owned()));
        rule(surface, top + 4.0);
        let mut y = top;
        for line in lines {
            y += LINE;
            let time = format!("{}–{}", line.start.format("%H:%M"), line.end.format("%H:%M"));
            self.row(
                surface,
                &self.plain,
                y,
                &[
                    line.start.format("%Y-%m-%d").to_string(),
                    time,
                    line.user.clone(),
                    line.client.clone(),
                    line.project.clone(),
                    line.task.clone(),
                    line.tags.clone(),
                    line.description.clone(),
                    clock(line.seconds),
                ],
            );
        }
        y
    }

    fn row(&self, surface: &mut Surface, face: &Face, y: f32, cells: &[String; 9]) {
        let mut x = MARGIN;
        for (index, ((_, width), text)) in TABLE.iter().zip(cells).enumerate() {
            match index + 1 == TABLE.len() {
                true => face.write_to(surface, text, BODY, (x + width, y), *width),
                false => face.write(surface, text, BODY, (x, y), width - GAP),
            }
            x += width;
        }
    }

    fn totals(&self, surface: &mut Surface, y: f32, totals: &Totals) {
        rule(surface, y + 4.0);
        let text = format!(
            "{} entries · total {} · billable {}",
            totals.lines,
            clock(totals.seconds),
            clock(totals.billable_seconds)
        );
        self.bold.write_to(surface, &text, BODY, (PAGE.0 - MARGIN, y + 4.0 + LINE), 400.0);
    }
}

/// A thin grey line over the page's width; what is written after it is black.
fn rule(surface: &mut Surface, y: f32) {
    let paint =
        |shade: u8| Some(Fill { paint: rgb::Color::new(shade, shade, shade).into(), ..Fill::default() });
    if let Some(line) = Rect::from_xywh(MARGIN, y, PAGE.0 - 2.0 * MARGIN, 0.5) {
        let mut path = PathBuilder::new();
        path.push_rect(line);
        surface.set_fill(paint(150));
        if let Some(path) = path.finish() {
            surface.draw_path(&path);
        }
    }
    surface.set_fill(paint(0));
}
