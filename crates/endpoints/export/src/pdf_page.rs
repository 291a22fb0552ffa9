//! Text on a page: a font that is measured, so that what does not fit is cut.

use krilla::geom::Point;
use krilla::surface::Surface;
use krilla::text::{Font, GlyphId, KrillaGlyph};
use skrifa::instance::{LocationRef, Size};
use skrifa::{FontRef, MetadataProvider as _};

/// A font of the file.
pub(crate) struct Face {
    font: Font,
    measures: FontRef<'static>,
}

impl Face {
    /// A font by its bytes; none where they are no font.
    pub(crate) fn new(bytes: &'static [u8]) -> Option<Self> {
        let font = Font::new(bytes.to_vec().into(), 0)?;
        Some(Self { font, measures: FontRef::new(bytes).ok()? })
    }

    /// Write `text` from the baseline `x`, `y` on; what is wider than `width` ends with an ellipsis. Lengths are in
    /// points.
    pub(crate) fn write(&self, surface: &mut Surface, text: &str, size: f32, (x, y): (f32, f32), width: f32) {
        let text = self.fitting(text, size, width);
        let glyphs: Vec<_> = self
            .glyphs(&text)
            .map(|(place, glyph, advance)| {
                let letter = text[place..].chars().next().map_or(0, char::len_utf8);
                KrillaGlyph::new(GlyphId::new(glyph), advance, 0.0, 0.0, 0.0, place..place + letter, None)
            })
            .collect();
        surface.draw_glyphs(Point::from_xy(x, y), &glyphs, self.font.clone(), &text, size, false);
    }

    /// The same, ending at `x`.
    pub(crate) fn write_to(
        &self,
        surface: &mut Surface,
        text: &str,
        size: f32,
        (x, y): (f32, f32),
        width: f32,
    ) {
        let own = self.width(text, size).min(width);
        self.write(surface, text, size, (x - own, y), width);
    }

    fn width(&self, text: &str, size: f32) -> f32 {
        self.glyphs(text).map(|(_, _, advance)| advance * size).sum()
    }

    fn fitting(&self, text: &str, size: f32, width: f32) -> String {
        // A line break or a tab is no sign that a font has.
        let text: String = text.chars().map(|sign| if sign.is_control() { ' ' } else { sign }).collect();
        let ellipsis = self.width("…", size);
        let (mut end, mut used) = (0, 0.0);
        for (place, _, advance) in self.glyphs(&text) {
            if used + ellipsis <= width {
                end = place;
            }
            used += advance * size;
            if used > width + 0.01 {
                return format!("{}…", text[..end].trim_end());
            }
        }
        text
    }

    /// Each sign's place, glyph and advance in ems. A sign that the font lacks is a question mark.
    fn glyphs<'a>(&'a self, text: &'a str) -> impl Iterator<Item = (usize, u32, f32)> + 'a {
        let letters = self.measures.charmap();
        let advances = self.measures.glyph_metrics(Size::new(1.0), LocationRef::default());
        let unknown = letters.map('?').unwrap_or_default();
        text.char_indices().map(move |(place, sign)| {
            let glyph = letters.map(sign).unwrap_or(unknown);
            (place, glyph.to_u32(), advances.advance_width(glyph).unwrap_or(0.0))
        })
    }
}
