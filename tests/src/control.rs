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

    /// Freeze all processes of a service until what is given is dropped. (PostgreSQL's are in sessions of their own.)
    ///
    /// # Panics
    /// When it does not run.
    pub fn frozen(&self, service: &str) -> Frozen {
        let pid = self.pid(service);
        let children =
            std::fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).expect("its children");
        let pids = std::iter::once(pid.as_str()).chain(children.split_whitespace()).map(str::to_owned);
        let frozen = Frozen(pids.collect());
        assert!(frozen.signal("-STOP"), "{:?}", frozen.0);
        frozen
    }

    fn pid(&self, service: &str) -> String {
        let status = self.ask(&format!("status {service}")).join(" ");
        let pid = status.split_once("pid=").and_then(|(_, rest)| rest.split(' ').next());
        pid.unwrap_or_else(|| panic!("{status}")).to_owned()
    }

    /// Freeze a service's process for a while, as a machine that swaps would.
    ///
    /// # Panics
    /// When it does not run.
    pub fn freeze(&self, service: &str, time: Duration) {
        let frozen = Frozen(vec![self.pid(service)]);
        assert!(frozen.signal("-STOP"), "{:?}", frozen.0);
        std::thread::sleep(time);
    }
}

/// Processes that stand still until this is dropped.
pub struct Frozen(Vec<String>);

impl Frozen {
    fn signal(&self, name: &str) -> bool {
        Command::new("kill").arg(name).args(&self.0).status().is_ok_and(|status| status.success())
    }
}

impl Drop for Frozen {
    fn drop(&mut self) {
        self.signal("-CONT");
    }
}

impl Default for Control {
    fn default() -> Self {
        Self::new()
    }
}
