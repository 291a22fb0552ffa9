//! A server in a process of its own, ended with the value that stands for it.

use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use e2e::Client;

/// How long one may take to start: ours may have to compile all components.
const START: Duration = Duration::from_secs(300);

/// One that answers.
pub struct Program {
    /// What to call it.
    pub name: &'static str,
    /// Where it answers: `http://127.0.0.1:<port>`.
    pub url: String,
    child: Child,
}

impl Program {
    /// Start what `command` makes for a free port, and wait until `health` answers.
    ///
    /// # Errors
    /// It does not start, or ends.
    pub(crate) fn start(
        name: &'static str,
        health: &str,
        command: impl FnOnce(u16) -> Command,
    ) -> Result<Self> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let mut command = command(port);
        // Its complaints are told where ours are.
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).spawn();
        let child =
            child.with_context(|| format!("{name}: {} cannot be run", command.get_program().display()))?;
        let mut program = Self { name, url: format!("http://127.0.0.1:{port}"), child };
        let client = Client::plain(&program.url);
        let begun = Instant::now();
        while !client.try_send("GET", health, &[], "").is_ok_and(|answer| answer.status == 200) {
            if let Some(status) = program.child.try_wait()? {
                bail!("{name} ended while it started ({status}): see the lines above");
            }
            if begun.elapsed() > START {
                bail!("{name} does not answer {health} within {} s", START.as_secs());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(program)
    }

    /// Its process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
