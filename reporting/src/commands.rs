//! What people do by hand: `reporting rebuild`, `reporting verify`, `reporting dead …`.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use clap::Subcommand;
use reporting::{FORM, Progress, ReadModel, dead_letters, rebuild};
use uuid::Uuid;

#[derive(Subcommand)]
pub enum Command {
    /// Build the read model anew from the log, beside the live one, and swap it in
    Rebuild,
    /// Compare the read model with the log and print any difference
    Verify,
    /// Messages that could not be applied
    Dead {
        #[command(subcommand)]
        command: Dead,
    },
}

#[derive(Subcommand)]
pub enum Dead {
    /// One line a letter
    List,
    /// All of one letter: its attempts and its body
    Show { id: Uuid },
    /// Send one again, or all of them
    Replay {
        #[command(flatten)]
        which: Which,
    },
    /// Forget one, or all of them
    Drop {
        #[command(flatten)]
        which: Which,
    },
}

#[derive(clap::Args)]
#[group(required = true, multiple = false)]
pub struct Which {
    id: Option<Uuid>,
    /// All of them
    #[arg(long)]
    all: bool,
}

/// Run a command.
pub async fn run(command: Command, database: &str) -> Result<()> {
    match command {
        Command::Rebuild => rebuild_with_progress(database).await,
        Command::Verify => verify(database).await,
        Command::Dead { command } => dead(command, database).await,
    }
}

async fn rebuild_with_progress(database: &str) -> Result<()> {
    let begun = Instant::now();
    let told = Mutex::new(None::<Instant>);
    let events = rebuild(database, FORM, &|progress| {
        let line = match progress {
            Progress::Reading(events, share) => {
                format!("reading the log: {events} events, {:.0} %", share * 100.0)
            }
            Progress::AddingUp => "adding up".to_owned(),
            Progress::CatchingUp(events) => format!("catching up: {events} events since the beginning"),
            Progress::Swapping => "swapping".to_owned(),
        };
        let mut told = told.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let busy = matches!(progress, Progress::Reading(..));
        if !busy || told.is_none_or(|at| at.elapsed() > Duration::from_secs(1)) {
            println!("[{:5.1} s] {line}", begun.elapsed().as_secs_f64());
            *told = Some(Instant::now());
        }
    })
    .await?;
    let seconds = begun.elapsed().as_secs_f64();
    println!("{events} events in {seconds:.1} s: {:.0} events/s", events as f64 / seconds);
    Ok(())
}

async fn verify(database: &str) -> Result<()> {
    let found = ReadModel::connect(database).await?.verify().await?;
    for (part, difference) in found.differences.iter().take(50) {
        println!("{part}: {difference}");
    }
    if found.pending > 0 {
        println!("{} entries have changes that are still on their way", found.pending);
    }
    if !found.differences.is_empty() {
        bail!(
            "the model differs from the log in {} lines; `reporting rebuild` makes it anew",
            found.differences.len()
        );
    }
    println!("the model equals the log");
    Ok(())
}

async fn dead(command: Dead, database: &str) -> Result<()> {
    let model = ReadModel::connect(database).await?;
    let found = |id: Option<Uuid>, count: i64| match (id, count) {
        (Some(id), 0) => bail!("no dead letter {id} (`reporting dead list` has them all)"),
        _ => Ok(count),
    };
    match command {
        Dead::List => {
            let letters = dead_letters::list(&model, None).await?;
            for letter in &letters {
                println!("{}  {}  {:6}  {}", letter.id, letter.last_failed_at, letter.kind, letter.reason);
            }
            println!("{} dead letters", letters.len());
        }
        Dead::Show { id } => {
            let letters = dead_letters::list(&model, Some(id)).await?;
            let letter = letters.first().with_context(|| format!("no dead letter {id}"))?;
            println!("{} ({}): {}", letter.id, letter.kind, letter.reason);
            println!("first failed {}, last {}", letter.first_failed_at, letter.last_failed_at);
            println!("{:#}", letter.attempts);
            println!("{}", String::from_utf8_lossy(&letter.body));
        }
        Dead::Replay { which } => {
            let count = found(which.id, dead_letters::replay(&model, which.id, None).await?)?;
            println!("{count} to be sent again by the running worker");
        }
        Dead::Drop { which } => {
            let count = found(which.id, dead_letters::discard(&model, which.id).await?)?;
            println!("{count} dropped");
        }
    }
    Ok(())
}
