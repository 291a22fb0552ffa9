//! Stops, kills and starts a service of the running system (`xtask/src/control.rs` has the protocol).

use std::io::{Read, Write};
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::process::Command;
use std::time::Duration;

/// The running system's control socket.
pub struct Control(String);

impl Control {
    /// Where `cargo xtask test` says.
    pub fn new() -> Self {
        Self(testkit::required("TIMETRACKER_TEST_CONTROL"))
    }

    /// `stop rabbitmq`, `start bridge`, `kill reporting`: done when it answers. Gives the lines of the answer.
    ///
    /// # Panics
    /// When it is refused.
    pub fn ask(&self, request: &str) -> Vec<String> {
        let mut stream = UnixStream::connect(&self.0).expect("the control socket");
        writeln!(stream, "{request}").expect("the control socket");
        stream.shutdown(Shutdown::Write).expect("the control socket");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("the control socket");
        let mut lines: Vec<String> = answer.lines().map(ToOwned::to_owned).collect();
        assert_eq!(lines.pop().as_deref(), Some("ok"), "{request}: {answer}");
        lines
    }

    /// Freeze a service's process for a while, as a machine that swaps would.
    ///
    /// # Panics
    /// When it does not run.
    pub fn freeze(&self, service: &str, time: Duration) {
        let status = self.ask(&format!("status {service}")).join(" ");
        let pid = status.split_once("pid=").and_then(|(_, rest)| rest.split(' ').next()).expect("it runs");
        let signal = |name: &str| Command::new("kill").args([name, pid]).status().expect("kill").success();
        assert!(signal("-STOP"), "{status}");
        std::thread::sleep(time);
        assert!(signal("-CONT"), "{status}");
    }
}

impl Default for Control {
    fn default() -> Self {
        Self::new()
    }
}
