//! New code in place of old, by our runtime with `--watch`: from a change to the first answer that it makes, and what
//! other endpoints notice of it.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use bench::{Ground, Program, root};
use e2e::Client;

use crate::figures::Times;

const SWAPS: usize = 20;
/// Between two requests of the steady load: 200 a second.
const PACE: Duration = Duration::from_millis(5);
/// Of the load without any change.
const QUIET: Duration = Duration::from_secs(5);
/// A build of everything must have ended by then.
const PATIENCE: Duration = Duration::from_secs(600);
/// How often it is asked whether the new code answers.
const ASK: Duration = Duration::from_millis(5);

/// One answer of each of these is a round of the load.
const OTHERS: [&str; 10] = [
    "/api/v1/me",
    "/api/v1/time-entries?limit=20",
    "/api/v1/timer",
    "/api/v1/projects",
    "/api/v1/clients",
    "/api/v1/tasks",
    "/api/v1/lock",
    "/api/v1/saved-reports",
    "/api/v1/reports/dashboard",
    "/api/v1/reports/summary?from=2025-01-01&to=2025-12-31&group_by=month",
];

/// A saved source: what in it is changed into what, and whose answer shows it.
struct Saved {
    name: &'static str,
    file: &'static str,
    words: [&'static str; 2],
    path: &'static str,
}

const SAVED: [Saved; 2] = [
    Saved {
        name: "one resource's file (time-entries/src/list_entries.rs)",
        file: "crates/endpoints/time-entries/src/list_entries.rs",
        words: ["`to` must be after `from`.", "`to` must come after `from`."],
        path: "/api/v1/time-entries?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z",
    },
    Saved {
        name: "a file that all endpoints share (api/src/cursor.rs)",
        file: "crates/endpoints/api/src/cursor.rs",
        words: ["This is no cursor of ours:", "This is not a cursor of ours:"],
        path: "/api/v1/tags?cursor=eA",
    },
];

/// Print the times.
pub async fn print() -> Result<()> {
    let ground = Ground::new(1).await?;
    let ours = ground.ours(&["--watch"])?;
    let token = ground.realm.token(0)?;
    // It watches a moment after it serves.
    tokio::time::sleep(Duration::from_secs(2)).await;
    println!(
        "\nreload: the runtime with --watch, {} requests/s meanwhile to {} other endpoints",
        1000 / PACE.as_millis(),
        OTHERS.len()
    );
    let load = Load::start(&ours, &token);
    tokio::time::sleep(QUIET).await;
    let quiet = load.end().await?;
    let load = Load::start(&ours, &token);
    let swapped = tokio::task::block_in_place(|| swaps(&ours, &token))?;
    let meanwhile = load.end().await?;
    println!(
        "  a changed .wasm → first answer of the new code, {SWAPS} swaps: p50 {:.0} ms, max {:.0} ms",
        swapped.median(),
        swapped.at(1.0)
    );
    for (when, times) in [("without a change", quiet), ("meanwhile", meanwhile)] {
        println!(
            "  the others {when}: {} requests, none failed; p50 {:.1} ms, p99 {:.1} ms, max {:.1} ms",
            times.count(),
            times.median(),
            times.at(0.99),
            times.at(1.0)
        );
    }
    for saved in &SAVED {
        let save = || tokio::task::block_in_place(|| save(&ours, &token, saved));
        let times = [save()?, save()?].concat();
        let seconds: Vec<String> = times.iter().map(|time| format!("{:.1} s", time.as_secs_f64())).collect();
        println!("  {} saved → first answer of the new code, four times: {}", saved.name, seconds.join(", "));
    }
    Ok(())
}

/// Swap the component of the tags for one that says another word, and back.
fn swaps(ours: &Program, token: &str) -> Result<Times> {
    const WORDS: [&[u8]; 2] = [b"This is no cursor of ours", b"This is no cursor of OURS"];
    let file = Original::of(root().join("target/wasm32-wasip2/release/tags.wasm"))?;
    let place = file.content.windows(WORDS[0].len()).position(|bytes| bytes == WORDS[0]);
    let place = place.context("tags.wasm has other words for a cursor that is not its own")?;
    let mut other = file.content.clone();
    other[place..][..WORDS[1].len()].copy_from_slice(WORDS[1]);
    let client = Client::plain(&ours.url).with_token(token);
    let mut times = Vec::new();
    for (content, words) in [(&other, WORDS[1]), (&file.content, WORDS[0])].iter().cycle().take(SWAPS) {
        file.replace(content)?;
        let said = || {
            client
                .get("/api/v1/tags?cursor=eA")
                .text
                .as_bytes()
                .windows(words.len())
                .any(|bytes| bytes == *words)
        };
        times.push(until(|| Ok(said()))?);
    }
    Ok(Times::of(times))
}

/// Save the change, then what was there before.
fn save(ours: &Program, token: &str, saved: &Saved) -> Result<[Duration; 2]> {
    let client = Client::plain(&ours.url).with_token(token);
    let file = Original::of(root().join(saved.file))?;
    let text = String::from_utf8(file.content.clone())?;
    let [old, new] = saved.words;
    ensure!(text.contains(old), "{} does not say {old:?} any more", saved.file);
    let says = |words: &str| until(|| Ok(client.get(saved.path).text.contains(words)));
    ensure!(client.get(saved.path).text.contains(old), "{} does not answer {old:?}", saved.path);
    file.replace(text.replace(old, new).as_bytes())?;
    let there = says(new)?;
    file.replace(&file.content)?;
    Ok([there, says(old)?])
}

/// How long it takes until something is so.
fn until(so: impl Fn() -> Result<bool>) -> Result<Duration> {
    let begun = Instant::now();
    while !so()? {
        ensure!(begun.elapsed() < PATIENCE, "nothing new answers after {} s", PATIENCE.as_secs());
        std::thread::sleep(ASK);
    }
    Ok(begun.elapsed())
}

/// The file that is changed at the moment, as it was.
static CHANGED: Mutex<Option<(PathBuf, Vec<u8>)>> = Mutex::new(None);

/// Put it back: when the change has been measured, and when the benchmark is stopped before.
pub fn put_back() {
    let changed = CHANGED.lock().unwrap_or_else(PoisonError::into_inner).take();
    if let Some((path, content)) = changed
        && let Err(error) = replace(&path, &content)
    {
        eprintln!("error: {} stays changed ({error:#}): `git checkout` it", path.display());
    }
}

/// At once, as builds and editors do.
fn replace(path: &Path, content: &[u8]) -> Result<()> {
    let beside = path.with_extension("new");
    fs::write(&beside, content)?;
    Ok(fs::rename(&beside, path)?)
}

/// A file as it is, put back in the end.
struct Original {
    path: PathBuf,
    content: Vec<u8>,
}

impl Original {
    fn of(path: PathBuf) -> Result<Self> {
        let content = fs::read(&path).with_context(|| path.display().to_string())?;
        *CHANGED.lock().unwrap_or_else(PoisonError::into_inner) = Some((path.clone(), content.clone()));
        Ok(Self { path, content })
    }

