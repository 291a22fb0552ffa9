//! Connections as [`crate::Client`] cannot make them: from a chosen address of this computer, and in HTTP/2.

use std::net::Ipv4Addr;
use std::sync::Arc;

use bytes::Bytes;
use http::{Request, StatusCode};
use testkit::required;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

/// TLS to a gateway, speaking `protocol` (`h2`, `http/1.1`).
///
/// # Panics
/// When no connection can be made.
pub async fn connect(url: &str, from: Ipv4Addr, protocol: &str) -> TlsStream<TcpStream> {
    let ca = CertificateDer::from_pem_file(required("TIMETRACKER_TEST_CA")).expect("the CA's certificate");
    let mut roots = RootCertStore::empty();
    roots.add(ca).expect("a certificate");
    let mut config = ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
    config.alpn_protocols = vec![protocol.as_bytes().to_vec()];
    let port = url.rsplit_once(':').and_then(|(_, port)| port.parse().ok()).expect("a URL with a port");
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.bind((from, 0).into()).expect("an address of this computer");
    let stream = socket.connect((Ipv4Addr::LOCALHOST, port).into()).await.expect("the gateway");
    let name = ServerName::try_from("localhost").expect("a name");
    TlsConnector::from(Arc::new(config)).connect(name, stream).await.expect("TLS")
}

/// The status of a GET over a connection of its own; none where the gateway closes it.
pub async fn status(url: &str, from: Ipv4Addr, path: &str) -> Option<u16> {
    let mut stream = connect(url, from, "http/1.1").await;
    let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.ok()?;
    let mut head = [0; 12];
    stream.read_exact(&mut head).await.ok()?;
    std::str::from_utf8(&head[9..]).ok()?.parse().ok()
}

/// Somebody who speaks HTTP/2.
pub struct Http2(h2::client::SendRequest<Bytes>);

impl Http2 {
    /// Connect.
    ///
    /// # Panics
    /// When no connection can be made.
    pub async fn connect(url: &str) -> Self {
        let stream = connect(url, Ipv4Addr::LOCALHOST, "h2").await;
        let (sender, connection) = h2::client::handshake(stream).await.expect("HTTP/2");
        tokio::spawn(connection);
        Self(sender)
    }

    /// Send a request with its body in whole; the status of the answer.
    ///
    /// # Errors
    /// No answer came.
    pub async fn send(&self, request: Request<()>, mut body: Bytes) -> Result<StatusCode, h2::Error> {
        let mut ready = self.0.clone().ready().await?;
        let (answer, mut stream) = ready.send_request(request, false)?;
        stream.reserve_capacity(body.len());
        while !body.is_empty() {
            let room = std::future::poll_fn(|context| stream.poll_capacity(context)).await;
            // Nothing more is wanted: the answer says why.
            let Some(Ok(room)) = room else { break };
            let part = body.split_to(room.min(body.len()));
            if stream.send_data(part, body.is_empty()).is_err() {
                break;
            }
        }
        Ok(answer.await?.status())
    }
}
