//! Processes of an earlier xtask that was killed so hard that it could stop nothing: recorded while they run,
//! ended before the next start.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::paths::make_folder;
use crate::run::{kill, kill_group};

/// Where the records of running processes are.
#[derive(Clone)]
pub struct Records(PathBuf);

impl Records {
    /// In the folder of the running stack.
    pub fn in_folder(run: &Path) -> anyhow::Result<Self> {
        let folder = run.join("pids");
        make_folder(&folder)?;
        Ok(Self(folder))
    }

    /// Notes a process. Its start time tells it from a later process with the same id.
    pub fn note(&self, name: &str, pid: u32) {
        if let Some(started) = start_time(pid) {
            let _ = fs::write(self.0.join(name), format!("{pid} {started}"));
        }
    }

    /// Forgets an ended process.
    pub fn forget(&self, name: &str) {
        let _ = fs::remove_file(self.0.join(name));
    }

    /// Ends what is still there and gives its names.
    pub fn end_leftovers(&self) -> Vec<String> {
        let mut ended = Vec::new();
        for entry in fs::read_dir(&self.0).into_iter().flatten().flatten() {
            let text = fs::read_to_string(entry.path()).unwrap_or_default();
            if let Some(pid) = still_running(&text) {
                end(pid);
                ended.push(entry.file_name().to_string_lossy().into_owned());
            }
            let _ = fs::remove_file(entry.path());
        }
        ended
    }
}

fn still_running(record: &str) -> Option<u32> {
    let (pid, started) = record.trim().split_once(' ')?;
    let pid = pid.parse().ok()?;
    (start_time(pid)? == started).then_some(pid)
}

/// INT is PostgreSQL's quick and orderly shutdown and ends the others; what remains is killed.
fn end(pid: u32) {
    kill(pid, Signal::INT);
    let until = Instant::now() + Duration::from_secs(5);
    while start_time(pid).is_some() && Instant::now() < until {
        std::thread::sleep(Duration::from_millis(50));
    }
    kill_group(pid, Signal::KILL);
}

/// Field 22 of /proc/<pid>/stat, after the parenthesised name; none once the process is gone or a zombie.
fn start_time(pid: u32) -> Option<String> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace();
    let state = fields.next()?;
    (state != "Z").then(|| fields.nth(18).map(ToString::to_string))?
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::os::unix::process::CommandExt;
    use std::process::Command;

    #[test]
    fn a_leftover_is_ended_but_not_another_process_with_its_id() {
        let run = std::env::temp_dir().join(format!("xtask-leftovers-{}", std::process::id()));
        let records = Records::in_folder(&run).unwrap();
        let mut child = Command::new("sleep").arg("60").process_group(0).spawn().unwrap();
        fs::write(run.join("pids/other"), format!("{} 1", child.id())).unwrap();
        assert!(records.end_leftovers().is_empty());
        assert!(child.try_wait().unwrap().is_none());
        records.note("mine", child.id());
        assert_eq!(records.end_leftovers(), ["mine"]);
        assert!(!child.wait().unwrap().success());
        fs::remove_dir_all(&run).unwrap();
    }
}
