//! Whether a server is ready: asked in its own protocol, since an open port alone says little.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context, Result, bail};

const WITHIN: Duration = Duration::from_secs(2);

/// How to ask.
#[derive(Clone, Debug)]
pub enum Probe {
    /// The port accepts a connection.
    Tcp(u16),
    /// `GET path` answers 200.
    Http(u16, String),
    /// PostgreSQL asks for a password (while starting up it answers with an error).
    Postgres(u16),
    /// The broker answers the AMQP 0-9-1 header with Connection.Start.
    Amqp(u16),
}

impl Probe {
    /// True when the server is ready.
    pub fn is_ready(&self) -> bool {
        match self {
            Self::Tcp(port) => connect(*port).is_ok(),
            Self::Http(port, path) => get(*port, path).is_ok_and(|(status, _)| status == 200),
            Self::Postgres(port) => first_byte(*port, &postgres_startup()) == Some(b'R'),
            Self::Amqp(port) => first_byte(*port, b"AMQP\x00\x00\x09\x01") == Some(1),
        }
    }
}

fn connect(port: u16) -> Result<TcpStream> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let stream = TcpStream::connect_timeout(&address, WITHIN)?;
    stream.set_read_timeout(Some(WITHIN))?;
    stream.set_write_timeout(Some(WITHIN))?;
    Ok(stream)
}

fn first_byte(port: u16, greeting: &[u8]) -> Option<u8> {
    let mut stream = connect(port).ok()?;
    stream.write_all(greeting).ok()?;
    let mut byte = [0_u8; 1];
    stream.read_exact(&mut byte).ok()?;
    Some(byte[0])
}

/// StartupMessage of protocol 3.0 for user and database postgres.
fn postgres_startup() -> Vec<u8> {
    let body = b"\x00\x03\x00\x00user\x00postgres\x00database\x00postgres\x00\x00";
    let length = u32::try_from(body.len() + 4).unwrap_or(u32::MAX);
    [&length.to_be_bytes()[..], body].concat()
}

/// `GET` over plain HTTP/1.1 from this computer: status and body.
pub fn get(port: u16, path: &str) -> Result<(u16, String)> {
    let mut stream = connect(port)?;
    // In one write: a server that answers early must not find the rest of the request unread.
    let request = format!("GET {path} HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes())?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    let text = String::from_utf8_lossy(&answer);
    let (head, body) = text.split_once("\r\n\r\n").context("the answer has no end of its headers")?;
    let Some(status) = head.split(' ').nth(1).and_then(|status| status.parse().ok()) else {
        bail!("the answer has no status");
    };
    Ok((status, body.to_string()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::net::TcpListener;

    fn serve_once(answer: &'static [u8]) -> u16 {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = [0_u8; 512];
            let _ = stream.read(&mut request).unwrap();
            stream.write_all(answer).unwrap();
        });
        port
    }

    #[test]
    fn http_is_ready_on_200_only() {
        let ready = serve_once(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        assert!(Probe::Http(ready, "/".into()).is_ready());
        let starting = serve_once(b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n");
        assert!(!Probe::Http(starting, "/".into()).is_ready());
    }

    #[test]
    fn a_postgres_that_is_starting_up_is_not_ready() {
        assert!(Probe::Postgres(serve_once(b"R\x00\x00\x00\x17")).is_ready());
        assert!(!Probe::Postgres(serve_once(b"E\x00\x00\x00\x40SFATAL")).is_ready());
    }

    #[test]
    fn a_closed_port_is_not_ready() {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
        assert!(!Probe::Tcp(port).is_ready());
        assert!(!Probe::Amqp(port).is_ready());
    }
}
