//! Builds: all native binaries in one cargo call, all components in one, and the web app.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::paths::{Paths, make_folder, short_hash};
use crate::progress::{say, step};
use crate::run::Run;
use crate::tools::{node, wasm};

/// The packages with the binaries that a stack runs.
const NATIVE: [&str; 4] = ["runtime", "bridge", "reporting", "migrations"];

/// What is built natively.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Native {
    /// The binaries that a stack runs.
    Binaries,
    /// All binaries and tests, in the very units that `cargo test --workspace` uses.
    WithTests,
}

/// The native binaries, in the folder that xtask itself was built in.
pub fn native(paths: &Paths, what: Native) -> Result<()> {
    let selection: Vec<&str> = match what {
        Native::Binaries => NATIVE.iter().flat_map(|package| ["--package", package]).collect(),
        Native::WithTests => vec!["--workspace", "--tests"],
    };
    step("build the native binaries", |working| {
        Run::new("cargo")
            .args(["build", "--bins"])
            .args(selection)
            .env("CARGO_TARGET_DIR", &paths.target)
            .folder(&paths.repo)
            .to_end(&paths.logs().join("build-native.log"), working)
    })
}

/// What components are built for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// Quick code.
    Use,
    /// Quick builds after a change: each crate of ours is compiled anew in the parts that changed (a tenth of the time),
    /// which leaves less to optimise across.
    Watching,
    /// The quickest and smallest code, for a release.
    Dist,
}

/// Components to WebAssembly; all of them when none is named. Their files go where spin.toml names them.
pub fn components(paths: &Paths, named: &[String], pace: Pace) -> Result<wasm::Toolchain> {
    let toolchain = wasm::Toolchain::ensure(paths)?;
    let all = component_crates(&paths.repo)?;
    let chosen: Vec<&Component> = match named {
        [] => all.iter().collect(),
        named => named
            .iter()
            .map(|name| {
                all.iter().find(|component| component.name == *name).with_context(|| {
                    let names: Vec<_> = all.iter().map(|component| component.name.as_str()).collect();
                    format!("no component {name:?}; there are: {}", names.join(", "))
                })
            })
            .collect::<Result<_>>()?,
    };
    let profile = if pace == Pace::Dist { "dist" } else { "release" };
    step("build the components", |working| {
        Run::new(toolchain.cargo())
            .args(["build", "--profile", profile, "--target", wasm::TARGET])
            .args(chosen.iter().flat_map(|component| ["--package", &component.name]))
            .envs(component_environment(paths, &toolchain, pace))
            .folder(&paths.repo)
            .to_end(&paths.logs().join("build-components.log"), working)
    })?;
    let built = paths.repo.join("target").join(wasm::TARGET);
    for component in chosen {
        let file = format!("{}.wasm", component.library);
        if pace == Pace::Dist {
            // spin.toml names the files of the release profile.
            replace_if_changed(&built.join("dist").join(&file), &built.join("release").join(&file))?;
        } else if !built.join("release").join(&file).is_file() {
            bail!("the build made no {file}: is {} a cdylib?", component.name);
        }
    }
    Ok(toolchain)
}

/// What makes `cargo build --target wasm32-wasip2` in the clone, by whomever, put its result where spin.toml
/// names it, while all that is in between stays outside the clone.
pub fn component_environment(
    paths: &Paths,
    toolchain: &wasm::Toolchain,
    pace: Pace,
) -> Vec<(OsString, OsString)> {
    let mut variables = toolchain.environment();
    if pace == Pace::Watching {
        variables.push(("CARGO_INCREMENTAL".into(), "1".into()));
    }
    variables.push(("CARGO_TARGET_DIR".into(), paths.repo.join("target").into()));
    variables.push(("CARGO_BUILD_BUILD_DIR".into(), paths.build_wasm.clone().into()));
    variables
}

/// All components and the web app.
pub fn all(paths: &Paths, pace: Pace) -> Result<wasm::Toolchain> {
    let toolchain = components(paths, &[], pace)?;
    web(paths)?;
    Ok(toolchain)
}

struct Component {
    name: String,
    library: String,
}

