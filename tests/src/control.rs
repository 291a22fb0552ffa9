//! Stops, kills and starts a service of the running system (`xtask/src/control.rs` has the protocol).

use std::io::{Read, Write};
use std::net::Shutdown;
use std::os::unix::net::UnixStream;

/// The running system's control socket.
pub struct Control(String);

impl Control {
    /// Where `cargo xtask test` says.
    pub fn new() -> Self {
        Self(testkit::required("TIMETRACKER_TEST_CONTROL"))
    }

    /// `stop rabbitmq`, `start bridge`, `kill reporting`: done when it answers.
    ///
    /// # Panics
    /// When it is refused.
    pub fn ask(&self, request: &str) {
        let mut stream = UnixStream::connect(&self.0).expect("the control socket");
        writeln!(stream, "{request}").expect("the control socket");
        stream.shutdown(Shutdown::Write).expect("the control socket");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("the control socket");
        assert_eq!(answer.lines().last(), Some("ok"), "{request}: {answer}");
    }
}

impl Default for Control {
    fn default() -> Self {
        Self::new()
    }
}
