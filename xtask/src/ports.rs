//! The ports of the stack, all on 127.0.0.1, and who holds one that is taken.

use std::fs;
use std::net::{Ipv4Addr, TcpListener};

use anyhow::{Result, bail};

/// One port per listening part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ports {
    /// Traefik, HTTPS: the only address people use.
    pub https: u16,
    /// Traefik, HTTP: redirects to HTTPS.
    pub http: u16,
    /// PostgreSQL.
    pub postgres: u16,
    /// RabbitMQ, AMQP 0-9-1.
    pub amqp: u16,
    /// RabbitMQ, Erlang distribution (rabbitmqctl).
    pub rabbitmq_dist: u16,
    /// Erlang's port mapper.
    pub epmd: u16,
    /// Keycloak, HTTP.
    pub keycloak: u16,
    /// Keycloak, health and metrics.
    pub keycloak_management: u16,
    /// The Spin application.
    pub spin: u16,
    /// The bridge's health and metrics.
    pub bridge: u16,
    /// The reporting consumer's health and metrics.
    pub reporting: u16,
    /// Traefik, ping and metrics.
    pub traefik_admin: u16,
    /// The Spin application's runtime, health and metrics.
    pub spin_admin: u16,
}

/// The variable that moves every port.
pub const OFFSET_VARIABLE: &str = "TIMETRACKER_PORT_OFFSET";

/// The offset that the environment asks for, or `usual`.
pub fn offset_from_environment(usual: u16) -> Result<u16> {
    match std::env::var(OFFSET_VARIABLE) {
        Ok(text) => parse_offset(&text),
        Err(_) => Ok(usual),
    }
}

fn parse_offset(text: &str) -> Result<u16> {
    let largest = u16::MAX - Ports::at(0).spin_admin;
    match text.parse::<u16>() {
        Ok(offset) if offset <= largest => Ok(offset),
        _ => bail!("{OFFSET_VARIABLE} is {text:?}: set it to a number from 0 to {largest}"),
    }
}

impl Ports {
    /// The ports moved up by `offset`, which [`offset_from_environment`] has bounded.
    pub fn at(offset: u16) -> Self {
        Self {
            https: 8443 + offset,
            http: 8080 + offset,
            postgres: 18401 + offset,
            amqp: 18402 + offset,
            rabbitmq_dist: 18403 + offset,
            epmd: 18404 + offset,
            keycloak: 18405 + offset,
            keycloak_management: 18406 + offset,
            spin: 18407 + offset,
            bridge: 18408 + offset,
            reporting: 18409 + offset,
            traefik_admin: 18410 + offset,
            spin_admin: 18411 + offset,
        }
    }

    /// Every port with the name of its service.
    pub fn all(&self) -> [(&'static str, u16); 13] {
        [
            ("traefik (HTTPS)", self.https),
            ("traefik (HTTP)", self.http),
            ("postgres", self.postgres),
            ("rabbitmq (AMQP)", self.amqp),
            ("rabbitmq (distribution)", self.rabbitmq_dist),
            ("epmd", self.epmd),
            ("keycloak", self.keycloak),
            ("keycloak (management)", self.keycloak_management),
            ("spin", self.spin),
            ("bridge", self.bridge),
            ("reporting", self.reporting),
            ("traefik (admin)", self.traefik_admin),
            ("spin (admin)", self.spin_admin),
        ]
    }

    /// Fails with one line per taken port, before anything is built or started.
    pub fn check_free(&self) -> Result<()> {
        let taken: Vec<String> = self
            .all()
            .iter()
            .filter(|(_, port)| is_taken(*port))
            .map(|(name, port)| complaint(name, *port))
            .collect();
        if taken.is_empty() { Ok(()) } else { bail!("{}", taken.join("\n       ")) }
    }
}

fn is_taken(port: u16) -> bool {
    let bound = TcpListener::bind((Ipv4Addr::LOCALHOST, port));
    bound.is_err_and(|error| error.kind() == std::io::ErrorKind::AddrInUse)
}

fn complaint(service: &str, port: u16) -> String {
    let holder = holder(port).unwrap_or_else(|| "a process that cannot be seen from here".into());
    format!(
        "port {port} of {service} is in use by {holder}: end it, or move all ports with {OFFSET_VARIABLE}=100 (any number)"
    )
}

/// "name (pid)" of the process that listens on the port, if /proc shows it to us.
fn holder(port: u16) -> Option<String> {
    let inode = ["/proc/net/tcp", "/proc/net/tcp6"]
        .iter()
        .find_map(|table| listening_inode(&fs::read_to_string(table).ok()?, port))?;
    let wanted = format!("socket:[{inode}]");
    for process in fs::read_dir("/proc").ok()?.flatten() {
        // "self" and "net" are no processes.
        if !process.file_name().to_string_lossy().starts_with(|sign: char| sign.is_ascii_digit()) {
            continue;
        }
        let Ok(descriptors) = fs::read_dir(process.path().join("fd")) else { continue };
        let holds = descriptors
            .flatten()
            .any(|entry| fs::read_link(entry.path()).is_ok_and(|link| link.as_os_str() == wanted.as_str()));
        if holds {
            let name = fs::read_to_string(process.path().join("comm")).unwrap_or_default();
            return Some(format!("{} (process {})", name.trim(), process.file_name().to_string_lossy()));
        }
    }
    None
}

/// The inode of the socket that listens (state 0A) on the port, from the text of /proc/net/tcp.
fn listening_inode(table: &str, port: u16) -> Option<String> {
    let wanted = format!(":{port:04X}");
    table.lines().skip(1).find_map(|line| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let listens = fields.get(1)?.ends_with(&wanted) && *fields.get(3)? == "0A";
        listens.then(|| fields.get(9).map(ToString::to_string))?
    })
}

/// The state folder's suffix: stacks on other ports have their own data, since the realm names the port.
pub fn variant(offset: u16) -> String {
    if offset == 0 { String::new() } else { format!("-{offset}") }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn an_offset_moves_every_port_and_none_collide() {
        let (plain, moved) = (Ports::at(0).all(), Ports::at(1000).all());
        for ((name, port), (_, other)) in plain.iter().zip(&moved) {
            assert_eq!(port + 1000, *other, "{name}");
        }
        let distinct: std::collections::BTreeSet<u16> =
            plain.iter().chain(&moved).map(|(_, port)| *port).collect();
        assert_eq!(distinct.len(), plain.len() + moved.len());
    }

    #[test]
    fn an_offset_that_is_no_number_or_too_large_is_refused() {
        assert_eq!(parse_offset("1000").unwrap(), 1000);
        for bad in ["", "-1", "1e3", "60000"] {
            assert!(parse_offset(bad).unwrap_err().to_string().contains(OFFSET_VARIABLE), "{bad}");
        }
    }

    #[test]
    fn a_taken_port_is_named_with_its_process() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        assert!(is_taken(port));
        let line = complaint("postgres", port);
        assert!(line.contains(&format!("process {}", std::process::id())), "{line}");
        assert!(line.contains("postgres") && line.contains(OFFSET_VARIABLE), "{line}");
        drop(listener);
        assert!(!is_taken(port));
    }

    #[test]
    fn only_a_listening_socket_counts() {
        let table = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n\
             0: 0100007F:47E1 0100007F:9999 01 00000000:00000000 00:00000000 00000000     0        0 111 1\n\
             1: 0100007F:47E1 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 222 1\n";
        assert_eq!(listening_inode(table, 0x47E1).as_deref(), Some("222"));
        assert_eq!(listening_inode(table, 0x47E2), None);
    }
}
