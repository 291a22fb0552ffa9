//! Commands: how a process is started (user, environment, log, what happens to it if xtask is killed), and how
//! a step that is one command runs.

use std::collections::VecDeque;
use std::ffi::{OsStr, OsString};
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process, kill_process_group};

use crate::halt;
use crate::paths::ServerUser;
use crate::progress::Working;

/// What to run, as data, so that it can be run again.
#[derive(Clone, Debug)]
pub struct Run {
    program: PathBuf,
    args: Vec<OsString>,
    envs: Vec<(OsString, OsString)>,
    folder: Option<PathBuf>,
    user: Option<ServerUser>,
    whole_environment: bool,
    death_signal: &'static str,
}

/// Kept when a service starts from a clean environment.
const KEPT: [&str; 8] = ["PATH", "LANG", "TZ", "TERM", "RUST_LOG", "LOG_FORMAT", "RUST_BACKTRACE", "HOME"];

impl Run {
    /// The program, looked up on PATH when it is a bare name, with the caller's whole environment.
    pub fn new(program: impl AsRef<Path>) -> Self {
        Self {
            program: program.as_ref().to_path_buf(),
            args: Vec::new(),
            envs: Vec::new(),
            folder: None,
            user: None,
            whole_environment: true,
            death_signal: "KILL",
        }
    }

    /// More arguments.
    pub fn args<S: AsRef<OsStr>>(mut self, args: impl IntoIterator<Item = S>) -> Self {
        self.args.extend(args.into_iter().map(|arg| arg.as_ref().to_os_string()));
        self
    }

