//! `cargo xtask test`: every check and test there is, on a stack of its own with empty data, summed up in one
//! last line `N passed, N failed`.

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};

use crate::build::{self, Native, Pace};
use crate::paths::Paths;
use crate::ports::{self, Ports};
use crate::progress::{self, say, step};
use crate::run::Run;
use crate::services::spin::Serving;
use crate::setup::{Purpose, Setup};
use crate::summary::Counts;
use crate::{contract, env, halt, tools, up};

/// Where the stack of the tests listens when nothing else is asked for: beside the one people use.
const OFFSET: u16 = 1000;
/// How much of a failed runner's output is shown.
const SHOWN: usize = 60;

/// Runs everything; the exit code tells whether all passed.
pub fn run() -> ExitCode {
    summed_up(run_all)
}

/// Runs the long form of the test that breaks everything at random.
pub fn chaos(seconds: u32, seed: Option<u32>) -> ExitCode {
    // Told at its beginning, so that a run that fails can be repeated.
    let seed = seed.unwrap_or_else(|| std::process::id().wrapping_mul(2_654_435_761));
    summed_up(|counts| {
        let setup = setup()?;
        let running = up::up(&setup, Serving::default(), Some(Native::WithTests))?;
        // Of the whole workspace, for the features that were built with: one package by itself is compiled anew.
        let test = ["test", "--workspace", "--test", "chaos", "--", "--nocapture"];
        let test = cargo(&setup, &test)
            .envs(env::tests(&setup))
            .env("TIMETRACKER_CHAOS_SECONDS", seconds.to_string())
            .env("TIMETRACKER_CHAOS_SEED", seed.to_string());
        let checked = check(&setup, counts, "chaos", test);
        drop(running);
        let told = fs::read_to_string(setup.paths.logs().join("chaos.log")).unwrap_or_default();
        told.lines().filter(|line| SAID.iter().any(|word| line.starts_with(word))).for_each(say);
        checked
    })
}

/// Prints figures; it fails only where an answer is wrong.
pub fn bench(arguments: &[String]) -> Result<()> {
    let setup = setup()?;
    tools::wrk::ensure(&setup.paths)?;
    build::nest_peer(&setup.paths)?;
    let deployed = Serving { deployed: true, ..Serving::default() };
    let running = up::up(&setup, deployed, Some(Native::Binaries))?;
    let log = setup.paths.logs().join("bench.log");
    step("build the benchmarks", |working| {
        cargo(&setup, &["build", "--package", "bench"]).to_end(&log, working)
    })?;
    step("build what is compared as it is deployed (once, some ten minutes)", |working| {
        let deployed = ["build", "--profile", "dist", "--package", "runtime", "--package", "peer-axum"];
        cargo(&setup, &deployed).to_end(&log, working)
    })?;
    let run = Run::new(setup.paths.binary("bench"))
        .args(arguments)
        .folder(&setup.paths.repo)
        .envs(env::tests(&setup))
        .env("TIMETRACKER_TEST_NODE", tools::node::ensure(&setup.paths)?)
        .env("TIMETRACKER_BENCH_BINARIES", setup.paths.target.join("dist"))
        // For the builds that `reload` starts.
        .envs(build::component_environment(
            &setup.paths,
            &tools::wasm::Toolchain::ensure(&setup.paths)?,
            Pace::Watching,
        ));
    step("bench", |working| {
        let status = run.each_line(&log, working, |line| say(&line))?;
        if status.success() {
            Ok(())
        } else {
            bail!("the benchmark failed ({status}): see {}", log.display())
        }
    })?;
    drop(running);
    clear_data(&setup.paths)
}

/// What the chaos test says at its end, and of which run it is.
const SAID: [&str; 4] = ["seed ", "changes ", "messages ", "lag "];

