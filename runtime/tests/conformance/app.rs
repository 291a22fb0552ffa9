//! Starts the runtime's binary, or a real `spin`, on a copy of a case's folder, at a free port.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};
use std::{fs, thread};

use tempfile::TempDir;

const GUESTS: [&str; 6] = ["guest", "dep", "caller", "tag", "gate", "p2"];

/// How long anything may take that a test waits for.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// A folder with a case's files and the guests' .wasm files.
pub struct Case {
    pub folder: TempDir,
    arguments: Vec<String>,
    environment: Vec<(String, String)>,
    /// The `spin` that serves it, where it is not the runtime.
    spin: Option<PathBuf>,
}

/// A running application; ended when dropped.
pub struct App {
    pub case: Case,
    pub address: SocketAddr,
    child: Child,
}

impl Case {
    pub fn new(name: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        copy(&tests().join("cases").join(name), folder.path());
        let built = tests().join("../../target/wasm32-wasip2/release");
        for guest in GUESTS {
            let built = built.join(format!("conformance_{guest}.wasm"));
            assert!(built.exists(), "{} is missing: run cargo xtask test", built.display());
            fs::copy(built, folder.path().join(format!("{guest}.wasm"))).unwrap();
        }
        Self { folder, arguments: Vec::new(), environment: Vec::new(), spin: None }
    }

    /// Served by this `spin`, if one is given.
    pub fn on(mut self, spin: Option<&Path>) -> Self {
        self.spin = spin.map(Path::to_owned);
        self
    }

    pub fn argument(mut self, argument: impl Into<String>) -> Self {
        self.arguments.push(argument.into());
        self
    }

    pub fn environment(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn path(&self, file: &str) -> PathBuf {
        self.folder.path().join(file)
    }

    fn command(&self) -> Command {
        let mut command = match &self.spin {
            Some(spin) => self.for_spin(spin),
            None => self.for_the_runtime(),
        };
        command
            .args(&self.arguments)
            .env_remove("RUST_BACKTRACE")
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::piped());
        command
    }

    fn for_the_runtime(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_runtime"));
        command
            .args(["up", "--listen", "127.0.0.1:0", "-f"])
            .arg(self.path("spin.toml"))
            .arg("--cache-dir")
            .arg(Path::new(env!("CARGO_TARGET_TMPDIR")).join("compiled"))
            .env("RUST_LOG", "info,access=debug");
        command
    }

    /// `spin up` takes the application's options and hands the others on to its HTTP trigger.
    fn for_spin(&self, spin: &Path) -> Command {
        let mut command = Command::new(spin);
        command
            .current_dir(self.folder.path())
            .args(["up", "-f"])
            .arg(self.path("spin.toml"))
            .args(["--listen", "127.0.0.1:0", "--state-dir"])
            .arg(self.path(".spin"));
        // There a store beside the default one must be named in a file of its own.
        let configuration = self.path("runtime-config.toml");
        if configuration.exists() {
            command.arg("--runtime-config-file").arg(configuration);
        }
        command
    }

    pub fn start(self) -> App {
        self.try_start().unwrap_or_else(|log| panic!("it did not start: {log}"))
    }

    /// The running application, or what it said when it could not start.
    fn try_start(self) -> Result<App, String> {
        let log = fs::File::create(self.path("log")).unwrap();
        let mut child = self.command().stderr(log).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let (found, serving) = mpsc::channel();
        // To the end: whoever writes to a pipe that nobody reads fails.
        thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                let rest = line.strip_prefix("Serving http://").and_then(|rest| rest.split(' ').next());
                if let Some(address) = rest.and_then(|address| address.parse().ok()) {
                    _ = found.send(address);
                }
            }
        });
        match serving.recv_timeout(3 * PATIENCE) {
            Ok(address) => return Ok(App { case: self, address, child }),
            Err(RecvTimeoutError::Disconnected) => {}
            Err(RecvTimeoutError::Timeout) => child.kill().unwrap(),
        }
        let ended = child.wait().unwrap();
        assert_eq!(ended.code().map(|code| code != 0), Some(true), "it ended by {ended}");
        Err(fs::read_to_string(self.path("log")).unwrap())
    }

    /// What it says when it cannot start.
    pub fn start_error(self) -> String {
        self.try_start().err().expect("it must not start")
    }
}

impl App {
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Status and body of a GET.
    pub async fn get(&self, path: &str) -> (u16, String) {
        let answer = reqwest::Client::new().get(self.url(path)).timeout(PATIENCE).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }

    /// The body of a GET that must succeed.
    pub async fn text(&self, path: &str) -> String {
        let (status, text) = self.get(path).await;
        assert_eq!(status, 200, "{path}: {text}");
        text
    }

    pub fn log(&self) -> String {
        fs::read_to_string(self.case.path("log")).unwrap()
    }

    /// Wait for `text` in the log.
    pub fn wait_for_log(&self, text: &str) {
        let start = Instant::now();
        while !self.log().contains(text) {
            assert!(start.elapsed() < PATIENCE, "{text:?} never came into the log:\n{}", self.log());
            thread::sleep(Duration::from_millis(50));
        }
    }

    /// Memory of the process now, in bytes.
    pub fn memory(&self) -> usize {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse::<usize>().unwrap() << 10
    }

    pub fn terminate(&self) {
        let killed = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(killed.success());
    }

    /// Wait for the end; whether it was an orderly one.
    pub fn wait(&mut self) -> bool {
        self.child.wait().unwrap().success()
    }

    /// End it and start it again on the same folder.
    pub fn restart(mut self) -> Self {
        self.terminate();
        assert!(self.wait(), "{}", self.log());
        let arguments = std::mem::take(&mut self.case.arguments);
        let environment = std::mem::take(&mut self.case.environment);
        let folder = std::mem::replace(&mut self.case.folder, tempfile::tempdir().unwrap());
        Case { folder, arguments, environment, spin: self.case.spin.take() }.start()
    }
}

impl Drop for App {
    fn drop(&mut self) {
        // What serves is a child of `spin up`, which ends it when it is asked to.
        if self.case.spin.is_some() {
            self.terminate();
            let start = Instant::now();
            while start.elapsed() < PATIENCE && matches!(self.child.try_wait(), Ok(None)) {
                thread::sleep(Duration::from_millis(50));
            }
        }
        _ = self.child.kill();
        _ = self.child.wait();
    }
}

pub fn tests() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests")
}

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap_or_else(|error| panic!("{}: {error}", from.display())) {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            fs::create_dir(&target).unwrap();
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}
