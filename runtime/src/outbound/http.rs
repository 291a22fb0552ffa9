//! Outbound HTTP of a component: `allowed_outbound_hosts` first, then wasmtime's own client; a request
//! without a host, or to `self.alt`, goes to this very application.

use std::net::SocketAddr;

use http::header::HOST;
use http::uri::{Authority, Scheme};
use http::{HeaderValue, Uri};
use http_body_util::BodyExt;
use wasmtime_wasi_http::{Error, RequestOptions, WasiBody, WasiHttpHooks, default_send_request};

use super::hosts::AllowedHosts;

type Done = Box<dyn Future<Output = Result<(), Error>> + Send>;
type Sent = Result<(http::Response<WasiBody>, Done), Error>;

/// The hooks of one instance.
pub struct OutboundHttp {
    allowed: AllowedHosts,
    own_address: SocketAddr,
    component: String,
}

impl OutboundHttp {
    /// For `component`, which may connect to `allowed`; the application listens at `own_address`.
    pub fn new(component: &str, allowed: AllowedHosts, own_address: SocketAddr) -> Self {
        Self { allowed, own_address, component: component.to_owned() }
    }

    /// Allow or refuse, and give a request to the application itself its address.
    fn prepare(&self, request: &mut http::Request<WasiBody>) -> Result<(), Error> {
        let uri = request.uri();
        let to_itself = uri.authority().is_none_or(|authority| ["", "self.alt"].contains(&authority.host()));
        let allowed = match to_itself {
            true => self.allowed.allow_itself(),
            false => self.allowed.allow(&uri.to_string(), "https"),
        };
        if !allowed {
            let target = uri.authority().map_or("self", Authority::as_str).to_owned();
            tracing::warn!(
                component = self.component,
                "outbound request to {:?} refused: not in allowed_outbound_hosts",
                format!("{}://{target}", uri.scheme_str().unwrap_or("http"))
            );
            return Err(Error::HttpRequestDenied);
        }
        if to_itself {
            let authority = self.own_address.to_string();
            let host = HeaderValue::from_str(&authority).map_err(|_| Error::HttpRequestUriInvalid)?;
            let mut parts = std::mem::take(request.uri_mut()).into_parts();
            parts.scheme = Some(Scheme::HTTP);
            parts.authority = Some(authority.parse().map_err(|_| Error::HttpRequestUriInvalid)?);
            parts.path_and_query.get_or_insert_with(|| http::uri::PathAndQuery::from_static("/"));
            *request.uri_mut() = Uri::from_parts(parts).map_err(|_| Error::HttpRequestUriInvalid)?;
            request.headers_mut().insert(HOST, host);
        }
        Ok(())
    }
}

impl WasiHttpHooks for OutboundHttp {
    fn send_request(
        &mut self,
        mut request: http::Request<WasiBody>,
        options: Option<RequestOptions>,
        _response_processed: Done,
    ) -> Box<dyn Future<Output = Sent> + Send> {
        let prepared = self.prepare(&mut request);
        Box::new(async move {
            prepared?;
            let (response, connection) = default_send_request(request, options).await?;
            Ok((response.map(BodyExt::boxed_unsync), Box::new(connection) as Done))
        })
    }
}
