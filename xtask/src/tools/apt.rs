//! Debian packages: installed as root, named with the command to run otherwise.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::{fs, process::Command};

use anyhow::{Context, Result, bail};

use super::{log, on_path};
use crate::paths::{Paths, is_root};
use crate::progress::step;
use crate::run::Run;

/// apt takes one caller at a time.
static APT: Mutex<()> = Mutex::new(());

/// Installs the packages unless `is_there` finds what they bring.
pub fn ensure(paths: &Paths, packages: &[&str], is_there: impl Fn() -> bool) -> Result<()> {
    if is_there() {
        return Ok(());
    }
    let command = format!("apt-get install -y --no-install-recommends {}", packages.join(" "));
    if on_path("apt-get").is_none() {
        bail!(
            "{} is missing and there is no apt-get: install it by your system's means",
            packages.join(", ")
        );
    }
    if !is_root() {
        bail!("{} is missing: run `sudo {command}`, then this again", packages.join(", "));
    }
    step(&format!("install {}", packages.join(", ")), |working| -> Result<()> {
        working.detail("waiting for another installation");
        let _one_at_a_time = APT.lock().unwrap_or_else(PoisonError::into_inner);
        let _no_start = NoServiceStart::set();
        let apt = |args: &[&str]| {
            Run::new("apt-get")
                .args(["-q", "-o", "DPkg::Lock::Timeout=300", "-o", "Acquire::Retries=2"])
                .args(args)
                .env("DEBIAN_FRONTEND", "noninteractive")
                .on_parent_death("TERM")
                .to_end(&log(paths), working)
        };
        let install = [&["install", "-y", "--no-install-recommends"][..], packages].concat();
        // The lists may be old or absent; they are fetched only when the packages cannot be had without.
        if apt(&install).is_err() {
            apt(&["update"]).or_else(|error| {
                // A source of other software that cannot be reached must not stop this one.
                crate::progress::say(&format!("! {error:#}"));
                Ok::<(), anyhow::Error>(())
            })?;
            apt(&install).with_context(|| format!("run `{command}` by hand to see what is wrong"))?;
        }
        Ok(())
    })?;
    if is_there() {
        Ok(())
    } else {
        bail!("`{command}` ended well but brought nothing usable: look at its packages")
    }
}

/// Keeps Debian's packages from starting their own servers under systemd: ours run on ports of their own.
struct NoServiceStart(Option<&'static Path>);

impl NoServiceStart {
    fn set() -> Self {
        let policy = Path::new("/usr/sbin/policy-rc.d");
        let made = !policy.exists()
            && fs::write(policy, "#!/bin/sh\nexit 101\n").is_ok()
            && fs::set_permissions(policy, fs::Permissions::from_mode(0o755)).is_ok();
        Self(made.then_some(policy))
    }
}

impl Drop for NoServiceStart {
    fn drop(&mut self) {
        if let Some(policy) = self.0 {
            let _ = fs::remove_file(policy);
        }
    }
}

/// Where this machine gets Debian from, and how it checks the signatures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mirror {
    /// The archive's address.
    pub uri: String,
    /// The keyring, when the source names one.
    pub signed_by: Option<String>,
}

/// The mirror of the distribution itself, out of apt's configuration.
pub fn debian_mirror() -> Result<Mirror> {
    let mut files = vec![Path::new("/etc/apt/sources.list").to_path_buf()];
    let listed = fs::read_dir("/etc/apt/sources.list.d").into_iter().flatten().flatten();
    files.extend(listed.map(|entry| entry.path()));
    files.sort();
    files
        .iter()
        .filter_map(|file| {
            let text = fs::read_to_string(file).ok()?;
            match file.extension()?.to_str()? {
                "sources" => from_deb822(&text),
                "list" => from_one_line(&text),
                _ => None,
            }
        })
        .next()
        .context("apt's configuration names no Debian mirror: add one below /etc/apt/sources.list.d")
}

fn is_debian_archive(uri: &str) -> bool {
    let path = uri.trim_end_matches('/');
    path.ends_with("/debian") && !path.contains("security")
}

