//! What the terminal shows while something takes its time: one line when a step starts to take long, one when
//! it ends, each with the time; steps may run side by side.

use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

const HEARTBEAT: Duration = Duration::from_secs(10);
const QUIET: Duration = Duration::from_secs(2);

struct Step {
    id: u64,
    name: String,
    detail: String,
    since: Instant,
    spoke: Instant,
    quiet: bool,
}

#[derive(Default)]
struct Board {
    next: u64,
    open: Vec<Step>,
    done: Vec<(String, Duration)>,
}

struct Progress {
    start: Instant,
    board: Mutex<Board>,
}

fn progress() -> &'static Arc<Progress> {
    static PROGRESS: OnceLock<Arc<Progress>> = OnceLock::new();
    PROGRESS.get_or_init(|| {
        let progress = Arc::new(Progress { start: Instant::now(), board: Mutex::default() });
        let beat = Arc::clone(&progress);
        std::thread::spawn(move || {
            loop {
                std::thread::sleep(Duration::from_millis(250));
                beat.tick();
            }
        });
        progress
    })
}

impl Progress {
    fn lock(&self) -> MutexGuard<'_, Board> {
        self.board.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Says what is still going on: first after two seconds, then every ten.
    fn tick(&self) {
        for step in &mut self.lock().open {
            let due = if step.quiet { QUIET } else { HEARTBEAT };
            if step.spoke.elapsed() >= due {
                step.spoke = Instant::now();
                step.quiet = false;
                let detail =
                    if step.detail.is_empty() { String::new() } else { format!(": {}", step.detail) };
                let line = format!("… {}{detail} ({} so far)", step.name, seconds(step.since.elapsed()));
                print(self.start, &line);
            }
        }
    }
}

fn print(start: Instant, line: &str) {
    eprintln!("[{:>7}] {line}", seconds(start.elapsed()));
}

fn seconds(time: Duration) -> String {
    if time < Duration::from_secs(100) {
        format!("{:.1} s", time.as_secs_f64())
    } else {
        format!("{} min {:02} s", time.as_secs() / 60, time.as_secs() % 60)
    }
}

/// Prints one line with the time since xtask's start.
pub fn say(line: &str) {
    print(progress().start, line);
}

/// A handle to tell how far a step is.
#[derive(Clone, Copy)]
pub struct Working(u64);

impl Working {
    /// What the next heartbeat shows.
    pub fn detail(self, text: impl Into<String>) {
        if let Some(step) = progress().lock().open.iter_mut().find(|step| step.id == self.0) {
            step.detail = text.into();
        }
    }
}

/// Runs one step, showing that it goes on, that it ended and how long it took.
pub fn step<T, E>(name: &str, work: impl FnOnce(Working) -> Result<T, E>) -> Result<T, E> {
    let progress = progress();
    let since = Instant::now();
    let id = {
        let mut board = progress.lock();
        board.next += 1;
        let id = board.next;
        board.open.push(Step {
            id,
            name: name.into(),
            detail: String::new(),
            since,
            spoke: since,
            quiet: true,
        });
        id
    };
    let result = work(Working(id));
    let took = since.elapsed();
    let mut board = progress.lock();
    board.open.retain(|step| step.id != id);
    board.done.push((name.into(), took));
    drop(board);
    let mark = if result.is_ok() { "✓" } else { "✗" };
    say(&format!("{mark} {name} ({})", seconds(took)));
    result
}

/// All finished steps, the longest first, as lines of a table.
pub fn table() -> Vec<String> {
    let mut done = progress().lock().done.clone();
    done.sort_by_key(|(_, took)| std::cmp::Reverse(*took));
    done.iter().map(|(name, took)| format!("  {:>12}  {name}", seconds(*took))).collect()
}

/// The time since xtask's start, readable.
pub fn total() -> String {
    seconds(progress().start.elapsed())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_readable() {
        assert_eq!(seconds(Duration::from_millis(1234)), "1.2 s");
        assert_eq!(seconds(Duration::from_secs(125)), "2 min 05 s");
    }

    #[test]
    fn a_failed_step_is_in_the_table_too() {
        let result: Result<(), &str> = step("fails on purpose", |_| Err("no"));
        assert_eq!(result, Err("no"));
        assert!(table().iter().any(|line| line.contains("fails on purpose")));
    }
}
