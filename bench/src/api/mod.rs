//! The API beside its peers (bench/peers): the same requests over the same PostgreSQL, in turns, so that what else the
//! machine does hits each alike.

mod process;
mod wrk;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use bench::{Contenders, POOL, Program, sameness};

use wrk::{Came, Load};

const PEOPLE: u32 = 200;
/// How long a turn is, in seconds; the turn goes round as often as the time allows, each second time in the opposite order.
/// Short, so that what disturbs the machine for some seconds hits each.
const TURN: u32 = 2;
/// How long each program works before anything is counted, in turns, once with writes and once without: Node, which compiles
/// what is used often, is half as fast in its first seconds.
const WARM: u32 = 8;
const LIST: &str = "/api/v1/time-entries?limit=20";
/// The token is verified, the parameter refused, the database not asked.
const REFUSED: &str = "/api/v1/time-entries?limit=0";
/// What each run of wrk may write in, in seconds of 1970: `load.lua` takes it for its two threads.
const SPAN: u64 = 400_000;

/// What is asked, and what of it is in the tables.
struct Measurement {
    name: &'static str,
    connections: u32,
    tokens: u32,
    writes: u32,
}

const fn measurement(name: &'static str, connections: u32, tokens: u32, writes: u32) -> Measurement {
    Measurement { name, connections, tokens, writes }
}

const MEASUREMENTS: [Measurement; 7] = [
    measurement("GET 20 entries, 32 connections, one token", 32, 1, 0),
    measurement("GET 20 entries, 400 connections, one token", 400, 1, 0),
    measurement("GET 20 entries, 1 connection", 1, 1, 0),
    measurement("GET 20 entries, 32 connections, 200 tokens", 32, PEOPLE, 0),
    measurement(
        "POST an entry, 32 connections, one token (PostgreSQL takes one person's in turn)",
        32,
        1,
        100,
    ),
    measurement("POST an entry, 32 connections, 200 tokens", 32, PEOPLE, 100),
    measurement("GET and POST mixed, 32 connections, 200 tokens", 32, PEOPLE, 50),
];

/// Print requests a second, latencies, CPU and memory of each. Needs wrk and what bench/peers is built to.
pub async fn print(seconds: u32) -> Result<()> {
    let contenders = Contenders::start(PEOPLE).await?;
    let idle = contenders.programs.iter().map(|program| process::memory(program.pid()));
    let idle: Vec<f64> = idle.collect::<Result<_>>()?;
    sameness::check(&contenders).await?;
    let rounds = (seconds / TURN).max(1);
    println!(
        "\napi: wrk on this machine, {rounds} × {TURN} s for each figure, all in turns; {POOL} connections to PostgreSQL each; RS256"
    );
    println!(
        "     answers and what is written are the same; NestJS is one process of Node, the others use all cores"
    );
    tokio::task::block_in_place(|| Bench::new(&contenders, rounds)?.print(&idle))
}

struct Bench<'a> {
    programs: &'a [Program],
    one: TokenFile,
    all: TokenFile,
    /// How often the turn goes round for a figure.
    rounds: u32,
    /// Runs so far: each has its own time to write in.
    runs: u64,
}

/// What one program did in one measurement.
struct Done {
    came: Came,
    /// Seconds.
    cpu: f64,
}

impl<'a> Bench<'a> {
    fn new(contenders: &'a Contenders, rounds: u32) -> Result<Self> {
        let tokens =
            |count| (0..count).map(|number| contenders.ground.realm.token(number)).collect::<Result<_>>();
        let (one, all) = (TokenFile::new(tokens(1)?)?, TokenFile::new(tokens(PEOPLE)?)?);
        Ok(Self { programs: &contenders.programs, one, all, rounds, runs: 0 })
    }

