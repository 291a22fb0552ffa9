//! `allowed_outbound_hosts`: entries of the form `scheme://host:port`, each part possibly `*`, checked
//! before any outbound connection.

use std::net::IpAddr;
use std::ops::Range;
use std::sync::Arc;

use anyhow::{Context, Result, anyhow, bail, ensure};
use ipnet::IpNet;
use url::{Host, Url};

use crate::manifest::Component;
use crate::variables::Variables;

/// What a component was granted. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct AllowedHosts(Arc<[Entry]>);

#[derive(Debug, Clone)]
struct Entry {
    scheme: Option<String>,
    host: HostRule,
    port: PortRule,
}

#[derive(Debug, Clone)]
enum HostRule {
    Any,
    Itself,
    Exactly(Host),
    Below(String),
    Network(IpNet),
}

#[derive(Debug, Clone)]
enum PortRule {
    Any,
    Within(Range<u32>),
}

impl AllowedHosts {
    /// The grants of `component` with its templates filled; entries that a variable left empty are skipped.
    ///
    /// # Errors
    /// An entry that is not of the form; it is quoted as it stands in the manifest, since variables may be secret.
    pub fn of(component: &Component, variables: &Variables) -> Result<Self> {
        let mut entries = Vec::new();
        for text in &component.allowed_outbound_hosts {
            let filled = variables.fill(text)?;
            if filled != *text && ["", "http://", "https://"].contains(&filled.as_str()) {
                continue;
            }
            ensure!(
                !filled.contains(".spin.internal"),
                "allowed_outbound_hosts: {text:?}: requests from component to component are not served"
            );
            let entry = Entry::parse(&filled)
                .with_context(|| format!("allowed_outbound_hosts: {text:?} is not scheme://host:port"))?;
            entries.push(entry);
        }
        Ok(Self(entries.into()))
    }

    /// Whether connecting to `url` is allowed; where it has no scheme, `scheme` is taken.
    pub fn allow(&self, url: &str, scheme: &str) -> bool {
        let parsed = Url::parse(url)
            .ok()
            .filter(Url::has_host)
            .or_else(|| Url::parse(&format!("{scheme}://{url}")).ok());
        let Some(url) = parsed else { return false };
        // `Url` leaves the host of a scheme it does not know unparsed, so an address would not be one.
        let Some(host) = url.host_str().and_then(|host| Host::parse(host).ok()) else { return false };
        let port = url.port().or_else(|| usual_port(url.scheme()));
        self.0.iter().any(|entry| {
            entry.scheme.as_deref().is_none_or(|scheme| scheme == url.scheme())
                && entry.host.allows(&host)
                && entry.port.allows(port)
        })
    }

    /// Whether the component may send HTTP requests to its own application.
    pub fn allow_itself(&self) -> bool {
        self.0.iter().any(|entry| {
            matches!(entry.host, HostRule::Any | HostRule::Itself)
                && entry.scheme.as_deref().is_none_or(|scheme| ["http", "https"].contains(&scheme))
        })
    }
}

impl Entry {
    fn parse(text: &str) -> Result<Self> {
        let (scheme, rest) = text.trim().split_once("://").ok_or_else(|| anyhow!("no scheme"))?;
        ensure!(
            scheme == "*" || (!scheme.is_empty() && scheme.chars().all(char::is_alphabetic)),
            "the scheme must be letters or *"
        );
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        let (host, port) = match rest.rsplit_once(':') {
            // The colons of an address in brackets are not a port's.
            Some((_, after)) if after.contains(']') => (rest, ""),
            Some((host, port)) => (host, port),
            None => (rest, ""),
        };
        Ok(Self {
            scheme: (scheme != "*").then(|| scheme.to_owned()),
            host: HostRule::parse(host)?,
            port: PortRule::parse(port, scheme)?,
        })
    }
}

impl HostRule {
    fn parse(host: &str) -> Result<Self> {
        if let Some(domain) = host.strip_prefix("*.") {
            ensure!(!domain.contains('*'), "a * is allowed only in front");
            return match Host::parse(domain)? {
                Host::Domain(domain) => Ok(Self::Below(format!(".{domain}"))),
                _ => bail!("after `*.` a domain is needed"),
            };
        }
        Ok(match host {
            "*" => Self::Any,
            "self" | "self.alt" => Self::Itself,
            _ => match host.parse::<IpNet>() {
                Ok(network) => Self::Network(network.trunc()),
                Err(_) => Self::Exactly(Host::parse(host)?),
            },
        })
    }

