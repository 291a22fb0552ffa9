//! The compiler for wasm32-wasip2: rustup's target where it can be had, else Debian's rustc with the standard
//! library built from source.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use super::{apt, wasi_libc};
use crate::paths::Paths;
use crate::progress::step;
use crate::run::Run;

/// The target of all components.
pub const TARGET: &str = "wasm32-wasip2";
/// rustup hangs where it cannot reach its server.
const RUSTUP_WITHIN: Duration = Duration::from_secs(20);
/// `debian` here takes the second way even where the first would do: to test it.
const CHOICE: &str = "TIMETRACKER_WASM_TOOLCHAIN";
const DEBIAN_RUSTC: &str = "/usr/bin/rustc";
const DEBIAN_CARGO: &str = "/usr/bin/cargo";
const DEBIAN_SOURCE: &str = "/usr/src";

/// How components are compiled on this machine.
#[derive(Clone, Debug)]
pub enum Toolchain {
    /// rustup has the target.
    Rustup,
    /// Debian's compiler.
    Debian {
        /// PATH with rustup's linkers first.
        path: OsString,
        /// The folder of wasi-libc.
        libc: PathBuf,
    },
}

impl Toolchain {
    /// Finds or installs it.
    pub fn ensure(paths: &Paths) -> Result<Self> {
        let only_debian = std::env::var(CHOICE).is_ok_and(|choice| choice == "debian");
        if !only_debian && (rustup_has_target() || (!debian_is_complete(paths) && rustup_adds_target())) {
            return Ok(Self::Rustup);
        }
        apt::ensure(paths, &["rustc-web", "cargo-web", "rust-web-src"], debian_is_installed).with_context(
            || {
                format!(
                    "rustup cannot bring the target ({RUSTUP_WITHIN:?} tried: `rustup target add {TARGET}`)"
                )
            },
        )?;
        Ok(Self::Debian { libc: wasi_libc::ensure(paths)?, path: path_with_linkers()? })
    }

    /// What is there already, without installing; `None` where components were never built.
    pub fn found(paths: &Paths) -> Result<Option<Self>> {
        if rustup_has_target() {
            Ok(Some(Self::Rustup))
        } else if debian_is_complete(paths) {
            Self::ensure(paths).map(Some)
        } else {
            Ok(None)
        }
    }

    /// The cargo to call.
    pub fn cargo(&self) -> &Path {
        Path::new(match self {
            Self::Rustup => "cargo",
            Self::Debian { .. } => DEBIAN_CARGO,
        })
    }

    /// The variables that make a plain `cargo build --target wasm32-wasip2` work. They are the same at every call:
    /// other flags would rebuild the standard library.
    pub fn environment(&self) -> Vec<(OsString, OsString)> {
        let Self::Debian { path, libc } = self else { return Vec::new() };
        let libc = libc.display();
        let flags = format!("-L {libc} -C link-self-contained=no -C link-arg={libc}/crt1-reactor.o");
        vec![
            ("PATH".into(), path.clone()),
            ("RUSTC".into(), DEBIAN_RUSTC.into()),
            ("CARGO".into(), DEBIAN_CARGO.into()),
            ("RUSTC_BOOTSTRAP".into(), "1".into()),
            ("CARGO_UNSTABLE_BUILD_STD".into(), "std,panic_abort".into()),
            ("CARGO_TARGET_WASM32_WASIP2_RUSTFLAGS".into(), flags.into()),
        ]
    }
}

fn rustup_has_target() -> bool {
    let installed =
        Run::new("rustup").args(["target", "list", "--installed"]).output(Duration::from_secs(10));
    installed.is_ok_and(|list| list.lines().any(|line| line.trim() == TARGET))
}

fn rustup_adds_target() -> bool {
    let added = step("rustup target add", |_| {
        Run::new("rustup").args(["target", "add", TARGET]).output(RUSTUP_WITHIN)
    });
    added.is_ok() && rustup_has_target()
}

/// True when an earlier call took the Debian way to its end: rustup then need not be tried again.
fn debian_is_complete(paths: &Paths) -> bool {
    debian_is_installed() && paths.tools.join("wasi-libc").is_dir()
}

fn debian_is_installed() -> bool {
    Path::new(DEBIAN_RUSTC).is_file()
        && Path::new(DEBIAN_CARGO).is_file()
        && Path::new(DEBIAN_SOURCE).is_dir()
        && apt::is_installed("rust-web-src")
}

/// wasm-component-ld and wasm-ld come with rustup's own toolchain.
fn path_with_linkers() -> Result<OsString> {
    let sysroot = Run::new("rustc").args(["--print", "sysroot"]).output(Duration::from_secs(10))?;
    let bin = Path::new(sysroot.trim()).join("lib/rustlib/x86_64-unknown-linux-gnu/bin");
    if !bin.join("wasm-component-ld").is_file() {
        bail!("{} has no wasm-component-ld: install Rust by rustup", bin.display());
    }
    let rest = std::env::var_os("PATH").unwrap_or_default();
    std::env::join_paths([bin.clone(), bin.join("gcc-ld")].into_iter().chain(std::env::split_paths(&rest)))
        .context("PATH cannot be joined")
}
