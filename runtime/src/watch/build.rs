//! Runs the builds of changed components and says how each ended.

use std::collections::BTreeSet;
use std::process::Stdio;
use std::time::Instant;

use tokio::process::Command;

use crate::app::millis;
use crate::component::Loader;

/// Lines of a failed build's output that are shown.
const TAIL: usize = 30;

/// Build the components `ids`, one after the other (they share cargo's lock anyway); a command that several
/// share runs once.
pub async fn run(loader: &Loader, ids: &BTreeSet<String>) {
    let mut done = BTreeSet::new();
    for id in ids {
        let Some(build) = loader.manifest.component.get(id).and_then(|component| component.build.as_ref())
        else {
            continue;
        };
        let folder = loader.root.join(build.workdir.as_deref().unwrap_or("."));
        let start = Instant::now();
        for command in build.commands() {
            if !done.insert((command, build.workdir.as_ref())) {
                continue;
            }
            let output = Command::new("sh")
                .args(["-c", command])
                .current_dir(&folder)
                .stdin(Stdio::null())
                .kill_on_drop(true)
                .output()
                .await;
            match output {
                Ok(output) if output.status.success() => {
                    tracing::info!(component = id, ms = millis(start.elapsed()), "built");
                }
                Ok(output) => {
                    let text = String::from_utf8_lossy(&output.stderr).into_owned();
                    let lines: Vec<_> = text.lines().collect();
                    let tail = lines[lines.len().saturating_sub(TAIL)..].join("\n");
                    tracing::error!(
                        component = id,
                        "the build failed ({}), the old one serves on: {command}\n{tail}",
                        output.status
                    );
                    break;
                }
                Err(error) => {
                    tracing::error!(
                        component = id,
                        "the build could not be run, the old one serves on: {error}"
                    );
                    break;
                }
            }
        }
    }
}
