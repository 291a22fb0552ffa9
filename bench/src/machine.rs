//! What the figures were taken on.

use anyhow::Result;
use tokio_postgres::Client;

/// Print the machine's shape and the servers' versions.
pub async fn print(database: &Client) -> Result<()> {
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let field = |text: &str, name: &str| {
        let line = text.lines().find(|line| line.starts_with(name));
        line.and_then(|line| line.split_once(':'))
            .map(|(_, value)| value.trim().to_owned())
            .unwrap_or_default()
    };
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let memory = field(&read("/proc/meminfo"), "MemTotal");
    println!("machine: {cores} cores, {}, memory {memory}", field(&read("/proc/cpuinfo"), "model name"));
    println!("         load before: {}", read("/proc/loadavg").trim());

    let setting = async |name: &str| -> Result<String> {
        Ok(database.query_one(&format!("SHOW {name}"), &[]).await?.get(0))
    };
    println!(
        "         PostgreSQL {}, shared_buffers {}, fsync {}, synchronous_commit {}",
        setting("server_version").await?,
        setting("shared_buffers").await?,
        setting("fsync").await?,
        setting("synchronous_commit").await?
    );
    println!("         everything on this one machine, the load as well");
    Ok(())
}
