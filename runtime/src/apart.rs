//! Compiling in a process of its own before a start: what it takes (some 500 MB) goes with it, while the C library of a
//! process that goes on would keep a third.

use std::io::Read as _;
use std::path::Path;
use std::process::Stdio;

use anyhow::Result;
use runtime::app::{self, Settings};
use tokio::process::Command;

/// Start [`compile`] and wait for it. Whatever it cannot do is done, or told, by the start itself.
pub async fn have_compiled(settings: &Settings) {
    let compiling = async {
        let mut child = Command::new(std::env::current_exe()?)
            .arg("compile")
            .args([&settings.manifest, &settings.cache_dir])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()?;
        let _held = child.stdin.take();
        child.wait().await
    };
    match compiling.await {
        Ok(status) => tracing::debug!("compiled apart: {status}"),
        Err(error) => tracing::warn!("nothing could be compiled in a process of its own: {error}"),
    }
}

/// Compile all that is served into the cache, as long as the process at the other end of the standard input is there.
pub async fn compile(manifest: &Path, cache_dir: &Path) -> Result<()> {
    std::thread::spawn(|| {
        _ = std::io::stdin().read(&mut [0]);
        std::process::exit(1);
    });
    app::compile(manifest, cache_dir).await
}
