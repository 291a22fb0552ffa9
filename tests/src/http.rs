//! HTTP as a client of the gateway.

use std::io::Read;
use std::time::Duration;

use serde_json::Value;
use testkit::required;
use ureq::Agent;
use ureq::http::{HeaderMap, Request};
use ureq::tls::{Certificate, RootCerts, TlsConfig};

/// An answer, whatever its status.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// All headers.
    pub headers: HeaderMap,
    /// The body as it came.
    pub text: String,
}

impl Answer {
    /// The body as JSON; null where it is none.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_default()
    }

    /// A header; empty where there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The id of the entry in the body.
    ///
    /// # Panics
    /// When there is none.
    pub fn id(&self) -> String {
        self.json()["id"]
            .as_str()
            .unwrap_or_else(|| panic!("no id: {} {}", self.status, self.text))
            .to_owned()
    }
}

/// Somebody at the gateway; with a token once logged in.
#[derive(Clone)]
pub struct Client {
    pub(crate) agent: Agent,
    base: String,
    token: Option<String>,
}

impl Client {
    /// A stranger who trusts the local CA and follows no redirects.
    ///
    /// # Panics
    /// When the CA cannot be read.
    pub fn stranger() -> Self {
        let pem = std::fs::read(required("TIMETRACKER_TEST_CA")).expect("the CA's certificate");
        let ca = Certificate::from_pem(&pem).expect("a certificate").to_owned();
        let tls = TlsConfig::builder().root_certs(RootCerts::new_with_certs(&[ca])).build();
        Self::at(required("TIMETRACKER_TEST_URL"), Some(tls))
    }

    /// The same client at another gateway of this system.
    pub fn at_gateway(&self, url: &str) -> Self {
        Self { base: url.to_owned(), ..self.clone() }
    }

    /// Somebody who speaks to another address in the clear.
    pub fn plain(base: &str) -> Self {
        Self::at(base.to_owned(), None)
    }

    fn at(base: String, tls: Option<TlsConfig>) -> Self {
        let mut config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_global(Some(Duration::from_secs(40)));
        if let Some(tls) = tls {
            config = config.tls_config(tls);
        }
        Self { agent: config.build().into(), base, token: None }
    }

    /// The same client with this token.
    pub fn with_token(&self, token: &str) -> Self {
        Self { token: Some(token.to_owned()), ..self.clone() }
    }

    /// The access token.
    ///
    /// # Panics
    /// For a stranger.
    pub fn token(&self) -> &str {
        self.token.as_deref().expect("logged in")
    }

    /// The address of a path.
    pub fn url(&self, path: &str) -> String {
        if path.starts_with("http") { path.to_owned() } else { format!("{}{path}", self.base) }
    }

    /// Send a request with these headers beside the token.
    ///
    /// # Panics
    /// When no answer comes.
    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        self.try_send(method, path, headers, body).unwrap_or_else(|error| panic!("{method} {path}: {error}"))
    }

    /// As [`Client::send`], for when an answer may not come.
    ///
    /// # Errors
    /// No answer came.
    pub fn try_send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Result<Answer, ureq::Error> {
        let request = self.request(method, path, headers);
        let response = match body {
            "" => self.agent.run(request.body(())?),
            body => self.agent.run(request.body(body)?),
        }?;
        let (head, mut body) = response.into_parts();
        Ok(Answer {
            status: head.status.as_u16(),
            headers: head.headers,
            text: body.read_to_string().unwrap_or_default(),
        })
    }

    /// GET an answer that goes on: its head, and its body as it comes, for ten minutes at most.
    ///
    /// # Panics
    /// When no answer comes.
    pub fn open(&self, path: &str, headers: &[(&str, &str)]) -> (Answer, impl Read + use<>) {
        let request = self.request("GET", path, headers).body(()).expect("a right request");
        let longer = self.agent.configure_request(request).timeout_global(Some(Duration::from_secs(600)));
        let response = self.agent.run(longer.build()).unwrap_or_else(|error| panic!("GET {path}: {error}"));
        let (head, body) = response.into_parts();
        let head = Answer { status: head.status.as_u16(), headers: head.headers, text: String::new() };
        (head, body.into_reader())
    }

    fn request(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> ureq::http::request::Builder {
        let mut request = Request::builder().method(method).uri(self.url(path));
        if let Some(token) = &self.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        headers.iter().fold(request, |request, (name, value)| request.header(*name, *value))
    }

    /// GET.
    pub fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[], "")
    }

    /// POST JSON.
    pub fn post(&self, path: &str, body: &Value) -> Answer {
        self.send("POST", path, &[("content-type", "application/json")], &body.to_string())
    }

    /// PATCH JSON, whatever version is there.
    pub fn patch(&self, path: &str, body: &Value) -> Answer {
        let headers = [("content-type", "application/json"), ("if-match", "*")];
        self.send("PATCH", path, &headers, &body.to_string())
    }

    /// DELETE, whatever version is there.
    pub fn delete(&self, path: &str) -> Answer {
        self.send("DELETE", path, &[("if-match", "*")], "")
    }
}
