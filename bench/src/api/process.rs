//! What a process uses, as the kernel counts it.

use std::fs;

use anyhow::{Context as _, Result};

/// Clock ticks a second in /proc: the same on every Linux.
const TICKS: f64 = 100.0;

/// CPU that the process has used so far in all its threads, in seconds; to a hundredth.
///
/// # Errors
/// There is no such process.
pub fn cpu(pid: u32) -> Result<f64> {
    let stat = read(pid, "stat")?;
    // The name may have spaces; utime and stime are the 12th and 13th field after it.
    let fields: Vec<&str> = stat.rsplit_once(')').map_or("", |(_, rest)| rest).split_whitespace().collect();
    let ticks = |index: usize| fields.get(index).and_then(|text| text.parse::<f64>().ok());
    ticks(11).zip(ticks(12)).map(|(user, system)| (user + system) / TICKS).context("no times in its stat")
}

/// Memory that the process has now, in MiB.
///
/// # Errors
/// There is no such process.
pub fn memory(pid: u32) -> Result<f64> {
    status(pid, "VmRSS:")
}

/// The most memory that the process has had since [`forget_peak`], in MiB.
///
/// # Errors
/// There is no such process.
pub fn peak(pid: u32) -> Result<f64> {
    status(pid, "VmHWM:")
}

/// Count the most memory from now on.
///
/// # Errors
/// There is no such process, or it is somebody else's.
pub fn forget_peak(pid: u32) -> Result<()> {
    fs::write(format!("/proc/{pid}/clear_refs"), "5").with_context(|| format!("process {pid}"))
}

fn status(pid: u32, name: &str) -> Result<f64> {
    let status = read(pid, "status")?;
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    let kib = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<f64>().ok());
    Ok(kib.with_context(|| format!("no {name} in its status"))? / 1024.0)
}

fn read(pid: u32, file: &str) -> Result<String> {
    fs::read_to_string(format!("/proc/{pid}/{file}")).with_context(|| format!("process {pid}"))
}
