//! Keeps the services running. Each has a thread of its own that starts it, watches it, starts it again when it
//! dies, and does what the control socket asks.

use std::path::PathBuf;
use std::process::{Child, ExitStatus};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow, bail};
use rustix::process::Signal;

use crate::halt;
use crate::leftovers::Records;
use crate::probe::Probe;
use crate::progress::{say, step};
use crate::run::{Run, kill, kill_group, last_line};

const TICK: Duration = Duration::from_millis(50);
/// Waits before each new try; a service that dies again after the last one stays down.
const BACKOFF: [u64; 5] = [1, 2, 5, 10, 20];
/// Having run this long, a service has its tries back.
const HEALTHY: Duration = Duration::from_secs(120);

/// All that is known of one service.
#[derive(Clone)]
pub struct Spec {
    /// As the control socket and the log file name it.
    pub name: &'static str,
    /// What to run.
    pub run: Run,
    /// When it is ready.
    pub ready: Probe,
    /// How long it may take until then.
    pub ready_within: Duration,
    /// The signal for an orderly end.
    pub stop: Signal,
    /// How long that may take before it is killed.
    pub stop_within: Duration,
}

/// What can be asked of a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    /// Start it and wait until it is ready.
    Start,
    /// End it in order; it stays down.
    Stop,
    /// End it by SIGKILL; it stays down.
    Kill,
    /// One line on how it is.
    Status,
    /// Stop it and end its thread.
    Finish,
}

type Reply = Result<String>;

/// The handle of one service.
pub struct Service {
    /// The service's name.
    pub name: &'static str,
    asks: Sender<(Ask, Sender<Reply>)>,
    thread: Option<JoinHandle<()>>,
}

impl Service {
    /// Starts the service's thread, not yet the service.
    pub fn new(spec: Spec, log: PathBuf, records: Records) -> Self {
        let (asks, inbox) = channel();
        let name = spec.name;
        let thread =
            std::thread::spawn(move || Keeper { spec, log, records, state: State::Down }.live(&inbox));
        Self { name, asks, thread: Some(thread) }
    }

    /// Asks and waits for it to be done.
    pub fn ask(&self, ask: Ask) -> Reply {
        let (reply, answer) = channel();
        self.asks.send((ask, reply)).map_err(|_| anyhow!("{} is being shut down", self.name))?;
        answer.recv().map_err(|_| anyhow!("{} is being shut down", self.name))?
    }

    /// Stops the service for good.
    pub fn finish(&mut self) {
        if let Some(thread) = self.thread.take() {
            let _ = self.ask(Ask::Finish);
            let _ = thread.join();
        }
    }
}

enum State {
    /// Not started, or stopped by request.
    Down,
    Up {
        child: Child,
        since: Instant,
        tries: usize,
    },
    /// Died; a new try comes at this time.
    Waiting {
        until: Instant,
        tries: usize,
    },
    /// Died too often.
    GivenUp,
}

struct Keeper {
    spec: Spec,
    log: PathBuf,
    records: Records,
    state: State,
}

impl Keeper {
    fn live(mut self, inbox: &Receiver<(Ask, Sender<Reply>)>) {
        loop {
            match inbox.recv_timeout(TICK) {
                Ok((ask, reply)) => {
                    let answer = self.answer(ask);
                    let _ = reply.send(answer);
                    if ask == Ask::Finish {
                        return;
                    }
                }
                Err(RecvTimeoutError::Timeout) => self.watch(),
                Err(RecvTimeoutError::Disconnected) => {
                    self.end(self.spec.stop);
                    return;
                }
            }
        }
    }

    fn answer(&mut self, ask: Ask) -> Reply {
        let name = self.spec.name;
        self.watch_quietly();
        match ask {
            Ask::Start => match self.state {
                State::Up { .. } => Ok(format!("{name} was running already")),
                _ => {
                    let took = Instant::now();
                    self.start(0)?;
                    Ok(format!("{name} is ready after {:.1} s", took.elapsed().as_secs_f64()))
                }
            },
            Ask::Stop | Ask::Finish => Ok(self.end(self.spec.stop)),
            Ask::Kill => Ok(self.end(Signal::KILL)),
            Ask::Status => Ok(self.status()),
        }
    }

    fn status(&self) -> String {
        let name = self.spec.name;
        match &self.state {
            State::Down => format!("{name} stopped"),
            State::Up { child, since, .. } => {
                format!("{name} running pid={} seconds={}", child.id(), since.elapsed().as_secs())
            }
            State::Waiting { tries, .. } => format!("{name} restarting try={tries}"),
            State::GivenUp => format!("{name} failed log={}", self.log.display()),
        }
    }

    /// Starts the process and waits until it is ready; on failure nothing of it is left.
    fn start(&mut self, tries: usize) -> Result<()> {
        self.state = State::Down;
        let name = self.spec.name;
        let mut child = self.spec.run.start(&self.log)?;
        self.records.note(name, child.id());
        let started = Instant::now();
        let problem = loop {
            if let Some(status) = child.try_wait()? {
                break format!("ended while starting ({status})");
            }
            if self.spec.ready.is_ready() {
                self.state = State::Up { child, since: Instant::now(), tries };
                return Ok(());
            }
            if started.elapsed() > self.spec.ready_within {
                break format!("was not ready within {} s", self.spec.ready_within.as_secs());
            }
            if halt::asked() {
                break halt::STOPPED.into();
            }
            std::thread::sleep(TICK);
        };
        let last = last_line(&self.log);
        let log = self.log.display().to_string();
        self.end_child(child, self.spec.stop);
        bail!("{name} {problem}; last line: {last}; log: {log}")
    }

