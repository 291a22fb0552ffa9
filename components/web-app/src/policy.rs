//! What a page may load and do: the Content-Security-Policy of each.

/// Of the app: nothing but our own files, nothing inline, no frame. Pictures may be `data:` for the icon that shows the
/// running time.
const APP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
    connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; \
    frame-ancestors 'none'";

/// Of the API's documentation: Swagger UI writes styles and pictures into the page.
const DOCS: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
    font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// Of the service worker, which has a policy of its own: it fetches our own files, and does nothing else.
const WORKER: &str = "default-src 'none'; connect-src 'self'";

/// Of everything else: it is read, and does nothing.
pub(crate) const NOTHING: &str =
    "default-src 'none'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The policy of the file at this place.
pub(crate) fn of(place: &str) -> &'static str {
    if place == "/site/sw.js" {
        return WORKER;
    }
    if !place.ends_with(".html") {
        return NOTHING;
    }
    match place.strip_prefix("/site/") {
        Some(file) if file.starts_with("docs/") => DOCS,
        Some(_) => APP,
        None => NOTHING,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_documentation_may_write_styles_and_nothing_may_write_scripts() {
        assert_eq!(of("/site/index.html"), APP);
        assert_eq!(of("/site/docs/oauth2-redirect.html"), DOCS);
        assert_eq!(of("/openapi/problems/stale.html"), NOTHING);
        assert_eq!(of("/site/icon.svg"), NOTHING);
        assert_eq!(of("/site/assets/sw.js"), NOTHING);
        assert_eq!(of("/site/sw.js"), WORKER);
        assert!(WORKER.starts_with("default-src 'none'") && !WORKER.contains("script-src"));
        for policy in [APP, DOCS, NOTHING] {
            assert!(policy.starts_with("default-src 'none'"));
            assert!(policy.contains("frame-ancestors 'none'"));
            assert!(!policy.contains("script-src 'self' 'unsafe-inline'") && !policy.contains("unsafe-eval"));
            assert!(!policy.contains("http") && !policy.contains('*'));
        }
        assert!(!APP.contains("unsafe"));
    }
}
