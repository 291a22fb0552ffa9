//! Starts the runtime's binary on a copy of a case's folder, at a free port.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use std::{fs, thread};

use tempfile::TempDir;

const GUESTS: [&str; 3] = ["guest", "dep", "caller"];

/// How long anything may take that a test waits for.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// A folder with a case's files and the guests' .wasm files.
pub struct Case {
    pub folder: TempDir,
    arguments: Vec<String>,
    environment: Vec<(String, String)>,
}

/// A running runtime; ended when dropped.
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
        Self { folder, arguments: Vec::new(), environment: Vec::new() }
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
        let mut command = Command::new(env!("CARGO_BIN_EXE_runtime"));
        command
            .args(["up", "--listen", "127.0.0.1:0", "-f"])
            .arg(self.path("spin.toml"))
            .arg("--cache-dir")
            .arg(Path::new(env!("CARGO_TARGET_TMPDIR")).join("compiled"))
            .args(&self.arguments)
            .env_remove("RUST_BACKTRACE")
            .env("RUST_LOG", "info,access=debug")
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::piped());
        command
    }

    pub fn start(self) -> App {
        let log = fs::File::create(self.path("log")).unwrap();
        let mut child = self.command().stderr(log).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let serving = lines.map_while(Result::ok).find_map(|line| {
            let rest = line.strip_prefix("Serving http://")?;
            rest.split(' ').next()?.parse().ok()
        });
        match serving {
            Some(address) => App { case: self, address, child },
            None => panic!("the runtime did not start: {}", fs::read_to_string(self.path("log")).unwrap()),
        }
    }

    /// What it says when it cannot start.
    pub fn start_error(&self) -> String {
        let output = self.command().stderr(Stdio::piped()).output().unwrap();
        assert!(!output.status.success(), "it started");
        String::from_utf8(output.stderr).unwrap()
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
        Case { folder, arguments, environment }.start()
    }
}

impl Drop for App {
    fn drop(&mut self) {
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