/// One-line style: `deb [signed-by=…] URI suite component…`.
fn from_one_line(text: &str) -> Option<Mirror> {
    text.lines().find_map(|line| {
        let rest = line.trim().strip_prefix("deb ")?.trim();
        let (options, rest) = match rest.strip_prefix('[') {
            Some(with) => with.split_once(']')?,
            None => ("", rest),
        };
        let mut words = rest.split_whitespace();
        let uri = words.next()?;
        words.next()?;
        let main = words.any(|component| component == "main");
        let signed_by = options.split_whitespace().find_map(|option| option.strip_prefix("signed-by="));
        (main && is_debian_archive(uri))
            .then(|| Mirror { uri: uri.into(), signed_by: signed_by.map(Into::into) })
    })
}

/// DEB822 style: paragraphs of `Field: value`.
fn from_deb822(text: &str) -> Option<Mirror> {
    text.split("\n\n").find_map(|paragraph| {
        let field = |name: &str| {
            paragraph.lines().find_map(|line| {
                let (key, value) = line.split_once(':')?;
                key.trim().eq_ignore_ascii_case(name).then(|| value.trim().to_string())
            })
        };
        if field("Enabled").is_some_and(|enabled| enabled.eq_ignore_ascii_case("no")) {
            return None;
        }
        let has = |name: &str, word: &str| {
            field(name).is_some_and(|text| text.split_whitespace().any(|w| w == word))
        };
        if !(has("Types", "deb") && has("Components", "main")) {
            return None;
        }
        let uri = field("URIs")?.split_whitespace().find(|uri| is_debian_archive(uri))?.to_string();
        Some(Mirror { uri, signed_by: field("Signed-By").filter(|path| path.starts_with('/')) })
    })
}

/// Runs apt-get with a configuration of its own (`options`), for a suite that the system does not use.
pub fn private(paths: &Paths, folder: &Path, options: &[String], args: &[&str]) -> Result<()> {
    let _one_at_a_time = APT.lock().unwrap_or_else(PoisonError::into_inner);
    let options = options.iter().flat_map(|option| ["-o".to_string(), option.clone()]);
    step(&format!("apt-get {}", args.join(" ")), |working| {
        Run::new("apt-get").args(["-q"]).args(options).args(args).folder(folder).to_end(&log(paths), working)
    })
}

/// True when dpkg knows the package as installed.
pub fn is_installed(package: &str) -> bool {
    Command::new("dpkg-query")
        .args(["-W", "-f", "${Status}", package])
        .output()
        .is_ok_and(|out| String::from_utf8_lossy(&out.stdout) == "install ok installed")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_mirror_is_read_from_a_deb822_source_and_not_its_security_sibling() {
        let text = "Types: deb\n# a comment\nURIs: http://mirror.example/debian-security\nSuites: bookworm-security\n\
                    Components: main\n\nTypes: deb\nURIs: http://mirror.example/debian\nSuites: bookworm\n\
                    Components: main\nSigned-By: /usr/share/keyrings/debian-archive-keyring.gpg\n";
        assert_eq!(
            from_deb822(text),
            Some(Mirror {
                uri: "http://mirror.example/debian".into(),
                signed_by: Some("/usr/share/keyrings/debian-archive-keyring.gpg".into())
            })
        );
        assert_eq!(from_deb822(&text.replace("/debian\n", "/node\n")), None);
        assert_eq!(from_deb822(&format!("Enabled: no\n{}", text.split("\n\n").nth(1).unwrap())), None);
    }

    #[test]
    fn the_mirror_is_read_from_one_line_sources() {
        let text = "# deb http://old.example/debian bookworm main\ndeb http://other.example node main\n\
                    deb [arch=amd64 signed-by=/k.gpg] http://mirror.example/debian/ bookworm main contrib\n";
        assert_eq!(
            from_one_line(text),
            Some(Mirror { uri: "http://mirror.example/debian/".into(), signed_by: Some("/k.gpg".into()) })
        );
        assert_eq!(from_one_line("deb http://mirror.example/debian bookworm contrib"), None);
    }
}