    fn replace(&self, content: &[u8]) -> Result<()> {
        replace(&self.path, content)
    }
}

impl Drop for Original {
    fn drop(&mut self) {
        put_back();
    }
}

/// Requests at a steady pace, until it is ended.
struct Load {
    stop: Arc<AtomicBool>,
    sending: tokio::task::JoinHandle<Result<Times>>,
}

impl Load {
    fn start(ours: &Program, token: &str) -> Self {
        let stop = Arc::<AtomicBool>::default();
        let sending = tokio::spawn(send(ours.url.clone(), token.to_owned(), Arc::clone(&stop)));
        Self { stop, sending }
    }

    /// The times of its answers.
    ///
    /// # Errors
    /// One was refused, or did not come.
    async fn end(self) -> Result<Times> {
        self.stop.store(true, Ordering::Relaxed);
        self.sending.await?
    }
}

async fn send(url: String, token: String, stop: Arc<AtomicBool>) -> Result<Times> {
    let client = reqwest::Client::new();
    let mut requests = tokio::task::JoinSet::new();
    let mut clock = tokio::time::interval(PACE);
    for path in OTHERS.iter().cycle() {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        clock.tick().await;
        let request = client.get(format!("{url}{path}")).bearer_auth(&token);
        requests.spawn(async move {
            let begun = Instant::now();
            let answer = request.send().await?;
            let status = answer.status();
            answer.bytes().await?;
            match status.is_success() {
                true => Ok(begun.elapsed()),
                false => bail!("{path}: {status}"),
            }
        });
    }
    let times = requests.join_all().await.into_iter().collect::<Result<Vec<_>>>()?;
    Ok(Times::of(times))
}
