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
use crate::progress::say;
use crate::run::{Run, kill, kill_group, last_line};

const TICK: Duration = Duration::from_millis(50);
/// Seconds before each new try; the last holds for all later ones, for what ails it (a full disk) may pass.
const BACKOFF: [u64; 6] = [1, 2, 5, 10, 20, 60];
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

/// The answer: a line for a person, or why it could not be done.
pub type Reply = Result<String>;

/// A question and where its answer goes.
type Asked = (Ask, Sender<Reply>);

/// The handle of one service.
pub struct Service {
    /// The service's name.
    pub name: &'static str,
    asks: Sender<Asked>,
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

    /// Asks; the answer can be waited for without holding the service.
    pub fn ask(&self, ask: Ask) -> Answer {
        let (reply, answer) = channel();
        let _ = self.asks.send((ask, reply));
        Answer { name: self.name, answer }
    }

    /// Stops the service for good.
    pub fn finish(&mut self) {
        if let Some(thread) = self.thread.take() {
            let _ = self.ask(Ask::Finish).wait();
            let _ = thread.join();
        }
    }
}

/// An answer to come.
pub struct Answer {
    name: &'static str,
    answer: Receiver<Reply>,
}

impl Answer {
    /// Waits until it is done.
    pub fn wait(self) -> Reply {
        self.answer.recv().map_err(|_| anyhow!("{} is being shut down", self.name))?
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
}

struct Keeper {
    spec: Spec,
    log: PathBuf,
    records: Records,
    state: State,
}

impl Keeper {
    fn live(mut self, inbox: &Receiver<Asked>) {
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
            State::Waiting { tries, .. } => {
                format!("{name} restarting try={tries} log={}", self.log.display())
            }
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
        let wait = backoff(tries);
        say(&format!("! {line}; starting it again in {wait} s (try {})", tries + 1));
        self.state = State::Waiting { until: Instant::now() + Duration::from_secs(wait), tries: tries + 1 };
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

fn backoff(tries: usize) -> u64 {
    BACKOFF[tries.min(BACKOFF.len() - 1)]
}

fn readable(status: ExitStatus) -> String {
    status.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_is_tried_again_however_often_it_died() {
        assert_eq!((backoff(0), backoff(5), backoff(1000)), (1, 60, 60));
    }
}
