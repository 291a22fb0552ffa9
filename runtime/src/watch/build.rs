//! Runs the builds of changed components and says how each ended.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Stdio;
use std::time::Instant;

use tokio::process::Command;

use crate::app::millis;
use crate::component::Loader;

/// Lines of a failed build's output that are kept.
const TAIL: usize = 60;

const KEEP_GOING: &str = "--keep-going";

/// A command, and the components that it builds.
#[derive(Debug, PartialEq, Eq)]
struct Job {
    workdir: String,
    command: String,
    components: BTreeSet<String>,
}

/// Build the components `ids`, all that cargo builds in one call; answers what is wrong with those that failed.
pub async fn run(loader: &Loader, ids: &BTreeSet<String>) -> BTreeMap<String, String> {
    let mut failures = BTreeMap::new();
    for job in jobs(loader, ids) {
        if job.components.iter().any(|id| failures.contains_key(id)) {
            continue;
        }
        let start = Instant::now();
        let names = job.components.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
        let output = Command::new("sh")
            .args(["-c", &job.command])
            .current_dir(loader.root.join(&job.workdir))
            .stdin(Stdio::null())
            .kill_on_drop(true)
            .output()
            .await;
        let failure = match output {
            Ok(output) if output.status.success() => {
                tracing::info!(components = names, ms = millis(start.elapsed()), "built");
                continue;
            }
            Ok(output) => {
                let text = String::from_utf8_lossy(&output.stderr).into_owned();
                let lines: Vec<_> = text.lines().collect();
                let tail = lines[lines.len().saturating_sub(TAIL)..].join("\n");
                format!("the build failed ({}): {}\n{tail}", output.status, job.command)
            }
            Err(error) => format!("the build could not be run: {}: {error}", job.command),
        };
        tracing::error!(components = names, "the old ones serve on: {failure}");
        failures.extend(job.components.into_iter().map(|id| (id, failure.clone())));
    }
    failures
}

/// The commands of `ids` in order; what is the same runs once, and calls of `cargo build` that differ in their packages
/// only are one call.
fn jobs(loader: &Loader, ids: &BTreeSet<String>) -> Vec<Job> {
    let mut jobs: Vec<Job> = Vec::new();
    for id in ids {
        let Some(build) = loader.manifest.component.get(id).and_then(|component| component.build.as_ref())
        else {
            continue;
        };
        let workdir = build.workdir.clone().unwrap_or_else(|| ".".to_owned());
        for command in build.commands() {
            let merged = jobs.iter_mut().filter(|job| job.workdir == workdir).find_map(|job| {
                let merged = merged(&job.command, command)?;
                job.command = merged;
                Some(job)
            });
            match merged {
                Some(job) => drop(job.components.insert(id.clone())),
                None => jobs.push(Job {
                    workdir: workdir.clone(),
                    command: command.clone(),
                    components: BTreeSet::from([id.clone()]),
                }),
            }
        }
    }
    jobs
}

/// One command that does what both do, if there is one.
fn merged(one: &str, other: &str) -> Option<String> {
    if one == other {
        return Some(one.to_owned());
    }
    let (options, mut packages) = cargo_build(one)?;
    let (other_options, others) = cargo_build(other)?;
    if options != other_options {
        return None;
    }
    packages.extend(others);
    // What stops one package should not stop the others.
    let words = ["cargo", "build", KEEP_GOING].into_iter().chain(options.iter().map(String::as_str));
    shlex::try_join(words.chain(packages.iter().flat_map(|package| ["-p", package]))).ok()
}

/// Options and packages of a plain `cargo build`; none where it is something else, or more than one command.
fn cargo_build(command: &str) -> Option<(Vec<String>, BTreeSet<String>)> {
    if command.contains(['|', '&', ';', '<', '>', '$', '`', '\n']) {
        return None;
    }
    let mut words = shlex::split(command)?.into_iter();
    if (words.next()?, words.next()?) != ("cargo".to_owned(), "build".to_owned()) {
        return None;
    }
    let (mut options, mut packages) = (Vec::new(), BTreeSet::new());
    while let Some(word) = words.next() {
        match word.as_str() {
            "-p" | "--package" => drop(packages.insert(words.next()?)),
            KEEP_GOING => {}
            _ => options.push(word),
        }
    }
    (!packages.is_empty()).then_some((options, packages))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_of_the_same_build_are_one_call() {
        let first = merged("cargo build --release -p a", "cargo build --release --package b");
        assert_eq!(first.as_deref(), Some("cargo build --keep-going --release -p a -p b"));
        let second = first.and_then(|first| merged(&first, "cargo build --release -p c"));
        assert_eq!(second.as_deref(), Some("cargo build --keep-going --release -p a -p b -p c"));
    }

    #[test]
    fn what_is_the_same_runs_once() {
        assert_eq!(merged("make all", "make all").as_deref(), Some("make all"));
    }

    #[test]
    fn what_differs_in_more_stays_apart() {
        for other in [
            "cargo build --target wasm32-wasip2 -p b",
            "cargo build --release",
            "cargo build --release -p b && cp a b",
            "cargo test --release -p b",
            "make b",
        ] {
            assert_eq!(merged("cargo build --release -p a", other), None, "{other}");
        }
    }
}
