//! From a path to a file of the app.

use std::fs;

/// A file as it is sent.
pub(crate) struct File {
    pub(crate) content: Vec<u8>,
    pub(crate) content_type: &'static str,
    pub(crate) cache: &'static str,
}

/// The file at `path`; the app's own page for paths that the app routes itself; none for a file that is
/// not there, so that a missing script is not answered with HTML.
pub(crate) fn find(path: &str) -> Option<File> {
    let relative = path.trim_start_matches('/');
    if relative.split('/').any(|part| part == "..") || relative.contains('\\') {
        return None;
    }
    let name = relative.rsplit('/').next().unwrap_or_default();
    let relative = if name.contains('.') { relative } else { "index.html" };
    let content = fs::read(format!("/{relative}")).ok()?;
    let cache = match relative.starts_with("assets/") {
        // Vite names them by their content.
        true => "public, max-age=31536000, immutable",
        false => "no-cache",
    };
    Some(File { content, content_type: content_type(relative), cache })
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" | "webmanifest" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