    /// Looks whether the process died, and starts it again when its wait is over.
    fn watch(&mut self) {
        if halt::asked() {
            return;
        }
        self.watch_quietly();
        let State::Waiting { until, tries } = self.state else { return };
        if Instant::now() < until {
            return;
        }
        match self.start(tries) {
            Ok(()) => say(&format!("{} runs again", self.spec.name)),
            Err(error) => self.died(&format!("{error:#}"), tries),
        }
    }

    fn watch_quietly(&mut self) {
        let State::Up { child, since, tries } = &mut self.state else { return };
        let Ok(Some(status)) = child.try_wait() else { return };
        let tries = if since.elapsed() > HEALTHY { 0 } else { *tries };
        kill_group(child.id(), Signal::KILL);
        let line = format!(
            "{} ended by itself ({}); last line: {}; log: {}",
            self.spec.name,
            readable(status),
            last_line(&self.log),
            self.log.display()
        );
        self.died(&line, tries);
    }

    fn died(&mut self, line: &str, tries: usize) {
        let name = self.spec.name;
        self.records.forget(name);
        match BACKOFF.get(tries) {
            Some(&wait) => {
                say(&format!(
                    "! {line}; starting it again in {wait} s (try {} of {})",
                    tries + 1,
                    BACKOFF.len()
                ));
                self.state =
                    State::Waiting { until: Instant::now() + Duration::from_secs(wait), tries: tries + 1 };
            }
            None => {
                say(&format!("! {line}; it stays down: mend it, then `cargo xtask service start {name}`"));
                self.state = State::GivenUp;
            }
        }
    }

    fn end(&mut self, signal: Signal) -> String {
        let name = self.spec.name;
        match std::mem::replace(&mut self.state, State::Down) {
            State::Up { child, .. } => {
                let took = Instant::now();
                self.end_child(child, signal);
                format!("{name} stopped after {:.1} s", took.elapsed().as_secs_f64())
            }
            _ => format!("{name} was not running"),
        }
    }

    /// Ends the process by the signal, by SIGKILL when that takes too long, and then what it left in its group.
    fn end_child(&self, mut child: Child, signal: Signal) {
        kill(child.id(), signal);
        let until = Instant::now() + self.spec.stop_within;
        let mut killed = false;
        while let Ok(None) = child.try_wait() {
            if Instant::now() > until && !killed {
                say(&format!(
                    "! {} did not stop within {} s and is killed",
                    self.spec.name,
                    self.spec.stop_within.as_secs()
                ));
                kill(child.id(), Signal::KILL);
                killed = true;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        kill_group(child.id(), Signal::KILL);
        self.records.forget(self.spec.name);
    }
}

fn readable(status: ExitStatus) -> String {
    status.to_string()
}

/// The running stack, in the order in which its services were added; threads may add side by side.
#[derive(Default)]
pub struct Stack(std::sync::Mutex<Vec<Service>>);

impl Stack {
    /// Adds a service and starts it as a step.
    pub fn start(&self, spec: Spec, log: PathBuf, records: &Records) -> Result<()> {
        let name = spec.name;
        halt::check()?;
        let service = Service::new(spec, log, records.clone());
        let asks = service.asks.clone();
        self.lock().push(service);
        step(&format!("start {name}"), |_| {
            let (reply, answer) = channel();
            asks.send((Ask::Start, reply)).map_err(|_| anyhow!("{name} is being shut down"))?;
            answer.recv().map_err(|_| anyhow!("{name} is being shut down"))?
        })?;
        Ok(())
    }

    /// The names, in order.
    pub fn names(&self) -> Vec<&'static str> {
        self.lock().iter().map(|service| service.name).collect()
    }

    /// Asks one service and waits for it to be done, without keeping others from being asked.
    pub fn ask(&self, name: &str, ask: Ask) -> Reply {
        let (reply, answer) = channel();
        {
            let services = self.lock();
            let Some(service) = services.iter().find(|service| service.name == name) else {
                let names: Vec<_> = services.iter().map(|service| service.name).collect();
                bail!("no service {name:?}; there are: {}", names.join(", "));
            };
            service.asks.send((ask, reply)).map_err(|_| anyhow!("{name} is being shut down"))?;
        }
        answer.recv().map_err(|_| anyhow!("{name} is being shut down"))?
    }

    /// Stops all services, the last started first, telling which one it is at.
    pub fn stop_all(&self, tell: impl Fn(&str)) {
        loop {
            let Some(mut service) = self.lock().pop() else { return };
            tell(service.name);
            service.finish();
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Service>> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::net::TcpListener;

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
        while !fixture.status().contains("running") || fixture.pid() == first {
            assert!(Instant::now() < until, "{}", fixture.status());
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