fn summed_up(what: impl FnOnce(&mut Counts) -> Result<()>) -> ExitCode {
    let mut counts = Counts::default();
    if let Err(error) = what(&mut counts) {
        eprintln!("\nerror: {error:#}");
        counts.failed += 1;
    }
    println!("\nwhere the time went ({} in all; some steps ran side by side):", progress::total());
    progress::table().iter().for_each(|line| println!("{line}"));
    println!("\n{} passed, {} failed", counts.passed, counts.failed);
    if counts.failed == 0 && counts.passed > 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// A stack of the tests' own, with empty data.
fn setup() -> Result<Setup> {
    halt::listen()?;
    let offset = ports::offset_from_environment(OFFSET)?;
    let paths = Paths::find(&format!("-test{}", ports::variant(offset)))?;
    clear(&paths)?;
    Setup::new(paths, Ports::at(offset), Purpose::Test)
}

fn cargo(setup: &Setup, args: &[&str]) -> Run {
    Run::new("cargo").args(args).env("CARGO_TARGET_DIR", &setup.paths.target).folder(&setup.paths.repo)
}

fn run_all(counts: &mut Counts) -> Result<()> {
    let setup = setup()?;
    // Downloads, while the rest is built.
    let chromium = std::thread::spawn({
        let paths = setup.paths.clone();
        move || {
            // A failure is told where it is needed.
            let _ = tools::schemathesis::ensure(&paths);
            tools::chromium::ensure(&paths)
        }
    });
    let running = up::up(&setup, Serving::default(), Some(Native::WithTests))?;
    let checked = run_checks(&setup, counts, || {
        chromium.join().unwrap_or_else(|_| bail!("xtask itself failed: see the message above"))
    });
    drop(running);
    checked?;
    if counts.failed == 0 { clear_data(&setup.paths) } else { Ok(()) }
}

fn run_checks(setup: &Setup, counts: &mut Counts, chromium: impl FnOnce() -> Result<PathBuf>) -> Result<()> {
    check(setup, counts, "cargo fmt", cargo(setup, &["fmt", "--all", "--check"]))?;
    let clippy = ["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"];
    check(setup, counts, "cargo clippy", cargo(setup, &clippy))?;
    build::nest_peer(&setup.paths)?;
    let node = tools::node::ensure(&setup.paths)?;
    let tests = cargo(setup, &["test", "--workspace", "--no-fail-fast"])
        .envs(env::tests(setup))
        .env("TIMETRACKER_TEST_NODE", &node);
    check(setup, counts, "cargo test", tests)?;
    let npm = |script: &str| -> Result<Run> {
        Ok(build::npm(&setup.paths, "web")?
            .args(["run", script])
            .envs(env::tests(setup))
            .env("CI", "1")
            .env("NO_COLOR", "1")
            .env("TIMETRACKER_TEST_NODE", &node)
            .env("NODE_EXTRA_CA_CERTS", setup.paths.ca.join("ca.pem")))
    };
    check(setup, counts, "web unit tests", npm("test")?)?;
    let browser = npm("test:browser")?.env("TIMETRACKER_TEST_CHROMIUM", chromium()?);
    check(setup, counts, "browser tests", browser)?;
    // Last, for the much that it leaves in the database.
    check(setup, counts, "schemathesis", contract::prepare(setup)?)
}

/// Runs one of them and adds its counts; a failure that no test accounts for counts as one.
fn check(setup: &Setup, counts: &mut Counts, name: &str, run: Run) -> Result<()> {
    halt::check()?;
    let log = setup.paths.logs().join(format!("{}.log", name.replace(' ', "-")));
    let mut own = Counts::default();
    let mut output: Vec<String> = Vec::new();
    let ended = step(name, |working| -> Result<()> {
        let status = run.each_line(&log, working, |line| {
            own.read(&line);
            output.push(line);
        })?;
        if status.success() && own.failed == 0 { Ok(()) } else { bail!("{name} failed ({status})") }
    });
    halt::check()?;
    if let Err(error) = ended {
        own.failed = own.failed.max(1);
        println!("\n--- {error:#}; the end of {}:", log.display());
        output.iter().skip(output.len().saturating_sub(SHOWN)).for_each(|line| println!("{line}"));
        println!("---");
    }
    if own.passed + own.failed > 0 {
        say(&format!("  {name}: {} passed, {} failed", own.passed, own.failed));
    }
    counts.add(own);
    Ok(())
}

/// Everything of an earlier run, unless it is still going on.
fn clear(paths: &Paths) -> Result<()> {
    if !paths.state.is_dir() {
        return Ok(());
    }
    let _lock = up::lock(&paths.state)?;
    crate::leftovers::Records::in_folder(&paths.run())?.end_leftovers();
    fs::remove_dir_all(&paths.state).with_context(|| format!("{} cannot be cleared", paths.state.display()))
}

/// The data of a run that passed; its logs stay.
fn clear_data(paths: &Paths) -> Result<()> {
    for folder in ["postgres", "rabbitmq", "keycloak", "spin"] {
        let folder = paths.state.join(folder);
        if folder.is_dir() {
            fs::remove_dir_all(&folder).with_context(|| format!("{} cannot be cleared", folder.display()))?;
        }
    }
    Ok(())
}