/// The crates below components/ and the runtime's test guests, if there are any.
fn component_crates(repo: &Path) -> Result<Vec<Component>> {
    let mut found = Vec::new();
    for folder in ["components", "runtime/tests/guests"] {
        for entry in fs::read_dir(repo.join(folder)).into_iter().flatten().flatten() {
            let Ok(manifest) = fs::read_to_string(entry.path().join("Cargo.toml")) else { continue };
            let name = package_name(&manifest)
                .with_context(|| format!("{} has no package name", entry.path().display()))?;
            found.push(Component { library: name.replace('-', "_"), name });
        }
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    if found.is_empty() { bail!("components/ has no crate") } else { Ok(found) }
}

fn package_name(manifest: &str) -> Option<String> {
    let package = manifest.split_once("[package]")?.1;
    let line =
        package.lines().take_while(|line| !line.starts_with('[')).find(|line| line.starts_with("name"))?;
    Some(line.split('"').nth(1)?.to_string())
}

/// Copies the file when its content differs, through a rename, so that a watcher sees one change or none.
fn replace_if_changed(from: &Path, to: &Path) -> Result<bool> {
    let new = fs::read(from).with_context(|| format!("the build made no {}", from.display()))?;
    if fs::read(to).is_ok_and(|old| old == new) {
        return Ok(false);
    }
    make_folder(to.parent().unwrap_or(to))?;
    let part = to.with_extension("part");
    fs::write(&part, new)
        .and_then(|()| fs::rename(&part, to))
        .with_context(|| format!("{} cannot be written", to.display()))?;
    Ok(true)
}

/// The web app into web/dist, when it has a package.json.
pub fn web(paths: &Paths) -> Result<()> {
    let web = paths.repo.join("web");
    if !web.join("package.json").is_file() {
        if !web.join("dist/index.html").is_file() {
            say("web/ has no package.json yet: the web app is not built");
        }
        return make_folder(&web.join("dist"));
    }
    npm_build(paths, "web", "dist/index.html")
}

/// What benchmarks and a test compare the API with, beside the crate `peer-axum`.
pub fn nest_peer(paths: &Paths) -> Result<()> {
    npm_build(paths, "bench/peers/nest", "dist/main.js")
}

/// `npm run build` in a folder of the clone, only when something in it has changed; it makes the file `made`.
fn npm_build(paths: &Paths, name: &str, made: &str) -> Result<()> {
    npm_install(paths, name)?;
    let folder = paths.repo.join(name);
    let stamp = folder.join("node_modules/.built");
    if newest_source_hash(&folder)? == fs::read_to_string(&stamp).unwrap_or_default()
        && folder.join(made).is_file()
    {
        return Ok(());
    }
    step(&format!("build {name}"), |working| {
        npm(paths, name)?.args(["run", "build"]).to_end(&npm_log(paths, name), working)
    })?;
    fs::write(stamp, newest_source_hash(&folder)?)
        .with_context(|| format!("{name}/node_modules is not writable"))
}

/// `npm ci` in a folder of the clone, only when the lock file is another than that of the last time.
fn npm_install(paths: &Paths, name: &str) -> Result<()> {
    let folder = paths.repo.join(name);
    let lock = fs::read(folder.join("package-lock.json"))
        .with_context(|| format!("{name}/package-lock.json is missing: run `npm install`"))?;
    let (stamp, hash) = (folder.join("node_modules/.lock-hash"), short_hash(&lock));
    if fs::read_to_string(&stamp).is_ok_and(|before| before == hash) {
        return Ok(());
    }
    step(&format!("install the packages of {name}"), |working| {
        npm(paths, name)?
            .args(["ci", "--no-audit", "--no-fund"])
            .to_end(&npm_log(paths, name), working)
            .context("check the network, then try again")
    })?;
    fs::write(stamp, hash).with_context(|| format!("{name}/node_modules is not writable"))
}

fn npm_log(paths: &Paths, name: &str) -> PathBuf {
    paths.logs().join(format!("build-{}.log", name.replace('/', "-")))
}

/// npm in a folder of the clone, on a Node that is new enough.
pub fn npm(paths: &Paths, name: &str) -> Result<Run> {
    let node = node::ensure(paths)?;
    Ok(Run::new("npm")
        .folder(paths.repo.join(name))
        .env("PATH", node::path_with(&node)?)
        // Browsers come from the system, never from a download of the test runner's own.
        .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"))
}

/// A hash over the names, sizes and times of the web app's sources.
fn newest_source_hash(web: &Path) -> Result<String> {
    let mut files = Vec::new();
    list(web, &mut files)?;
    files.sort();
    let text: String = files
        .iter()
        .filter_map(|file| {
            let meta = fs::metadata(file).ok()?;
            Some(format!("{} {} {:?}\n", file.display(), meta.len(), meta.modified().ok()?))
        })
        .collect();
    Ok(short_hash(text.as_bytes()))
}

fn list(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("{} cannot be read", folder.display()))? {
        let path = entry?.path();
        let skipped = path
            .file_name()
            .is_some_and(|name| name == "node_modules" || name == "dist" || name == "test-results");
        if path.is_dir() && !skipped {
            list(&path, files)?;
        } else if path.is_file() {
            files.push(path);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_package_name_is_the_packages_and_no_dependencys() {
        let manifest = "[package]\nversion = \"1\"\nname = \"time-entry\"\n[lib]\nname = \"x\"\n";
        assert_eq!(package_name(manifest).as_deref(), Some("time-entry"));
        assert_eq!(package_name("[package]\nversion = \"1\"\n[lib]\nname = \"x\"\n"), None);
    }

    #[test]
    fn an_unchanged_file_is_left_alone() {
        let folder = std::env::temp_dir().join(format!("xtask-replace-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let (from, to) = (folder.join("a"), folder.join("b.wasm"));
        fs::write(&from, "1").unwrap();
        assert!(replace_if_changed(&from, &to).unwrap());
        let before = fs::metadata(&to).unwrap().modified().unwrap();
        assert!(!replace_if_changed(&from, &to).unwrap());
        assert_eq!(fs::metadata(&to).unwrap().modified().unwrap(), before);
        fs::write(&from, "2").unwrap();
        assert!(replace_if_changed(&from, &to).unwrap());
        assert_eq!(fs::read_to_string(&to).unwrap(), "2");
        fs::remove_dir_all(&folder).unwrap();
    }
}