    fn print(mut self, idle: &[f64]) -> Result<()> {
        for program in self.programs {
            process::forget_peak(program.pid())?;
        }
        // Warm: compiled, connected, prepared.
        let counted = std::mem::replace(&mut self.rounds, WARM);
        self.measure(32, PEOPLE, 50, LIST)?;
        self.measure(32, PEOPLE, 0, LIST)?;
        self.rounds = counted;
        let mut first = Vec::new();
        for Measurement { name, connections, tokens, writes } in MEASUREMENTS {
            let done = self.measure(connections, tokens, writes, LIST)?;
            println!("  {name}");
            self.table(&done);
            let rates: Vec<f64> = done.iter().map(|done| done.came.rate()).collect();
            if connections == 400 {
                let shares = self.programs.iter().zip(rates.iter().zip(&first));
                let shares: Vec<String> = shares
                    .map(|(program, (rate, at_32))| format!("{} {:.2}", program.name, rate / at_32))
                    .collect();
                println!("    throughput against 32 connections: {}", shares.join(", "));
            } else if first.is_empty() {
                first = rates;
            }
        }
        println!("  CPU of a request whose token is known and that needs no database (GET {REFUSED}: 400)");
        for (program, done) in self.programs.iter().zip(self.measure(8, 1, 0, REFUSED)?) {
            let statuses: Vec<u16> = done.came.statuses.keys().copied().collect();
            println!("    {:16} {:6.0} µs {statuses:?}", program.name, done.micros());
        }
        println!("  memory, MiB: before any request, and the most under all of this");
        for (program, idle) in self.programs.iter().zip(idle) {
            println!("    {:16} {idle:6.0} {:6.0}", program.name, process::peak(program.pid())?);
        }
        Ok(())
    }

    /// All programs in turn, round after round.
    fn measure(&mut self, connections: u32, tokens: u32, writes: u32, path: &str) -> Result<Vec<Done>> {
        let tokens = if tokens == 1 { &self.one } else { &self.all };
        let load = Load { connections, tokens: &tokens.0, path, writes };
        let mut done: Vec<Done> =
            self.programs.iter().map(|_| Done { came: Came::default(), cpu: 0.0 }).collect();
        for round in 0..self.rounds {
            let mut turn: Vec<_> = self.programs.iter().zip(&mut done).collect();
            if round % 2 == 1 {
                turn.reverse();
            }
            for (program, done) in turn {
                let before = process::cpu(program.pid())?;
                let came = load.run(&program.url, TURN, self.runs * SPAN);
                done.came.add(came.with_context(|| program.name)?);
                done.cpu += process::cpu(program.pid())? - before;
                self.runs += 1;
            }
        }
        Ok(done)
    }

    fn table(&self, done: &[Done]) {
        let ours = done.first().map_or(0.0, |done| done.came.rate());
        for (program, done) in self.programs.iter().zip(done) {
            let came = &done.came;
            let ratio = match program.name {
                "ours" => String::new(),
                _ => format!("  ours is {:.2} of it", ours / came.rate()),
            };
            let refused: String =
                came.refused().map(|(status, count)| format!("  {status}: {count}")).collect();
            let broken = if came.broken > 0 { format!("  broken: {}", came.broken) } else { String::new() };
            println!(
                "    {:16} {:6.0}/s  p50 {:7.2} ms  p99 {:7.2} ms  CPU {:5.0} µs{ratio}{refused}{broken}",
                program.name,
                came.rate(),
                came.within(0.5),
                came.within(0.99),
                done.micros(),
            );
        }
    }
}

impl Done {
    /// CPU of the program for one answer, in microseconds; PostgreSQL's is not in it.
    fn micros(&self) -> f64 {
        self.cpu * 1e6 / self.came.requests().max(1) as f64
    }
}

/// Tokens where only this user can read them, until they are no longer needed.
struct TokenFile(PathBuf);

impl TokenFile {
    fn new(tokens: Vec<String>) -> Result<Self> {
        let name = format!("timetracker-bench-{}-{}.tokens", std::process::id(), tokens.len());
        let file = std::env::temp_dir().join(name);
        write_private(&file, &tokens.join("\n"))?;
        Ok(Self(file))
    }
}

impl Drop for TokenFile {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

fn write_private(file: &Path, text: &str) -> Result<()> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut open = fs::OpenOptions::new();
    open.write(true).create_new(true).mode(0o600).open(file)?.write_all(text.as_bytes())?;
    Ok(())
}
