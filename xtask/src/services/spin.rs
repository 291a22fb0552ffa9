//! The Spin application: served by our runtime, or by a real `spin` when asked for.

use std::ffi::OsStr;
use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result};
use rustix::process::Signal;

use crate::build::{Pace, component_environment};
use crate::env;
use crate::paths::Paths;
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

/// Where cargo puts the components in the clone.
const COMPONENTS: &str = "target/wasm32-wasip2/release";

/// The service.
pub fn prepare(setup: &Setup, serving: Serving, toolchain: Option<&Toolchain>) -> Result<Spec> {
    let (paths, listen) = (&setup.paths, format!("127.0.0.1:{}", setup.ports.spin));
    let state = paths.state.join("spin");
    // What builds and watches, or is the caller's own `spin`, works in the clone as the caller.
    let in_clone = serving.watch || serving.real_spin;
    let (manifest, user) = match (&paths.server_user, in_clone) {
        (Some(user), false) => (stage(paths)?, Some(user)),
        _ => (paths.repo.join("spin.toml"), None),
    };
    paths.server_folder(&state)?;
    paths.give_all_to_servers(&state)?;
    let run = if serving.real_spin {
        let spin = on_path("spin")
            .context("--with-spin needs Spin 4.1 or newer on PATH: install it, or leave it out")?;
        Run::new(spin)
            .args(["up", "--listen", &listen, "-f"])
            .args([&manifest])
            .args(["--state-dir"])
            .args([&state])
            // As our runtime has it without being told: an instance remembers whom it knows.
            .args(["--max-instance-reuse-count", "4096"])
    } else {
        let binary = if in_clone { paths.binary("runtime") } else { paths.server_binary("runtime")? };
        Run::new(binary)
            .user(user)
            .args(["up", "--listen", &listen, "-f"])
            .args([&manifest])
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
        run: run
            .envs(env::spin(setup))
            .folder(manifest.parent().unwrap_or(&paths.repo))
            .on_parent_death("TERM"),
        ready: Probe::Http(setup.ports.spin, "/.well-known/spin/health".into()),
        ready_within: Duration::from_secs(180),
        stop: Signal::TERM,
        stop_within: Duration::from_secs(15),
    })
}

/// A copy of all that the manifest names, for the servers' user.
fn stage(paths: &Paths) -> Result<PathBuf> {
    let folder = paths.state.join("app");
    paths.server_folder(&folder)?;
    for part in ["spin.toml", "web/dist", "openapi"] {
        let target = folder.join(part);
        paths.server_folder(target.parent().unwrap_or(&folder))?;
        paths.server_copy(&paths.repo.join(part), &target)?;
    }
    let components = paths.repo.join(COMPONENTS);
    let staged = folder.join(COMPONENTS);
    for folder in staged.ancestors().take(3).collect::<Vec<_>>().into_iter().rev() {
        paths.server_folder(folder)?;
    }
    for entry in
        fs::read_dir(&components).with_context(|| format!("{} cannot be read", components.display()))?
    {
        let file = entry?.path();
        if let (Some("wasm"), Some(name)) = (file.extension().and_then(OsStr::to_str), file.file_name()) {
            paths.server_copy(&file, &staged.join(name))?;
        }
    }
    Ok(folder.join("spin.toml"))
}
