//! From the path of a request to a file of the mounts that spin.toml gives: `/site` is web/dist, `/openapi` is
//! openapi/.

use api::{MAX_BODY, Problem, ProblemType};

/// A file and how it is sent.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct File {
    pub(crate) place: String,
    pub(crate) content_type: &'static str,
    pub(crate) cache: &'static str,
}

/// What a path names.
#[derive(Debug, PartialEq)]
pub(crate) enum Found {
    /// This file, if it is there.
    File(File),
    /// What the gateway says where it refuses by itself: `errors` in traefik/dynamic/middlewares.yml asks for it.
    Refusal(Problem),
    /// Nothing, whatever files there are.
    Nothing,
}

pub(crate) fn is_api(path: &str) -> bool {
    path == "/api" || path.starts_with("/api/")
}

/// The app's own page is found at paths that the app routes itself, but not in the place of a file that is not
/// there: a missing script must not be answered with HTML.
pub(crate) fn find(path: &str) -> Found {
    let relative = path.trim_start_matches('/');
    if relative.split('/').any(|part| part == "..") || relative.contains('\\') {
        return Found::Nothing;
    }
    if relative == "api/v1/openapi.json" {
        return file("/openapi/timetracker.json".to_owned());
    }
    if let Some(status) = relative.strip_prefix("api/gateway/") {
        return refusal(status).map_or(Found::Nothing, Found::Refusal);
    }
    if is_api(path) {
        return Found::Nothing;
    }
    if let Some(name) = relative.strip_prefix("problems/") {
        let is_name =
            !name.is_empty() && name.bytes().all(|sign| sign.is_ascii_alphanumeric() || sign == b'-');
        return if is_name { file(format!("/openapi/problems/{name}.html")) } else { Found::Nothing };
    }
    let last = relative.rsplit('/').next().unwrap_or_default();
    match relative {
        "docs" | "docs/" => file("/site/docs/index.html".to_owned()),
        _ if last.contains('.') => file(format!("/site/{relative}")),
        _ => file("/site/index.html".to_owned()),
    }
}

/// Of a write it is not known whether it was done.
const NO_ANSWER: &str = "No answer came in time. Send it again, a write with the same `Idempotency-Key`.";

fn refusal(status: &str) -> Option<Problem> {
    Some(match status {
        "413" => Problem::new(ProblemType::BodyTooLarge, format!("At most {MAX_BODY} bytes.")),
        "429" => ProblemType::TooManyRequests.into(),
        "503" => Problem::new(ProblemType::Unavailable, NO_ANSWER),
        _ => return None,
    })
}

fn file(place: String) -> Found {
    let cache = match place.starts_with("/site/assets/") {
        // Vite names them by their content.
        true => "public, max-age=31536000, immutable",
        false => "no-cache",
    };
    Found::File(File { content_type: content_type(&place), cache, place })
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(path: &str) -> Option<String> {
        match find(path) {
            Found::File(file) => Some(file.place),
            Found::Refusal(_) | Found::Nothing => None,
        }
    }

    #[test]
    fn every_kind_of_path_has_its_file() {
        for (path, expected) in [
            ("/", "/site/index.html"),
            ("/week/2026-W07", "/site/index.html"),
            ("/icon.svg", "/site/icon.svg"),
            ("/sw.js", "/site/sw.js"),
            ("/assets/index-1.js", "/site/assets/index-1.js"),
            ("/docs", "/site/docs/index.html"),
            ("/docs/", "/site/docs/index.html"),
            ("/docs/oauth2-redirect.html", "/site/docs/oauth2-redirect.html"),
            ("/api/v1/openapi.json", "/openapi/timetracker.json"),
            ("/problems/not-found", "/openapi/problems/not-found.html"),
            ("/projects", "/site/index.html"),
            ("/openapi/timetracker.json", "/site/openapi/timetracker.json"),
        ] {
            assert_eq!(place(path).as_deref(), Some(expected), "{path}");
        }
    }

    #[test]
    fn the_gateways_refusals_are_problems_of_the_api() {
        for (status, kind) in [
            ("413", ProblemType::BodyTooLarge),
            ("429", ProblemType::TooManyRequests),
            ("503", ProblemType::Unavailable),
        ] {
            let found = find(&format!("/api/gateway/{status}"));
            assert!(matches!(found, Found::Refusal(problem) if problem.kind == kind), "{status}");
            assert_eq!(kind.status().as_str(), status);
        }
        assert_eq!(find("/api/gateway/200"), Found::Nothing);
    }

    #[test]
    fn nothing_outside_the_mounts_is_named() {
        for path in [
            "/api",
            "/api/v1/nothing",
            "/../openapi/timetracker.json",
            "/assets/../../x.js",
            "/assets\\..\\x.js",
            "/problems/",
            "/problems/a/b",
            "/problems/x.html",
            "/problems/%2e%2e",
        ] {
            assert_eq!(place(path), None, "{path}");
        }
    }

    #[test]
    fn browsers_learn_what_a_file_is() {
        for (path, expected) in [
            ("/", "text/html; charset=utf-8"),
            ("/sw.js", "text/javascript; charset=utf-8"),
            ("/manifest.webmanifest", "application/manifest+json"),
            ("/icon-512.png", "image/png"),
        ] {
            assert!(matches!(find(path), Found::File(file) if file.content_type == expected), "{path}");
        }
    }

    #[test]
    fn only_what_is_named_by_its_content_is_kept_for_ever() {
        let cache = |path| match find(path) {
            Found::File(file) => file.cache,
            Found::Refusal(_) | Found::Nothing => "nothing",
        };
        assert!(cache("/assets/index-1.js").contains("immutable"));
        assert_eq!(cache("/docs"), "no-cache");
        // A newer service worker has to be found.
        assert_eq!(cache("/sw.js"), "no-cache");
        assert_eq!(cache("/api/v1/openapi.json"), "no-cache");
    }
}
