//! Where everything lives: the clone, the tools shared by all clones, and the state of this clone.
//!
//! Nothing but build output is written into the clone, so that it can be deleted or moved freely.

use std::fs;
use std::os::unix::fs::{PermissionsExt, chown, lchown};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};

/// The system user that runs the servers when xtask itself runs as root (they refuse root).
pub const SERVER_USER: &str = "timetracker";

/// The user that the servers run as, when it is another than the one that called xtask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerUser {
    /// Numeric user id.
    pub uid: u32,
    /// Numeric group id.
    pub gid: u32,
}

/// All folders, absolute.
#[derive(Clone, Debug)]
pub struct Paths {
    /// The clone.
    pub repo: PathBuf,
    /// Installed tools, shared by all clones of this user.
    pub tools: PathBuf,
    /// The local certificate authority, shared by all clones of this user, so that it is trusted once.
    pub ca: PathBuf,
    /// Data, secrets and logs of this clone.
    pub state: PathBuf,
    /// Cargo's target folder of the native crates: the one xtask itself was built in.
    pub target: PathBuf,
    /// What cargo needs while building the components. One per clone: the components' files in it have no hash
    /// in their names, so a clone could take those of another for its own.
    pub build_wasm: PathBuf,
    /// Whom the servers run as; `None` means the calling user.
    pub server_user: Option<ServerUser>,
}

/// True when xtask runs as root.
pub fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

impl Paths {
    /// Finds the folders; `variant` tells stacks of one clone apart (other ports, tests) and may be empty.
    pub fn find(variant: &str) -> Result<Self> {
        let repo = repo_root()?;
        let (tools, state_root) = if is_root() {
            (PathBuf::from("/var/cache/timetracker"), PathBuf::from("/var/lib/timetracker"))
        } else {
            let home = home()?;
            let folder = |name: &str, usual: &str| {
                std::env::var_os(name).map_or_else(|| home.join(usual), PathBuf::from)
            };
            (
                folder("XDG_CACHE_HOME", ".cache").join("timetracker/tools"),
                folder("XDG_STATE_HOME", ".local/state").join("timetracker"),
            )
        };
        let state = state_root.join(format!("{}{variant}", clone_name(&repo)));
        Ok(Self {
            ca: state_root.join("ca"),
            target: native_target(&repo)?,
            build_wasm: wasm_build(&repo)?,
            server_user: None,
            repo,
            tools,
            state,
        })
    }

    /// Pid records, the control socket and rendered configuration of the running stack.
    pub fn run(&self) -> PathBuf {
        self.state.join("run")
    }

    /// One log file per service and per build step.
    pub fn logs(&self) -> PathBuf {
        self.state.join("logs")
    }

    /// The unix socket of the running stack.
    pub fn control_socket(&self) -> PathBuf {
        self.run().join("control.sock")
    }

    /// A native binary of the workspace.
    pub fn binary(&self, name: &str) -> PathBuf {
        self.target.join("debug").join(name)
    }

    /// Makes the folders and, as root, the system user that runs the servers.
    pub fn prepare(&mut self) -> Result<()> {
        for folder in [&self.tools, &self.state, &self.run(), &self.logs(), &self.ca] {
            make_folder(folder)?;
        }
        if is_root() {
            self.server_user = Some(server_user()?);
        }
        // Whatever a service writes below them, with whatever mode: nobody else gets there.
        for folder in [&self.state, &self.run()] {
            let mode = if self.server_user.is_some() { 0o710 } else { 0o700 };
            fs::set_permissions(folder, fs::Permissions::from_mode(mode))?;
            chown(folder, None, self.server_user.as_ref().map(|user| user.gid))?;
        }
        fs::set_permissions(self.logs(), fs::Permissions::from_mode(0o700))?;
        Ok(())
    }

    /// A native binary of the workspace, where the servers' user finds it.
    pub fn server_binary(&self, name: &str) -> Result<PathBuf> {
        let built = self.binary(name);
        if self.server_user.is_none() {
            return Ok(built);
        }
        let folder = self.state.join("bin");
        self.server_folder(&folder)?;
        let binary = folder.join(name);
        let _ = fs::remove_file(&binary);
        // Another file system: a copy.
        fs::hard_link(&built, &binary)
            .or_else(|_| fs::copy(&built, &binary).map(drop))
            .with_context(|| format!("{} cannot be made", binary.display()))?;
        Ok(binary)
    }

    /// Copies a file or a folder for the servers' user, who may not be allowed to read the clone.
    pub fn server_copy(&self, from: &Path, to: &Path) -> Result<()> {
        let unreadable = || format!("{} cannot be read", from.display());
        if !from.is_dir() {
            return self.server_file(to, fs::read(from).with_context(unreadable)?);
        }
        if to.exists() {
            fs::remove_dir_all(to).with_context(|| format!("{} cannot be cleared", to.display()))?;
        }
        self.server_folder(to)?;
        for entry in fs::read_dir(from).with_context(unreadable)? {
            let name = entry.with_context(unreadable)?.file_name();
            self.server_copy(&from.join(&name), &to.join(&name))?;
        }
        Ok(())
    }

    /// Makes a folder that only the servers' user may read.
    pub fn server_folder(&self, folder: &Path) -> Result<()> {
        make_folder(folder)?;
        fs::set_permissions(folder, fs::Permissions::from_mode(0o700))?;
        self.give_to_servers(folder)
    }

