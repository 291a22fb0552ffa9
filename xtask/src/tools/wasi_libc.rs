//! wasi-libc for wasip2, where rustup cannot bring it: Debian's package of suite trixie, from the machine's own
//! mirror and with its signatures checked, unpacked into the tools folder. The system itself is not changed.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};

use super::{apt, install, log};
use crate::paths::{Paths, is_root, make_folder};
use crate::run::Run;

const SUITE: &str = "trixie";
const KEYRING: &str = "/usr/share/keyrings/debian-archive-keyring.gpg";

/// The folder with crt1-reactor.o and libc.a.
pub fn ensure(paths: &Paths) -> Result<PathBuf> {
    let folder = install(paths, "wasi-libc", "wasi-libc", |folder, working| {
        let mirror = apt::debian_mirror()?;
        let signed_by = mirror.signed_by.unwrap_or_else(|| KEYRING.into());
        let apt_folder = folder.join("apt");
        for name in ["lists/partial", "cache/archives/partial"] {
            make_folder(&apt_folder.join(name))?;
        }
        let sources = apt_folder.join("wasi.sources");
        fs::write(
            &sources,
            format!(
                "Types: deb\nURIs: {}\nSuites: {SUITE}\nComponents: main\nSigned-By: {signed_by}\n",
                mirror.uri
            ),
        )?;
        let mut options = vec![
            format!("Dir::Etc::SourceList={}", sources.display()),
            "Dir::Etc::SourceParts=-".into(),
            format!("Dir::State::Lists={}", apt_folder.join("lists").display()),
            format!("Dir::Cache={}", apt_folder.join("cache").display()),
            "Acquire::Languages=none".into(),
            "Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled=false".into(),
        ];
        if is_root() {
            // apt would otherwise drop to a user who cannot write here.
            options.push("APT::Sandbox::User=root".into());
        }
        apt::private(paths, folder, &options, &["update"])?;
        apt::private(paths, folder, &options, &["download", "wasi-libc"])?;
        let package = fs::read_dir(folder)?
            .flatten()
            .map(|entry| entry.path())
            .find(|file| file.extension().is_some_and(|extension| extension == "deb"))
            .context("apt-get download brought no package")?;
        Run::new("dpkg").args(["-x"]).args([&package, &folder.join("root")]).to_end(&log(paths), working)?;
        fs::remove_dir_all(apt_folder)?;
        fs::remove_file(package)?;
        Ok(())
    })?;
    Ok(folder.join("root/usr/lib/wasm32-wasip2"))
}
