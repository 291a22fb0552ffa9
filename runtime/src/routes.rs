//! Which component answers a path, and what Spin tells it about the match in headers. The matching itself is
//! `routefinder`'s, which Spin uses too, so that precedence is the same.

use std::net::SocketAddr;

use anyhow::{Result, anyhow};
use http::header::{CONNECTION, HOST};
use http::uri::Scheme;
use http::{HeaderMap, HeaderName, HeaderValue, Uri};

use crate::manifest::HttpTrigger;

/// Paths that the runtime answers itself.
pub const RESERVED: &str = "/.well-known/spin/";

/// All routes of the application.
pub struct Routes(routefinder::Router<Route>);

#[derive(Debug, Clone)]
struct Route {
    component: String,
    /// As in the manifest.
    raw: String,
    /// With its leading and without its trailing slash.
    full: String,
}

/// A path that a route matched.
#[derive(Debug, PartialEq, Eq)]
pub struct Matched {
    /// The component that answers.
    pub component: String,
    raw: String,
    full: String,
    rest: String,
    named: Vec<(String, String)>,
}

impl Routes {
    /// From the manifest's triggers.
    ///
    /// # Errors
    /// A route that is not of the form, given twice, or reserved for the runtime.
    pub fn new(triggers: &[HttpTrigger]) -> Result<Self> {
        let mut router = routefinder::Router::new();
        let mut seen = std::collections::BTreeSet::new();
        for trigger in triggers {
            let raw = &trigger.route;
            let full = format!("/{}", raw.strip_prefix('/').unwrap_or(raw));
            let full = full.strip_suffix('/').unwrap_or(&full).to_owned();
            if full.starts_with(RESERVED) {
                return Err(anyhow!("route {raw:?}: paths under {RESERVED} are the runtime's own"));
            }
            if !seen.insert(full.clone()) {
                return Err(anyhow!("route {raw:?} is given twice"));
            }
            let pattern =
                full.strip_suffix("/...").map_or_else(|| full.clone(), |prefix| format!("{prefix}/*"));
            let route = Route { component: trigger.component.clone(), raw: raw.clone(), full };
            router.add(pattern.as_str(), route).map_err(|error| anyhow!("route {raw:?}: {error}"))?;
        }
        Ok(Self(router))
    }

    /// The best match for `path`.
    pub fn find(&self, path: &str) -> Option<Matched> {
        let best = self.0.best_match(path)?;
        let captures = best.captures();
        let route = best.handler();
        let rest =
            captures.wildcard().map_or(String::new(), |rest| match (rest.is_empty(), path.ends_with('/')) {
                (true, false) => String::new(),
                (true, true) => "/".to_owned(),
                (false, false) => format!("/{rest}"),
                (false, true) => format!("/{rest}/"),
            });
        Some(Matched {
            component: route.component.clone(),
            raw: route.raw.clone(),
            full: route.full.clone(),
            rest,
            named: captures.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        })
    }
}

impl Matched {
    /// The route as in the manifest, for logs.
    pub fn route(&self) -> &str {
        &self.raw
    }

    /// Put Spin's headers into a request, over whatever a client sent under their names, and take out what is
    /// meant for the server only.
    ///
    /// # Errors
    /// A path that no header can carry.
    pub fn put_headers(&self, headers: &mut HeaderMap, uri: &Uri, client: SocketAddr) -> Result<()> {
        headers.remove(CONNECTION);
        let host = headers.get(HOST).map_or("localhost", |host| host.to_str().unwrap_or("localhost"));
        let scheme = uri.scheme_str().unwrap_or("http");
        let path = uri.path_and_query().map_or("/", |path| path.as_str());
        let fixed = [
            ("spin-path-info", self.rest.clone()),
            ("spin-full-url", format!("{scheme}://{host}{path}")),
            ("spin-matched-route", self.full.clone()),
            ("spin-base-path", "/".to_owned()),
            ("spin-raw-component-route", self.raw.clone()),
            ("spin-component-route", self.raw.strip_suffix("/...").unwrap_or(&self.raw).to_owned()),
            ("spin-client-addr", client.to_string()),
        ];
        // A client must not be able to pass a match off as the router's.
        let claimed: Vec<HeaderName> =
            headers.keys().filter(|name| name.as_str().starts_with("spin-path-match-")).cloned().collect();
        for name in claimed {
            headers.remove(name);
        }
        for (name, value) in fixed {
            headers.insert(HeaderName::from_static(name), HeaderValue::from_str(&value)?);
        }
        for (name, value) in &self.named {
            let name = format!("spin-path-match-{}", name.replace('_', "-").to_ascii_lowercase());
            headers.insert(HeaderName::try_from(name)?, HeaderValue::from_str(value)?);
        }
        Ok(())
    }
}