    fn allows(&self, host: &Host<String>) -> bool {
        match (self, host) {
            (Self::Any, _) => true,
            (Self::Itself, _) => false,
            (Self::Exactly(allowed), host) => allowed == host,
            (Self::Below(suffix), Host::Domain(domain)) => domain.ends_with(suffix),
            (Self::Network(network), Host::Ipv4(address)) => network.contains(&IpAddr::V4(*address)),
            (Self::Network(network), Host::Ipv6(address)) => network.contains(&IpAddr::V6(*address)),
            (Self::Below(_) | Self::Network(_), _) => false,
        }
    }
}

impl PortRule {
    fn parse(port: &str, scheme: &str) -> Result<Self> {
        let single = |port: u16| Self::Within(u32::from(port)..u32::from(port) + 1);
        Ok(match (port, port.split_once("..")) {
            ("", _) => single(usual_port(scheme).ok_or_else(|| anyhow!("{scheme} needs a port"))?),
            ("*", _) => Self::Any,
            (_, Some((from, to))) => Self::Within(from.parse::<u16>()?.into()..to.parse::<u16>()?.into()),
            (port, None) => single(port.parse()?),
        })
    }

    fn allows(&self, port: Option<u16>) -> bool {
        match (self, port) {
            (Self::Any, _) => true,
            (Self::Within(range), Some(port)) => range.contains(&u32::from(port)),
            (Self::Within(_), None) => false,
        }
    }
}

fn usual_port(scheme: &str) -> Option<u16> {
    Some(match scheme {
        "http" => 80,
        "https" => 443,
        "postgres" => 5432,
        "mysql" => 3306,
        "redis" => 6379,
        "mqtt" => 1883,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn allowed(entry: &str) -> AllowedHosts {
        AllowedHosts([Entry::parse(entry).unwrap()].into())
    }

    #[test]
    fn scheme_host_and_port_must_fit() {
        let hosts = allowed("postgres://127.0.0.1:18401");
        assert!(hosts.allow("127.0.0.1:18401", "postgres"));
        for other in
            ["127.0.0.1:18402", "127.0.0.1", "127.0.0.2:18401", "http://127.0.0.1:18401", "localhost:18401"]
        {
            assert!(!hosts.allow(other, "postgres"), "{other}");
        }
    }

    #[test]
    fn usual_ports_are_known() {
        assert!(allowed("https://example.org").allow("https://example.org:443/x", "https"));
        assert!(!allowed("https://example.org").allow("http://example.org", "http"));
        assert!(allowed("postgres://db").allow("db", "postgres"));
    }

    #[test]
    fn wildcards() {
        assert!(allowed("*://*:*").allow("https://a.b:1", "https"));
        assert!(allowed("https://*.example.org").allow("https://a.b.example.org", "https"));
        assert!(!allowed("https://*.example.org").allow("https://example.org", "https"));
        assert!(!allowed("https://*.example.org").allow("https://evilexample.org", "https"));
        assert!(allowed("http://127.0.0.0/8:*").allow("http://127.1.2.3:9", "http"));
        assert!(!allowed("http://*:8000..8002").allow("http://x:8002", "http"));
        assert!(allowed("http://*:8000..8002").allow("http://x:8001", "http"));
        assert!(allowed("http://[::1]:80").allow("http://[::1]/", "http"));
    }

    #[test]
    fn a_user_in_front_does_not_pass_for_the_host() {
        assert!(!allowed("https://good.example").allow("https://good.example@evil.example/", "https"));
    }

    #[test]
    fn only_self_allows_itself() {
        assert!(allowed("http://self").allow_itself());
        assert!(!allowed("http://localhost:80").allow_itself());
        assert!(!allowed("http://self").allow("http://self", "http"));
    }

    #[test]
    fn an_entry_needs_a_scheme_and_no_path() {
        for wrong in ["*", "localhost", "http://a/b", "http://a:b", "h{}://a", "mystery://a"] {
            assert!(Entry::parse(wrong).is_err(), "{wrong}");
        }
    }
}
