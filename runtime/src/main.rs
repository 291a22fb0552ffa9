//! `runtime up`: serve an application.

mod apart;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use clap::{Args, Parser, Subcommand};
use runtime::app::{App, Settings, beside, millis};
use runtime::traces::Traces;
use runtime::{Limits, PoolSettings, ReuseSettings, server, watch};
use service::health::Readiness;
use tokio::net::TcpListener;

/// Serves a Spin application where no `spin` is installed.
#[derive(Parser)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the application until Ctrl-C or SIGTERM.
    Up(Up),
    /// Compile all that is served into the cache: `up` starts this first.
    #[command(hide = true)]
    Compile { manifest: PathBuf, cache_dir: PathBuf },
}

#[derive(Args)]
struct Up {
    /// Where to listen; port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:3000")]
    listen: SocketAddr,
    /// The manifest.
    #[arg(short, long, default_value = "spin.toml")]
    file: PathBuf,
    /// Where key-value stores are kept [default: `.spin` beside the manifest].
    #[arg(long)]
    state_dir: Option<PathBuf>,
    /// Where compiled code is kept [default: `compiled` in the state folder].
    #[arg(long)]
    cache_dir: Option<PathBuf>,
    /// Where health and Prometheus metrics are served [default: nowhere].
    #[arg(long)]
    admin: Option<SocketAddr>,
    /// Rebuild and replace a component when its sources or its .wasm file change.
    #[arg(long)]
    watch: bool,
    /// Requests that an instance serves before it is dropped.
    #[arg(long, default_value_t = ReuseSettings::default().requests)]
    max_instance_reuse_count: usize,
    /// Requests that an instance serves at once.
    #[arg(long, default_value_t = ReuseSettings::default().at_once)]
    max_instance_concurrent_reuse_count: usize,
    /// Milliseconds that an instance may be idle.
    #[arg(long, default_value_t = 1_000)]
    idle_instance_timeout_ms: u64,
    /// Memory that an instance may have, in bytes; none of its memories grows beyond 512 MiB.
    #[arg(long, default_value_t = Limits::default().memory)]
    max_instance_memory: usize,
    /// Milliseconds that an instance may compute without waiting for anything.
    #[arg(long, default_value_t = runtime::app::millis(Limits::default().compute))]
    max_compute_ms: u64,
    /// Requests, bodies, streams and connections that an instance may hold open.
    #[arg(long, default_value_t = Limits::default().handles)]
    max_open_handles: usize,
    /// Instances of all components together.
    #[arg(long, default_value_t = Limits::default().instances)]
    max_instances: u32,
    /// Requests that a component may have in flight; more are answered by 503.
    #[arg(long, default_value_t = Limits::default().requests)]
    max_requests: usize,
    /// Requests that a component's guests work on at once; others wait, each for a quarter of a second at most.
    #[arg(long, default_value_t = Limits::default().running)]
    max_running_requests: usize,
    /// Connections of each PostgreSQL pool; there is one for each distinct connection string.
    #[arg(long, env = "RUNTIME_PG_MAX_CONNECTIONS", default_value_t = PoolSettings::default().max_connections)]
    pg_max_connections: usize,
}

/// A tenth of throughput over the C library's, in less memory. (What is compiled is compiled in a process apart: `apart`.)
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    if std::env::var_os("RUST_LIB_BACKTRACE").is_none() {
        // wasmtime makes an error for each instance that ends, and with RUST_BACKTRACE walks the stack for it.
        #[allow(unsafe_code, reason = "there is no other thread yet")]
        unsafe {
            std::env::set_var("RUST_LIB_BACKTRACE", "0");
        }
    }
    run()
}

#[tokio::main]
async fn run() -> ExitCode {
    service::logging::init();
    service::logging::ended(match Cli::parse().command {
        Command::Up(up) => serve(up).await,
        Command::Compile { manifest, cache_dir } => apart::compile(&manifest, &cache_dir).await,
    })
}

async fn serve(up: Up) -> Result<()> {
    let start = Instant::now();
    let state_dir = up.state_dir.clone().unwrap_or_else(|| beside(&up.file).join(".spin"));
    let settings = Settings {
        cache_dir: up.cache_dir.clone().unwrap_or_else(|| state_dir.join("compiled")),
        state_dir,
        manifest: up.file.clone(),
        reuse: ReuseSettings {
            requests: up.max_instance_reuse_count,
            at_once: up.max_instance_concurrent_reuse_count,
            idle: Duration::from_millis(up.idle_instance_timeout_ms),
        },
        limits: Limits {
            memory: up.max_instance_memory,
            compute: Duration::from_millis(up.max_compute_ms),
            handles: up.max_open_handles,
            instances: up.max_instances,
            requests: up.max_requests,
            running: up.max_running_requests,
        },
        pool: PoolSettings { max_connections: up.pg_max_connections, ..PoolSettings::default() },
        traces: Traces::from_environment()?,
    };
    let ready = Readiness::default();
    if let Some(admin) = up.admin {
        service::health::serve(admin, ready.clone()).await?;
    }
    let listener = TcpListener::bind(up.listen)
        .await
        .with_context(|| format!("can't listen on {} (choose another address with --listen)", up.listen))?;
    let address = listener.local_addr()?;
    if !up.watch {
        apart::have_compiled(&settings).await;
    }
    let app = Arc::new(App::start(&settings, address, |name| std::env::var(name).ok()).await?);
    for trigger in &app.serving().loader.manifest.trigger.http {
        println!("  {}: http://{address}{}", trigger.component, trigger.route);
    }
    println!(
        "Serving http://{address} ({} components ready after {} ms)",
        app.serving().components().count(),
        millis(start.elapsed())
    );
    tokio::spawn(follow_readiness(Arc::clone(&app), ready));
    if up.watch {
        let app = Arc::clone(&app);
        tokio::spawn(async move {
            if let Err(error) = watch::run(app).await {
                tracing::error!("changes are not watched: {error:#}");
            }
        });
    }
    let served = server::serve(app, listener, service::shutdown::requested()).await;
    if let Some(traces) = settings.traces {
        tokio::task::spawn_blocking(move || traces.end()).await?;
    }
    served
}

/// Ready while all databases that guests have asked for answer.
async fn follow_readiness(app: Arc<App>, ready: Readiness) {
    loop {
        ready.set(app.serving().loader.pools.answer());
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}