    /// One more variable.
    pub fn env(mut self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> Self {
        self.envs.push((name.as_ref().to_os_string(), value.as_ref().to_os_string()));
        self
    }

    /// More variables.
    pub fn envs<K: AsRef<OsStr>, V: AsRef<OsStr>>(mut self, envs: impl IntoIterator<Item = (K, V)>) -> Self {
        for (name, value) in envs {
            self = self.env(name, value);
        }
        self
    }

    /// The working folder.
    pub fn folder(mut self, folder: impl AsRef<Path>) -> Self {
        self.folder = Some(folder.as_ref().to_path_buf());
        self
    }

    /// As the servers' user, when there is one.
    pub fn user(mut self, user: Option<&ServerUser>) -> Self {
        self.user = user.cloned();
        self
    }

    /// Only a few of the caller's variables instead of all.
    pub fn clean_environment(mut self) -> Self {
        self.whole_environment = false;
        self
    }

    /// The signal the kernel sends it should xtask itself be killed.
    pub fn on_parent_death(mut self, signal: &'static str) -> Self {
        self.death_signal = signal;
        self
    }

    /// The command: through setpriv, which sets the user and the signal and then becomes the program. It gets a
    /// process group of its own, so that Ctrl-C in the terminal reaches xtask only, which stops it in order.
    fn command(&self) -> Command {
        let mut command = Command::new("setpriv");
        command.arg(format!("--pdeathsig={}", self.death_signal));
        if let Some(user) = &self.user {
            command
                .arg(format!("--reuid={}", user.uid))
                .arg(format!("--regid={}", user.gid))
                .arg("--clear-groups");
        }
        command.arg("--").arg(&self.program).args(&self.args).process_group(0);
        if !self.whole_environment {
            command.env_clear();
            command.envs(KEPT.iter().filter_map(|name| Some((name, std::env::var_os(name)?))));
        }
        command.envs(self.envs.iter().map(|(name, value)| (name, value)));
        if let Some(folder) = &self.folder {
            command.current_dir(folder);
        }
        command.stdin(Stdio::null());
        command
    }

    fn spawn(&self, out: Stdio, err: Stdio) -> Result<Child> {
        self.command().stdout(out).stderr(err).spawn().with_context(|| {
            format!(
                "{} cannot be started: is setpriv (package util-linux) installed?",
                self.program.display()
            )
        })
    }

    /// Starts it with its output appended to the log. The calling thread must live as long as the process: the
    /// kernel's parent-death signal is sent when that thread ends.
    pub fn start(&self, log: &Path) -> Result<Child> {
        let out = append(log)?;
        let err = out.try_clone()?;
        self.spawn(out.into(), err.into())
    }

    /// Runs it to its end with its output in the log; a failure names the log and its last lines.
    pub fn to_end(&self, log: &Path, working: Working) -> Result<()> {
        let mut last = VecDeque::new();
        let status = self.each_line(log, working, |line| {
            last.push_back(line);
            if last.len() > 12 {
                last.pop_front();
            }
        })?;
        if status.success() {
            return Ok(());
        }
        halt::check()?;
        let last: Vec<String> = last.into();
        bail!(
            "{} failed ({status}); log: {}\n         {}",
            self.name(),
            log.display(),
            last.join("\n         ")
        )
    }

    /// Runs it to its end with its output in the log, giving each line that says something, without colours.
    pub fn each_line(
        &self,
        log: &Path,
        working: Working,
        mut see: impl FnMut(String) + Send,
    ) -> Result<ExitStatus> {
        let (reader, writer) = std::io::pipe().context("a pipe cannot be made")?;
        let mut file = append(log)?;
        let mut child = self.spawn(writer.try_clone()?.into(), writer.into())?;
        std::thread::scope(|scope| {
            scope.spawn(move || {
                let mut crates = 0;
                for line in BufReader::new(reader).split(b'\n').map_while(Result::ok) {
                    let line = without_colours(String::from_utf8_lossy(&line).trim_end());
                    let _ = writeln!(file, "{line}");
                    if !line.trim().is_empty() {
                        let text = line.trim();
                        if text.starts_with("Compiling ") || text.starts_with("Checking ") {
                            crates += 1;
                            working.detail(format!("{} crates, now at {}", crates, shorten(text)));
                        } else {
                            working.detail(shorten(text));
                        }
                        see(line);
                    }
                }
            });
            let status = wait(&mut child, &self.program);
            // What it started and left behind would keep the pipe open.
            kill_group(child.id(), Signal::KILL);
            status
        })
    }

    /// Runs it to its end and gives its standard output; a failure shows its standard error. Only for commands
    /// that print little.
    pub fn output(&self, within: Duration) -> Result<String> {
        let mut child = self.spawn(Stdio::piped(), Stdio::piped())?;
        let until = Instant::now() + within;
        while child.try_wait()?.is_none() {
            if Instant::now() > until || halt::asked() {
                kill_group(child.id(), Signal::KILL);
                let _ = child.wait();
                halt::check()?;
                bail!("{} gave no answer within {} s", self.name(), within.as_secs());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        let out = child.wait_with_output()?;
        if !out.status.success() {
            bail!("{} failed ({}): {}", self.name(), out.status, String::from_utf8_lossy(&out.stderr).trim());
        }
        Ok(String::from_utf8_lossy(&out.stdout).into_owned())
    }

    /// Program and first arguments, for messages.
    fn name(&self) -> String {
        let program =
            self.program.file_name().unwrap_or(self.program.as_os_str()).to_string_lossy().into_owned();
        let args: Vec<_> = self.args.iter().take(3).map(|arg| arg.to_string_lossy()).collect();
        shorten(&format!("`{program} {}`", args.join(" ")))
    }
}

fn append(log: &Path) -> Result<File> {
    OpenOptions::new()
        .create(true)
        .append(true)
        .mode(0o600)
        .open(log)
        .with_context(|| format!("the log {} cannot be written", log.display()))
}

/// Without the terminal's escape sequences, which end in a letter.
fn without_colours(text: &str) -> String {
    let mut parts = text.split("\u{1b}[");
    let first = parts.next().unwrap_or_default().to_string();
    parts.fold(first, |clean, part| {
        let end = part.find(|sign: char| sign.is_ascii_alphabetic()).map_or(part.len(), |at| at + 1);
        clean + &part[end..]
    })
}

fn shorten(text: &str) -> String {
    let mut short: String = text.chars().take(110).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

fn wait(child: &mut Child, program: &Path) -> Result<ExitStatus> {
    loop {
        if let Some(status) = child.try_wait().with_context(|| format!("{} is lost", program.display()))? {
            return Ok(status);
        }
        if halt::asked() {
            kill_group(child.id(), Signal::TERM);
            std::thread::sleep(Duration::from_millis(500));
            kill_group(child.id(), Signal::KILL);
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Sends a signal to one process; one that is gone already is no error.
pub fn kill(pid: u32, signal: Signal) {
    if let Some(pid) = i32::try_from(pid).ok().and_then(Pid::from_raw) {
        let _ = kill_process(pid, signal);
    }
}

/// Sends a signal to all of the process group that the process leads.
pub fn kill_group(pid: u32, signal: Signal) {
    if let Some(pid) = i32::try_from(pid).ok().and_then(Pid::from_raw) {
        let _ = kill_process_group(pid, signal);
    }
}

/// The last line of a log that says something, shortened.
pub fn last_line(log: &Path) -> String {
    let text =
        std::fs::read(log).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
    text.lines()
        .rev()
        .find(|line| !line.trim().is_empty())
        .map_or_else(|| "(empty)".into(), |line| shorten(line.trim()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::progress::step;

    #[test]
    fn a_failing_command_names_its_log_and_what_it_said_last() {
        let log = std::env::temp_dir().join(format!("xtask-run-{}.log", std::process::id()));
        let failing = Run::new("sh").args(["-c", "echo started; echo broken pipe fitting >&2; exit 3"]);
        let error = step("failing command", |working| failing.to_end(&log, working)).unwrap_err().to_string();
        assert!(error.contains("broken pipe fitting") && error.contains("exit status: 3"), "{error}");
        assert!(error.contains(log.to_str().unwrap()), "{error}");
        assert_eq!(last_line(&log), "broken pipe fitting");
        std::fs::remove_file(&log).unwrap();
    }

    #[test]
    fn escape_sequences_are_no_text() {
        assert_eq!(without_colours("\u{1b}[0m\u{1b}[1;32mok\u{1b}[0m done"), "ok done");
    }

    #[test]
    fn a_command_that_hangs_is_ended() {
        let started = Instant::now();
        let error = Run::new("sleep").args(["60"]).output(Duration::from_millis(200)).unwrap_err();
        assert!(error.to_string().contains("no answer"), "{error}");
        assert!(started.elapsed() < Duration::from_secs(10));
    }

    #[test]
    fn a_clean_environment_has_only_what_is_given() {
        let env =
            Run::new("env").clean_environment().env("GIVEN", "1").output(Duration::from_secs(5)).unwrap();
        assert!(env.contains("GIVEN=1") && env.contains("PATH="), "{env}");
        assert!(!env.contains("CARGO_MANIFEST_DIR"), "{env}");
    }
}
