//! Figures of the running system, each with the shape of the machine and, where another way is the measure, beside
//! that way in the same run. `cargo xtask bench` starts a system of its own and runs this.
//!
//! Nothing here passes or fails: the machines are shared and noisy. It ends with an error only where an answer is wrong.

mod api;
mod export;
mod figures;
mod lag;
mod machine;
mod rebuild;
mod relay;
mod reload;
mod seed;
mod summary;

use anyhow::Result;
use clap::{Parser, ValueEnum};

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
enum Bench {
    /// The API beside NestJS and axum
    Api,
    /// How long after its commit a change is in the reports
    Lag,
    /// The bridge beside a bare publisher, then the consumer
    Relay,
    /// New code in place of old: it changes sources of this repository and puts them back
    Reload,
    /// The read model from the log
    Rebuild,
    /// Summaries over a year beside SQL over the entries
    Summary,
    /// A million entries as CSV
    Export,
}

#[derive(Parser)]
struct Cli {
    /// Which; all where none is named
    benches: Vec<Bench>,
    /// Entries of the year that summaries are made of
    #[arg(long, default_value_t = 10_000_000)]
    entries: i32,
    /// By how many people those are, one after the other
    #[arg(long, default_values_t = [200, 5000])]
    people: Vec<i32>,
    /// Events of the log that is relayed and rebuilt from
    #[arg(long, default_value_t = 300_000)]
    events: i32,
    /// For how long changes are made (60 where nothing is said), or each figure of the API is measured (10)
    #[arg(long)]
    seconds: Option<u32>,
}

#[tokio::main]
async fn main() -> Result<()> {
    let cli = Cli::parse();
    tokio::spawn(async {
        service::shutdown::requested().await;
        reload::put_back();
        std::process::exit(130);
    });
    let wanted = |bench| cli.benches.is_empty() || cli.benches.contains(&bench);
    let database = e2e::truth::database().await;
    machine::print(&database).await?;
    if wanted(Bench::Api) {
        api::print(cli.seconds.unwrap_or(10)).await?;
    }
    if wanted(Bench::Reload) {
        reload::print().await?;
    }
    if wanted(Bench::Lag) {
        lag::print(&database, cli.seconds.unwrap_or(60)).await?;
    }
    if wanted(Bench::Relay) || wanted(Bench::Rebuild) {
        seed::log(&database, cli.events).await?;
        if wanted(Bench::Relay) {
            relay::print(&database).await?;
        }
        if wanted(Bench::Rebuild) {
            rebuild::print(&database).await?;
        }
    }
    if wanted(Bench::Summary) {
        for people in cli.people {
            seed::year(&database, cli.entries, people).await?;
            summary::print(&database, people).await?;
        }
    }
    if wanted(Bench::Export) {
        if !wanted(Bench::Summary) {
            seed::year(&database, cli.entries, 200).await?;
        }
        export::print(&database).await?;
    }
    Ok(())
}
