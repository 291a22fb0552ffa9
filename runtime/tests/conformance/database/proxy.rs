//! A TCP proxy in front of PostgreSQL that can play a server which is down, or one that speaks TLS.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring::default_provider;
use url::Url;

pub struct Proxy {
    address: SocketAddr,
    up: Arc<watch::Sender<bool>>,
}

impl Proxy {
    /// In front of the server that `url` names.
    pub async fn start(url: &str) -> Self {
        Self::speaking(url, None).await
    }

    /// As [`Self::start`], but only by TLS, as a server of this name; and the authority that vouches for it, in PEM.
    pub async fn with_tls(url: &str, name: &str) -> (Self, String) {
        let (tls, authority) = certified(name);
        (Self::speaking(url, Some(tls)).await, authority)
    }

    async fn speaking(url: &str, tls: Option<TlsAcceptor>) -> Self {
        let url = Url::parse(url).unwrap();
        let server = format!("{}:{}", url.host_str().unwrap(), url.port().unwrap_or(5432));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let up = Arc::new(watch::Sender::new(true));
        let state = Arc::clone(&up);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let mut state = state.subscribe();
                let (server, tls) = (server.clone(), tls.clone());
                tokio::spawn(async move {
                    if !*state.borrow_and_update() {
                        return;
                    }
                    // Clients go away in the middle where they do not trust the server.
                    let Ok(mut client) = hello(client, tls).await else { return };
                    let mut server = TcpStream::connect(server).await.unwrap();
                    tokio::select! {
                        _ = tokio::io::copy_bidirectional(&mut client, &mut server) => {}
                        _ = state.wait_for(|up| !up) => {}
                    }
                });
            }
        });
        Self { address, up }
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Close all connections and refuse new ones.
    pub fn cut(&self) {
        self.up.send_replace(false);
    }

    pub fn mend(&self) {
        self.up.send_replace(true);
    }
}

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// PostgreSQL's answer to a client that asks for TLS, if this is a server with TLS.
async fn hello(mut client: TcpStream, tls: Option<TlsAcceptor>) -> io::Result<Box<dyn Stream>> {
    let Some(tls) = tls else { return Ok(Box::new(client)) };
    // SSLRequest: its length and its code.
    let mut wish = [0; 8];
    client.read_exact(&mut wish).await?;
    assert_eq!(wish, [0, 0, 0, 8, 4, 210, 22, 47], "a client without TLS");
    client.write_all(b"S").await?;
    Ok(Box::new(tls.accept(client).await?))
}

fn certified(name: &str) -> (TlsAcceptor, String) {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().unwrap();
    let authority = params.self_signed(&key).unwrap();
    let own_key = KeyPair::generate().unwrap();
    let own = CertificateParams::new([name.to_owned()]).unwrap();
    let own = own.signed_by(&own_key, &Issuer::new(params, key)).unwrap();
    let config = ServerConfig::builder_with_provider(default_provider().into());
    let config = config.with_safe_default_protocol_versions().unwrap().with_no_client_auth();
    let config = config.with_single_cert(vec![own.der().clone()], own_key.into()).unwrap();
    (TlsAcceptor::from(Arc::new(config)), authority.pem())
}
