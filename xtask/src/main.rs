//! `cargo xtask …`: everything a developer runs. `up` brings the whole system up on a fresh machine, `test` tests
//! it, `build` makes the WebAssembly components.

mod build;
mod contract;
mod control;
mod env;
mod halt;
mod leftovers;
mod paths;
mod ports;
mod probe;
mod progress;
mod run;
mod secrets;
mod services;
mod settings;
mod setup;
mod stack;
mod summary;
mod supervisor;
mod test;
mod tls;
mod tools;
mod up;

use std::io::Write;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use clap::{Parser, Subcommand};

use paths::{Paths, make_folder};
use ports::Ports;
use services::spin::{MISSING_IN_REAL_SPIN, Serving};
use setup::{Purpose, Setup};

/// TimeTracker's developer commands. TIMETRACKER_PORT_OFFSET=100 moves every port, for a second stack.
#[derive(Parser)]
#[command(name = "cargo xtask", disable_help_subcommand = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Install what is missing, build, start everything, and stay until Ctrl-C
    Up {
        /// Serve the application by the real `spin` on PATH instead of runtime/
        #[arg(long)]
        with_spin: bool,
        /// Rebuild and swap in a component when its sources are saved
        #[arg(long, conflicts_with = "with_spin")]
        watch: bool,
        /// Start what was built last, as it is
        #[arg(long)]
        no_build: bool,
    },
    /// Build the WebAssembly components and the web app
    Build {
        /// Only this component (may be given several times)
        #[arg(short, long = "package")]
        packages: Vec<String>,
        /// With fat LTO, for a release
        #[arg(long)]
        dist: bool,
    },
    /// Run every check and test on a stack of its own
    Test,
    /// Break everything at random while people work, and count at the end
    Chaos {
        /// For how long
        #[arg(long, default_value_t = 600)]
        seconds: u32,
        /// The seed of an earlier run, to repeat it
        #[arg(long)]
        seed: Option<u32>,
    },
    /// Print figures of the whole system, on a stack of its own
    Bench {
        /// What the benchmark takes: which figures (api, reload, lag, relay, rebuild, summary, export), --entries, --events, --seconds
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Print the environment of all parts as `export` lines
    Env,
    /// Look at, stop or start one service of the running stack
    Service {
        /// What to do; the answer comes when it is done
        #[arg(value_parser = ["status", "start", "stop", "kill", "restart"])]
        verb: String,
        /// postgres, epmd, rabbitmq, keycloak, spin, bridge, reporting or traefik
        name: Option<String>,
    },
    /// Make the passwords and the certificate of a Docker Compose stack (its `setup` service runs this)
    Settings {
        /// Where they are kept
        #[arg(long)]
        folder: std::path::PathBuf,
        /// rabbitmq/definitions.json
        #[arg(long)]
        topology: std::path::PathBuf,
    },
    /// Clear this clone's data, secrets and logs
    Reset {
        /// Without asking
        #[arg(long)]
        yes: bool,
    },
}

fn main() -> ExitCode {
    let outcome = match Cli::parse().command {
        Command::Up { with_spin, watch, no_build } => {
            up(Serving { real_spin: with_spin, watch, deployed: false }, !no_build)
        }
        Command::Build { packages, dist } => build(&packages, dist),
        Command::Test => return test::run(),
        Command::Chaos { seconds, seed } => return test::chaos(seconds, seed),
        Command::Bench { arguments } => test::bench(&arguments),
        Command::Env => print_environment(),
        Command::Service { verb, name } => service(&verb, name.as_deref()),
        Command::Settings { folder, topology } => settings::write(&folder, &topology),
        Command::Reset { yes } => reset(yes),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn usual_setup() -> Result<Setup> {
    let offset = ports::offset_from_environment(0)?;
    Setup::new(Paths::find(&ports::variant(offset))?, Ports::at(offset), Purpose::Use)
}

fn up(serving: Serving, build: bool) -> Result<()> {
    halt::listen()?;
    let setup = usual_setup()?;
    let _running = up::up(&setup, serving, build.then_some(build::Native::Binaries))?;
    halt::check()?;
    if serving.real_spin {
        progress::say(MISSING_IN_REAL_SPIN);
    }
    up::announce(&setup);
    up::wait();
    Ok(())
}

fn build(packages: &[String], dist: bool) -> Result<()> {
    halt::listen()?;
    let mut paths = Paths::find(&ports::variant(ports::offset_from_environment(0)?))?;
    paths.prepare()?;
    build::components(&paths, packages, if dist { build::Pace::Dist } else { build::Pace::Use })?;
    if packages.is_empty() { build::web(&paths) } else { Ok(()) }
}

fn print_environment() -> Result<()> {
    let setup = usual_setup()?;
    let toolchain = tools::wasm::Toolchain::found(&setup.paths)?;
    print!("{}", env::shell(&setup, toolchain.as_ref()));
    Ok(())
}

fn service(verb: &str, name: Option<&str>) -> Result<()> {
    let socket = match std::env::var_os("TIMETRACKER_TEST_CONTROL") {
        Some(socket) => socket.into(),
        None => Paths::find(&ports::variant(ports::offset_from_environment(0)?))?.control_socket(),
    };
    for line in control::request(&socket, format!("{verb} {}", name.unwrap_or_default()).trim())? {
        println!("{line}");
    }
    Ok(())
}

fn reset(yes: bool) -> Result<()> {
    let paths = Paths::find(&ports::variant(ports::offset_from_environment(0)?))?;
    if !paths.state.is_dir() {
        println!("there is nothing to clear");
        return Ok(());
    }
    make_folder(&paths.state)?;
    let _lock = up::lock(&paths.state)?;
    if !yes {
        print!("clear all data, secrets and logs in {}? [y/N] ", paths.state.display());
        std::io::stdout().flush()?;
        let mut answer = String::new();
        std::io::stdin().read_line(&mut answer)?;
        if !answer.trim().eq_ignore_ascii_case("y") {
            bail!("nothing was cleared (use --yes to clear without being asked)");
        }
    }
    std::fs::remove_dir_all(&paths.state)
        .with_context(|| format!("{} cannot be cleared", paths.state.display()))?;
    println!("cleared {}", paths.state.display());
    Ok(())
}