/// Give `uri` the scheme and the authority that the `Host` header names.
///
/// # Errors
/// No authority at all, or two different ones.
pub fn absolute(uri: &Uri, headers: &HeaderMap) -> Result<Uri> {
    let mut parts = uri.clone().into_parts();
    let named = headers
        .get(HOST)
        .map(|host| -> Result<http::uri::Authority> { Ok(host.to_str()?.parse()?) })
        .transpose()
        .map_err(|_| anyhow!("the Host header is no authority"))?;
    parts.authority = match (named, parts.authority) {
        (Some(named), Some(given)) if named != given => {
            return Err(anyhow!("the Host header differs from the request's authority"));
        }
        (Some(authority), _) | (None, Some(authority)) => Some(authority),
        (None, None) => return Err(anyhow!("no Host header")),
    };
    parts.scheme = Some(Scheme::HTTP);
    Ok(Uri::from_parts(parts)?)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn routes(of: &[&str]) -> Routes {
        let triggers: Vec<_> = of.iter().map(|route| trigger(route, route)).collect();
        Routes::new(&triggers).unwrap()
    }

    fn trigger(route: &str, component: &str) -> HttpTrigger {
        let component = component.to_owned();
        HttpTrigger { id: None, route: route.to_owned(), component, dependencies: Default::default() }
    }

    fn component(routes: &Routes, path: &str) -> String {
        routes.find(path).map_or("none".to_owned(), |matched| matched.component)
    }

    #[test]
    fn exact_before_named_before_wildcard() {
        let routes = routes(&["/...", "/a/...", "/a/:id", "/a/b", "/a"]);
        for (path, expected) in [
            ("/", "/..."),
            ("/x/y", "/..."),
            ("/a", "/a"),
            ("/a/", "/a"),
            ("/a/b", "/a/b"),
            ("/a/c", "/a/:id"),
            ("/a/c/d", "/a/..."),
        ] {
            assert_eq!(component(&routes, path), expected, "{path}");
        }
    }

    #[test]
    fn no_route_no_match() {
        assert_eq!(component(&routes(&["/a", "/b/:id"]), "/b"), "none");
    }

    #[test]
    fn twice_or_reserved_is_refused() {
        assert!(Routes::new(&[trigger("/a", "c"), trigger("/a/", "d")]).is_err());
        assert!(Routes::new(&[trigger("/.well-known/spin/health", "c")]).is_err());
    }

    #[test]
    fn a_client_cannot_claim_a_match() {
        let mut headers = HeaderMap::new();
        headers.insert("spin-path-match-owner", HeaderValue::from_static("me"));
        headers.insert("spin-path-info", HeaderValue::from_static("/evil"));
        let matched = routes(&["/a/:id"]).find("/a/7").unwrap();
        matched
            .put_headers(&mut headers, &"http://h/a/7".parse().unwrap(), "127.0.0.1:1".parse().unwrap())
            .unwrap();
        assert_eq!(headers.get("spin-path-match-owner"), None);
        assert_eq!(headers["spin-path-match-id"], "7");
        assert_eq!(headers["spin-path-info"], "");
    }
}
