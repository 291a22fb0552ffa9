//! Which of a file's forms a client gets: the build leaves a `.br` and a `.gz` beside each text file.

/// A form that the build made, in the order in which the smaller ones come first.
const PACKED: [Form; 2] = [Form { name: "br", ending: ".br" }, Form { name: "gzip", ending: ".gz" }];

/// A way to send a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Form {
    /// As `Content-Encoding` names it.
    pub(crate) name: &'static str,
    /// What the file's name ends with.
    pub(crate) ending: &'static str,
}

/// The packed forms that a value of `Accept-Encoding` allows, the best first. The file as it is always goes.
pub(crate) fn accepted(header: &str) -> impl Iterator<Item = Form> {
    PACKED.into_iter().filter(move |form| {
        let named =
            |name: &str| header.split(',').map(weight).find(|(one, _)| one.eq_ignore_ascii_case(name));
        named(form.name).or_else(|| named("*")).is_some_and(|(_, weight)| weight > 0.0)
    })
}

/// A name and its weight: `gzip;q=0.5`. A weight that cannot be read allows nothing.
fn weight(part: &str) -> (&str, f32) {
    let (name, parameters) = part.split_once(';').unwrap_or((part, ""));
    let weight = match parameters.trim().split_once('=') {
        Some(("q" | "Q", value)) => value.trim().parse().unwrap_or(0.0),
        _ => 1.0,
    };
    (name.trim(), weight)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_form_that_is_allowed_comes_first() {
        for (header, expected) in [
            ("gzip, deflate, br, zstd", vec!["br", "gzip"]),
            ("gzip", vec!["gzip"]),
            ("GZIP;q=0.5 , BR ; q=0.1", vec!["br", "gzip"]),
            ("br;q=0, gzip", vec!["gzip"]),
            ("*", vec!["br", "gzip"]),
            ("br;q=0, *", vec!["gzip"]),
            ("gzip;q=x", vec![]),
            ("identity", vec![]),
            ("", vec![]),
        ] {
            let names: Vec<_> = accepted(header).map(|form| form.name).collect();
            assert_eq!(names, expected, "{header:?}");
        }
    }
}
