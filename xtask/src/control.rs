//! The control socket of a running stack: a unix socket in its run folder, which `cargo xtask service` and the
//! end-to-end tests speak to.
//!
//! One connection carries one request, a line `<verb> [service]`:
//!
//! | request | done when the answer comes |
//! |---|---|
//! | `status [service]` | at once: one line per service, `<name> running pid=<pid> seconds=<n>`, `<name> stopped` or `<name> restarting try=<n> log=<path>` |
//! | `stop <service>` | it has ended in order; it stays down until started |
//! | `kill <service>` | it has ended by SIGKILL; it stays down until started |
//! | `start <service>` | it is ready |
//! | `restart <service>` | it has ended in order and is ready again |
//!
//! The answer is any number of lines and then one line `ok` or `error <reason>`; then the connection closes.
//! The services: postgres, epmd, rabbitmq, keycloak, spin, bridge, reporting, traefik.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, bail};

use crate::stack::Stack;
use crate::supervisor::Ask;

/// Answers requests from now on, each in a thread of its own.
pub fn serve(socket: &Path, stack: Arc<Stack>) -> Result<()> {
    let _ = fs::remove_file(socket);
    let listener = UnixListener::bind(socket)
        .with_context(|| format!("the control socket {} cannot be made", socket.display()))?;
    fs::set_permissions(socket, fs::Permissions::from_mode(0o600))?;
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let stack = Arc::clone(&stack);
            std::thread::spawn(move || {
                let _ = converse(&stream, &stack);
            });
        }
    });
    Ok(())
}

fn converse(mut stream: &UnixStream, stack: &Stack) -> Result<()> {
    let mut request = String::new();
    BufReader::new(stream).read_line(&mut request)?;
    match answer(request.trim(), stack) {
        Ok(lines) => {
            for line in lines {
                writeln!(stream, "{line}")?;
            }
            writeln!(stream, "ok")?;
        }
        Err(error) => writeln!(stream, "error {}", format!("{error:#}").replace('\n', " "))?,
    }
    Ok(())
}

fn answer(request: &str, stack: &Stack) -> Result<Vec<String>> {
    let (verb, name) = request.split_once(' ').unwrap_or((request, ""));
    match (verb, name) {
        ("status", "") => stack.names().iter().map(|name| stack.ask(name, Ask::Status)).collect(),
        ("start" | "stop" | "kill" | "restart", "") => bail!("{verb} needs the name of a service"),
        ("status", name) => Ok(vec![stack.ask(name, Ask::Status)?]),
        ("start", name) => Ok(vec![stack.ask(name, Ask::Start)?]),
        ("stop", name) => Ok(vec![stack.ask(name, Ask::Stop)?]),
        ("kill", name) => Ok(vec![stack.ask(name, Ask::Kill)?]),
        ("restart", name) => Ok(vec![stack.ask(name, Ask::Stop)?, stack.ask(name, Ask::Start)?]),
        _ => bail!("{verb:?} is none of status, start, stop, kill, restart"),
    }
}

/// Sends one request to a running stack and gives the lines of its answer.
pub fn request(socket: &Path, line: &str) -> Result<Vec<String>> {
    let mut stream = UnixStream::connect(socket)
        .context("nothing runs here: start it by `cargo xtask up` (with the same TIMETRACKER_PORT_OFFSET)")?;
    writeln!(stream, "{line}")?;
    let mut lines: Vec<String> = BufReader::new(stream).lines().collect::<std::io::Result<_>>()?;
    match lines.pop() {
        Some(end) if end == "ok" => Ok(lines),
        Some(end) => bail!("{}", end.strip_prefix("error ").unwrap_or(&end)),
        None => bail!("the stack closed the connection: it is being stopped"),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_wrong_request_is_answered_with_what_is_right() {
        let socket = std::env::temp_dir().join(format!("xtask-control-{}.sock", std::process::id()));
        serve(&socket, Arc::new(Stack::default())).unwrap();
        assert!(request(&socket, "status").unwrap().is_empty());
        assert!(request(&socket, "stop").unwrap_err().to_string().contains("needs the name"));
        assert!(request(&socket, "explode x").unwrap_err().to_string().contains("restart"));
        assert!(request(&socket, "stop x").unwrap_err().to_string().contains("no service"));
        assert_eq!(fs::metadata(&socket).unwrap().permissions().mode() & 0o777, 0o600);
        fs::remove_file(&socket).unwrap();
        assert!(request(&socket, "status").unwrap_err().to_string().contains("cargo xtask up"));
    }
}
