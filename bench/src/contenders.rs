//! All that are compared, over a database of their own: the system's own workers have nothing to do there.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use testkit::Database;
use uuid::Uuid;

use crate::program::Program;
use crate::realm::{AUDIENCE, ISSUER, Realm, person};

/// Connections to PostgreSQL that each may have: what our runtime has where nothing is said.
pub const POOL: usize = 16;
/// Tokens that the axum peer remembers: as many as our identity component.
const REMEMBERED: usize = 256;
const ENTRIES: &str = include_str!("sql/entries.sql");

/// What a server of the API needs around it.
pub struct Ground {
    /// Who signs the tokens.
    pub realm: Realm,
    /// Where they all write.
    pub database: Database,
    state: State,
}

impl Ground {
    /// A new database with this many people, who have 40 entries each.
    ///
    /// # Errors
    /// The database or the realm cannot be made.
    pub async fn new(people: u32) -> Result<Self> {
        let database = Database::new().await;
        let ids: Vec<Uuid> = (0..people).map(person).collect();
        let client = database.admin().await;
        client.execute(ENTRIES, &[&ids]).await.context("the entries")?;
        client.batch_execute("VACUUM ANALYZE").await?;
        client.batch_execute("CHECKPOINT").await?;
        Ok(Self { realm: Realm::start()?, database, state: State::new()? })
    }

    /// Start the application on our runtime.
    ///
    /// # Errors
    /// It does not start.
    pub fn ours(&self, options: &[&str]) -> Result<Program> {
        tokio::task::block_in_place(|| {
            Program::start("ours", "/.well-known/spin/health", |port| {
                let mut ours = ours(port, &self.database.url(), &self.realm, &self.state);
                ours.args(options);
                ours
            })
        })
    }
}

/// Those that are compared, started.
pub struct Contenders {
    /// Ours first.
    pub programs: Vec<Program>,
    /// What they stand on.
    pub ground: Ground,
}

impl Contenders {
    /// Start them, over a database with this many people.
    ///
    /// # Errors
    /// One does not start.
    pub async fn start(people: u32) -> Result<Self> {
        let ground = Ground::new(people).await?;
        let (url, realm) = (ground.database.url(), &ground.realm);
        let programs = tokio::task::block_in_place(|| {
            Ok::<_, anyhow::Error>(vec![
                ground.ours(&["--pg-max-connections", &POOL.to_string()])?,
                Program::start("NestJS", "/health", |port| peer(nest(), port, &url, realm))?,
                Program::start("axum", "/health", |port| {
                    let mut axum = peer(Command::new(built("peer-axum")), port, &url, realm);
                    axum.env("PEER_REMEMBERED_TOKENS", REMEMBERED.to_string());
                    axum
                })?,
                Program::start("axum, no memory", "/health", |port| {
                    let mut axum = peer(Command::new(built("peer-axum")), port, &url, realm);
                    axum.env("PEER_REMEMBERED_TOKENS", "0");
                    axum
                })?,
            ])
        })
        .context("a contender is missing; `cargo xtask bench api` and `cargo xtask test` build them")?;
        Ok(Self { programs, ground })
    }
}

fn ours(port: u16, database: &str, realm: &Realm, state: &State) -> Command {
    let authority = database.rsplit_once('@').map_or(database, |(_, rest)| rest);
    let authority = authority.split('/').next().unwrap_or_default();
    let mut ours = Command::new(built("runtime"));
    ours.args(["up", "--listen", &format!("127.0.0.1:{port}"), "-f", "spin.toml", "--state-dir"])
        .arg(&state.0)
        .current_dir(root())
        .env("SPIN_VARIABLE_OIDC_ISSUER", ISSUER)
        .env("SPIN_VARIABLE_OIDC_AUDIENCE", AUDIENCE)
        .env("SPIN_VARIABLE_OIDC_JWKS_URL", format!("{}/certs", realm.origin))
        .env("SPIN_VARIABLE_OIDC_JWKS_ORIGIN", &realm.origin)
        // Links are not opened here.
        .env("SPIN_VARIABLE_DIRECTORY_URL", "")
        .env("SPIN_VARIABLE_DIRECTORY_TOKEN_URL", "")
        .env("SPIN_VARIABLE_DIRECTORY_CLIENT_SECRET", "")
        .env("SPIN_VARIABLE_TRACKING_DATABASE_URL", database)
        .env("SPIN_VARIABLE_REPORTS_DATABASE_URL", database)
        .env("SPIN_VARIABLE_DATABASE_ORIGIN", format!("postgres://{authority}"));
    // What the system under test has compiled need not be compiled again.
    let control = testkit::required("TIMETRACKER_TEST_CONTROL");
    if let Some(stack) = Path::new(&control).ancestors().nth(2) {
        ours.arg("--cache-dir").arg(stack.join("spin/compiled"));
    }
    ours
}

fn nest() -> Command {
    let mut nest = Command::new(std::env::var_os("TIMETRACKER_TEST_NODE").unwrap_or("node".into()));
    nest.arg(root().join("bench/peers/nest/dist/main.js")).env("NODE_ENV", "production");
    nest
}

fn peer(mut command: Command, port: u16, database: &str, realm: &Realm) -> Command {
    command
        .env("PEER_PORT", port.to_string())
        .env("PEER_DATABASE_URL", database)
        .env("PEER_POOL_SIZE", POOL.to_string())
        .env("PEER_OIDC_ISSUER", ISSUER)
        .env("PEER_OIDC_AUDIENCE", AUDIENCE)
        .env("PEER_OIDC_JWKS_URL", format!("{}/certs", realm.origin));
    command
}

/// The repository's folder.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new(".."))
}

/// A binary of the workspace: as it is deployed, where a benchmark has it built so, or beside this one.
fn built(name: &str) -> PathBuf {
    let deployed = std::env::var_os("TIMETRACKER_BENCH_BINARIES").map(PathBuf::from);
    let own = std::env::current_exe().unwrap_or_default();
    let folders = deployed.iter().map(PathBuf::as_path).chain(own.ancestors().skip(1).take(2));
    folders.map(|folder| folder.join(name)).find(|file| file.is_file()).unwrap_or_else(|| name.into())
}

/// Our runtime's key-value stores, removed in the end.
struct State(PathBuf);

impl State {
    fn new() -> Result<Self> {
        let folder = std::env::temp_dir().join(format!("timetracker-bench-{}", Uuid::new_v4()));
        match std::fs::create_dir(&folder) {
            Ok(()) => Ok(Self(folder)),
            Err(error) => bail!("{} cannot be made: {error}", folder.display()),
        }
    }
}

impl Drop for State {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