    /// Writes a file that only the servers' user may read.
    pub fn server_file(&self, file: &Path, content: impl AsRef<[u8]>) -> Result<()> {
        write_private(file, content)?;
        self.give_to_servers(file)
    }

    /// Makes the servers' user the owner of all in a folder, which an older version or `--watch` ran as root in.
    pub fn give_all_to_servers(&self, folder: &Path) -> Result<()> {
        for entry in fs::read_dir(folder).with_context(|| format!("{} cannot be read", folder.display()))? {
            let path = entry?.path();
            self.give_to_servers(&path)?;
            if path.is_dir() && !path.is_symlink() {
                self.give_all_to_servers(&path)?;
            }
        }
        Ok(())
    }

    /// Makes the servers' user its owner.
    pub fn give_to_servers(&self, path: &Path) -> Result<()> {
        if let Some(user) = &self.server_user {
            lchown(path, Some(user.uid), Some(user.gid))
                .with_context(|| format!("{} cannot be given to {SERVER_USER}", path.display()))?;
        }
        Ok(())
    }
}

/// Makes a folder and its parents, saying which one failed.
pub fn make_folder(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))
}

/// Writes a file that only its owner may read (mode 0600 from its first byte on). It is there in whole or as it was.
pub fn write_private(file: &Path, content: impl AsRef<[u8]>) -> Result<()> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    let mut part = file.as_os_str().to_owned();
    part.push(".part");
    let _ = fs::remove_file(&part);
    fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&part)
        .and_then(|mut open| open.write_all(content.as_ref()))
        .and_then(|()| fs::rename(&part, file))
        .with_context(|| format!("{} cannot be written", file.display()))
}

/// The first 8 hexadecimal digits of the SHA-256 of `text`.
pub fn short_hash(text: &[u8]) -> String {
    Sha256::digest(text).iter().take(4).map(|byte| format!("{byte:02x}")).collect()
}

fn clone_name(repo: &Path) -> String {
    let name = repo.file_name().map_or_else(|| "clone".into(), |name| name.to_string_lossy());
    format!("{name}-{}", short_hash(repo.as_os_str().as_encoded_bytes()))
}

fn repo_root() -> Result<PathBuf> {
    let crate_folder = std::env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    let repo = crate_folder.parent().unwrap_or(&crate_folder).to_path_buf();
    if !repo.join("spin.toml").is_file() {
        bail!("{} has no spin.toml: run `cargo xtask` inside a clone of the project", repo.display());
    }
    repo.canonicalize().context("the clone's folder cannot be read")
}

fn home() -> Result<PathBuf> {
    std::env::var_os("HOME").map(PathBuf::from).context("HOME is not set: set it to your home folder")
}

/// xtask is at `<target>/debug/xtask`: building beside it compiles nothing twice.
fn native_target(repo: &Path) -> Result<PathBuf> {
    if let Some(set) = std::env::var_os("CARGO_TARGET_DIR") {
        return std::path::absolute(set).context("CARGO_TARGET_DIR is not a usable path");
    }
    let exe = std::env::current_exe().context("the path of xtask itself cannot be read")?;
    let folder = exe.parent().filter(|folder| folder.ends_with("debug")).and_then(Path::parent);
    Ok(folder.map_or_else(|| repo.join("target"), Path::to_path_buf))
}

fn wasm_build(repo: &Path) -> Result<PathBuf> {
    let cache = match std::env::var_os("XDG_CACHE_HOME") {
        Some(folder) => PathBuf::from(folder),
        None => home()?.join(".cache"),
    };
    Ok(cache.join("timetracker/components").join(clone_name(repo)))
}

fn server_user() -> Result<ServerUser> {
    let id = |flag: &str| -> Option<u32> {
        let out = Command::new("id").args([flag, SERVER_USER]).output().ok()?;
        String::from_utf8_lossy(&out.stdout).trim().parse().ok()
    };
    if id("-u").is_none() {
        let made = Command::new("useradd")
            .args(["--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"])
            .args(["--shell", "/usr/sbin/nologin", SERVER_USER])
            .output()
            .context("useradd cannot be run: install the package passwd")?;
        if !made.status.success() && id("-u").is_none() {
            bail!(
                "the system user {SERVER_USER} cannot be made ({}): run `useradd --system --user-group {SERVER_USER}`",
                String::from_utf8_lossy(&made.stderr).trim()
            );
        }
    }
    match (id("-u"), id("-g")) {
        (Some(uid), Some(gid)) => Ok(ServerUser { uid, gid }),
        _ => bail!("the system user {SERVER_USER} has no id: run `id {SERVER_USER}` to see why"),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn two_clones_of_one_name_have_their_own_state() {
        let a = clone_name(Path::new("/home/a/timetracker"));
        let b = clone_name(Path::new("/home/b/timetracker"));
        assert!(a.starts_with("timetracker-") && b.starts_with("timetracker-"));
        assert_ne!(a, b);
        assert_eq!(a, clone_name(Path::new("/home/a/timetracker")));
    }

    #[test]
    fn a_private_file_is_private_even_when_it_was_not_before() {
        let file = std::env::temp_dir().join(format!("xtask-private-{}", std::process::id()));
        fs::write(&file, "old").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
        write_private(&file, "new").unwrap();
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::read_to_string(&file).unwrap(), "new");
        fs::remove_file(&file).unwrap();
    }
}
