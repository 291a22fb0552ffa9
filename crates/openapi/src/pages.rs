//! What is made of the code and checked in: the document, and a page for each type of problem.

use api::ProblemType;

use crate::document;

/// A file, by its path from the root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Where it is.
    pub path: String,
    /// All of it.
    pub content: String,
}

/// All files that are made.
pub fn pages() -> Vec<Page> {
    let document = serde_json::to_string_pretty(&document()).unwrap_or_default() + "\n";
    let mut pages = vec![
        Page { path: "openapi/timetracker.json".to_owned(), content: document },
        Page { path: "docs/problems.md".to_owned(), content: overview() },
    ];
    pages.extend(
        ProblemType::ALL.iter().map(|kind| Page {
            path: format!("openapi/problems/{}.html", kind.name()),
            content: html(*kind),
        }),
    );
    pages
}

fn overview() -> String {
    let mut text = "# Problems\n\nEvery refusal of the API is `application/problem+json` (RFC 9457). Programs branch on \
        `type`, people read `detail`; `field` names what is to blame, `request_id` finds the request in the logs. The gateway \
        serves this text at `/problems/<name>`. Plain text is left to what is no HTTP (a broken chunk, headers of more than 32 KiB) and \
        to a gateway without the app behind it. (Made by `cargo run -p openapi`; do not edit.)\n"
        .to_owned();
    for kind in ProblemType::ALL {
        let status = kind.status();
        text += &format!(
            "\n## {}\n\n`{}` · {status}\n\n{}. {}\n",
            kind.name(),
            kind.reference(),
            kind.title(),
            kind.advice()
        );
    }
    text
}

fn html(kind: ProblemType) -> String {
    let escape = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n\
         <title>{name} · TimeTracker</title>\n<main>\n<h1>{title}</h1>\n<p><code>{reference}</code> · {status}</p>\n\
         <p>{advice}</p>\n<p><a href=\"/docs\">The API</a></p>\n</main>\n</html>\n",
        name = kind.name(),
        title = escape(kind.title()),
        reference = kind.reference(),
        status = kind.status(),
        advice = escape(kind.advice()),
    )
}
