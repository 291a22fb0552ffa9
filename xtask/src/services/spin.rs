//! The Spin application: served by our runtime, or by a real `spin` when asked for.

use std::time::Duration;

use anyhow::{Context, Result};
use rustix::process::Signal;

use crate::build::{Pace, component_environment};
use crate::env;
use crate::probe::Probe;
use crate::run::Run;
use crate::setup::Setup;
use crate::supervisor::Spec;
use crate::tools::on_path;
use crate::tools::wasm::Toolchain;

/// Which server, and how.
#[derive(Clone, Copy, Debug, Default)]
pub struct Serving {
    /// The real `spin` of PATH instead of our runtime.
    pub real_spin: bool,
    /// Rebuild and swap in a component when its sources are saved.
    pub watch: bool,
    /// Components optimised as a whole, as the images have them.
    pub deployed: bool,
}

/// What the real one lacks, printed when it is used.
pub const MISSING_IN_REAL_SPIN: &str = "real spin: no hot reload of a single component, no shared statement cache, no request metrics by component";

/// The service.
pub fn prepare(setup: &Setup, serving: Serving, toolchain: Option<&Toolchain>) -> Result<Spec> {
    let (paths, listen) = (&setup.paths, format!("127.0.0.1:{}", setup.ports.spin));
    let state = paths.state.join("spin");
    crate::paths::make_folder(&state)?;
    let run = if serving.real_spin {
        let spin = on_path("spin")
            .context("--with-spin needs Spin 4.1 or newer on PATH: install it, or leave it out")?;
        Run::new(spin)
            .args(["up", "--listen", &listen, "-f"])
            .args([paths.repo.join("spin.toml")])
            .args(["--state-dir"])
            .args([&state])
            // As our runtime has it without being told: an instance remembers whom it knows.
            .args(["--max-instance-reuse-count", "4096"])
    } else {
        Run::new(paths.binary("runtime"))
            .args(["up", "--listen", &listen, "-f"])
            .args([paths.repo.join("spin.toml")])
            .args(["--state-dir"])
            .args([&state])
            .args(["--admin", &format!("127.0.0.1:{}", setup.ports.spin_admin)])
            .args(serving.watch.then_some("--watch"))
    };
    // The builds that watching starts need the caller's environment, not only ours.
    let build =
        toolchain.map(|tools| component_environment(paths, tools, Pace::Watching)).unwrap_or_default();
    let run = if serving.watch { run.envs(build) } else { run.clean_environment() };
    Ok(Spec {
        name: "spin",
        run: run.envs(env::spin(setup)).folder(&paths.repo).on_parent_death("TERM"),
        ready: Probe::Http(setup.ports.spin, "/.well-known/spin/health".into()),
        ready_within: Duration::from_secs(180),
        stop: Signal::TERM,
        stop_within: Duration::from_secs(15),
    })
}
