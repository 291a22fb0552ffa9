//! The services of one running stack, in the order in which they were started.

use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use anyhow::{Result, bail};

use crate::halt;
use crate::leftovers::Records;
use crate::progress::step;
use crate::supervisor::{Ask, Reply, Service, Spec};

/// The running stack, in the order in which its services were added; threads may add side by side.
#[derive(Default)]
pub struct Stack(Mutex<Vec<Service>>);

impl Stack {
    /// Adds a service and starts it as a step.
    pub fn start(&self, spec: Spec, log: PathBuf, records: &Records) -> Result<()> {
        let name = spec.name;
        halt::check()?;
        let service = Service::new(spec, log, records.clone());
        let answer = service.ask(Ask::Start);
        self.lock().push(service);
        step(&format!("start {name}"), |_| answer.wait())?;
        Ok(())
    }

    /// The names, in order.
    pub fn names(&self) -> Vec<&'static str> {
        self.lock().iter().map(|service| service.name).collect()
    }

    /// Asks one service and waits for it to be done, without keeping others from being asked.
    pub fn ask(&self, name: &str, ask: Ask) -> Reply {
        let answer = {
            let services = self.lock();
            let Some(service) = services.iter().find(|service| service.name == name) else {
                let names: Vec<_> = services.iter().map(|service| service.name).collect();
                bail!("no service {name:?}; there are: {}", names.join(", "));
            };
            service.ask(ask)
        };
        answer.wait()
    }

    /// Stops all services, the last started first, telling which one it is at.
    pub fn stop_all(&self, tell: impl Fn(&str)) {
        loop {
            let Some(mut service) = self.lock().pop() else { return };
            tell(service.name);
            service.finish();
        }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Service>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::net::TcpListener;
    use std::time::{Duration, Instant};

    use rustix::process::Signal;

    use crate::probe::Probe;
    use crate::run::{Run, kill};

    const TICK: Duration = Duration::from_millis(50);

    struct Fixture {
        folder: PathBuf,
        stack: Stack,
        records: Records,
        /// Stands for the service's port: whoever runs `sleep` counts as ready at once.
        listener: TcpListener,
    }

    fn fixture(name: &str) -> Fixture {
        let folder = std::env::temp_dir().join(format!("xtask-{name}-{}", std::process::id()));
        let records = Records::in_folder(&folder).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        Fixture { folder, stack: Stack::default(), records, listener }
    }

    impl Fixture {
        fn start(&self, script: &str) -> Result<()> {
            let spec = Spec {
                name: "sleeper",
                run: Run::new("sh").args(["-c", script]),
                ready: Probe::Tcp(self.listener.local_addr().unwrap().port()),
                ready_within: Duration::from_secs(5),
                stop: Signal::TERM,
                stop_within: Duration::from_secs(5),
            };
            self.stack.start(spec, self.folder.join("log"), &self.records)
        }

        fn status(&self) -> String {
            self.stack.ask("sleeper", Ask::Status).unwrap()
        }

        fn pid(&self) -> u32 {
            let status = self.status();
            status.split("pid=").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap()
        }
    }

    impl Drop for Fixture {
        fn drop(&mut self) {
            self.stack.stop_all(|_| ());
            let _ = std::fs::remove_dir_all(&self.folder);
        }
    }

    #[test]
    fn a_service_that_dies_is_started_again() {
        let fixture = fixture("dies");
        fixture.start("exec sleep 60").unwrap();
        let first = fixture.pid();
        kill(first, Signal::KILL);
        let until = Instant::now() + Duration::from_secs(10);
        // One look for both: between two it may have died.
        let runs_again =
            |status: &str| status.contains("running") && !status.contains(&format!("pid={first} "));
        loop {
            let status = fixture.status();
            if runs_again(&status) {
                break;
            }
            assert!(Instant::now() < until, "{status}");
            std::thread::sleep(TICK);
        }
    }

    #[test]
    fn a_service_stopped_by_request_stays_down_until_started() {
        let fixture = fixture("request");
        fixture.start("exec sleep 60").unwrap();
        for ask in [Ask::Stop, Ask::Kill] {
            let pid = fixture.pid();
            fixture.stack.ask("sleeper", ask).unwrap();
            assert!(!PathBuf::from(format!("/proc/{pid}")).exists());
            std::thread::sleep(Duration::from_millis(1500));
            assert_eq!(fixture.status(), "sleeper stopped");
            fixture.stack.ask("sleeper", Ask::Start).unwrap();
        }
        assert!(fixture.stack.ask("nobody", Ask::Stop).unwrap_err().to_string().contains("sleeper"));
    }

    #[test]
    fn stopping_leaves_no_grandchild() {
        let fixture = fixture("grandchild");
        let pid_file = fixture.folder.join("grandchild");
        fixture.start(&format!("sleep 60 & echo $! > {}; wait", pid_file.display())).unwrap();
        std::thread::sleep(Duration::from_millis(300));
        let grandchild: u32 = std::fs::read_to_string(&pid_file).unwrap().trim().parse().unwrap();
        fixture.stack.stop_all(|_| ());
        std::thread::sleep(Duration::from_millis(200));
        let alive = std::fs::read_to_string(format!("/proc/{grandchild}/stat"))
            .is_ok_and(|stat| !stat.contains(") Z "));
        assert!(!alive);
    }

    #[test]
    fn a_service_that_dies_while_starting_says_why() {
        let fixture = fixture("start");
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let spec = Spec {
            name: "sleeper",
            run: Run::new("sh").args(["-c", "echo no such role; exit 2"]),
            ready: Probe::Tcp(port),
            ready_within: Duration::from_secs(5),
            stop: Signal::TERM,
            stop_within: Duration::from_secs(5),
        };
        let error = fixture.stack.start(spec, fixture.folder.join("log"), &fixture.records).unwrap_err();
        assert!(error.to_string().contains("no such role"), "{error}");
    }
}
