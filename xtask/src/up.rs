//! Brings a stack up, side by side where parts do not wait for each other, and takes it down in reverse order.

use std::fs::{self, File, TryLockError};
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};

use crate::build::{self, Native, Pace};
use crate::leftovers::Records;
use crate::progress::{self, say};
use crate::services::spin::Serving;
use crate::services::{keycloak, migrate, postgres, rabbitmq, realms, spin, traefik, workers};
use crate::setup::Setup;
use crate::stack::Stack;
use crate::supervisor::Spec;
use crate::tools::wasm::Toolchain;
use crate::{control, halt, tls, tools};

/// A running stack; dropping it stops everything.
pub struct Running {
    /// Its services.
    pub stack: Arc<Stack>,
    socket: std::path::PathBuf,
    _lock: File,
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.socket);
        let _ = progress::step("stop all services", |working| -> Result<()> {
            self.stack.stop_all(|name| working.detail(name));
            Ok(())
        });
    }
}

/// The lock that says a stack runs from this state folder.
pub fn lock(setup_state: &Path) -> Result<File> {
    let file = setup_state.join("lock");
    let lock = File::create(&file).with_context(|| format!("{} cannot be made", file.display()))?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => bail!(
            "the stack of this clone is running already: use it, end it with Ctrl-C in its terminal, or run a second one with TIMETRACKER_PORT_OFFSET=100"
        ),
        Err(TryLockError::Error(error)) => {
            Err(error).with_context(|| format!("{} cannot be locked", file.display()))
        }
    }
}

type Part<'a> = Box<dyn FnOnce() -> Result<()> + Send + 'a>;

/// A signal that a part is done, for those that wait for it; the sender's end, when dropped, says it failed.
struct Gate(Receiver<()>);

fn gate() -> (Sender<()>, Gate) {
    let (open, wait) = channel();
    (open, Gate(wait))
}

impl Gate {
    /// False when what it waits for failed: the failure itself is told by its own part.
    fn wait(&self) -> bool {
        self.0.recv().is_ok()
    }
}

/// Builds (when asked to) and starts everything.
pub fn up(setup: &Setup, serving: Serving, build: Option<Native>) -> Result<Running> {
    let lock = lock(&setup.paths.state)?;
    let records = Records::in_folder(&setup.paths.run())?;
    for name in records.end_leftovers() {
        say(&format!("ended {name}, left over from a start that was killed"));
    }
    setup.ports.check_free()?;
    rotate_logs(&setup.paths.logs());
    let running =
        Running { stack: Arc::new(Stack::default()), socket: setup.paths.control_socket(), _lock: lock };
    control::serve(&running.socket, Arc::clone(&running.stack))?;
    start_all(setup, serving, build, &running.stack, &records)?;
    Ok(running)
}

fn start_all(
    setup: &Setup,
    serving: Serving,
    build: Option<Native>,
    stack: &Stack,
    records: &Records,
) -> Result<()> {
    let start = |spec: Spec| {
        let log = setup.paths.logs().join(format!("{}.log", spec.name));
        stack.start(spec, log, records)
    };
    let paths = &setup.paths;
    let (built, after_build) = gate();
    let (database, after_database) = gate();
    let (migrated, before_keycloak) = gate();
    let (migrated_too, before_workers) = gate();
    let (broker, after_broker) = gate();

    let start = &start;
    let parts: [Part<'_>; 6] = [
        Box::new(move || {
            let postgres = tools::postgres::ensure(paths)?;
            start(postgres::prepare(setup, &postgres)?)?;
            let _ = database.send(());
            Ok(())
        }),
        Box::new(move || {
            if !(after_database.wait() && after_build.wait()) {
                return Ok(());
            }
            migrate::run(setup)?;
            let _ = migrated.send(());
            let _ = migrated_too.send(());
            Ok(())
        }),
        Box::new(move || {
            let server = tools::rabbitmq::ensure(paths)?;
            start(rabbitmq::port_mapper(setup)?)?;
            start(rabbitmq::prepare(setup, &server)?)?;
            let _ = broker.send(());
            Ok(())
        }),
        Box::new(move || {
            let java = tools::java::find()?;
            let distribution = tools::keycloak::ensure(paths, &java)?;
            if !before_keycloak.wait() {
                return Ok(());
            }
            start(keycloak::prepare(setup, &distribution, &java)?)?;
            realms::secure(setup);
            Ok(())
        }),
        Box::new(move || {
            let traefik = tools::traefik::ensure(paths)?;
            let certificates = tls::ensure(&paths.ca, &paths.state.join("tls"))?;
            start(traefik::prepare(setup, &traefik, &certificates)?)
        }),
        Box::new(move || {
            if let Some(what) = build {
                build::native(paths, what)?;
            }
            let _ = built.send(());
            let pace = match serving {
                Serving { watch: true, .. } => Pace::Watching,
                Serving { deployed: true, .. } => Pace::Dist,
                _ => Pace::Use,
            };
            let toolchain =
                if build.is_some() { Some(build::all(paths, pace)?) } else { Toolchain::found(paths)? };
            if !before_workers.wait() {
                return Ok(());
            }
            start_ours(setup, serving, toolchain.as_ref(), &after_broker, start)
        }),
    ];
    std::thread::scope(|scope| {
        let handles = parts.map(|work| {
            scope.spawn(move || {
                let result = work();
                if result.is_err() {
                    halt::ask();
                }
                result
            })
        });
        let mut first = None;
        for handle in handles {
            let result = handle.join().map_err(|_| anyhow!("xtask itself failed: see the message above"))?;
            if let Err(error) = result {
                // What was merely interrupted because another part failed is no news.
                let interrupted = error.chain().any(|cause| cause.to_string().contains(halt::STOPPED));
                match &first {
                    None => first = Some((error, interrupted)),
                    Some((_, true)) if !interrupted => first = Some((error, false)),
                    Some(_) => {}
                }
            }
        }
        first.map_or(Ok(()), |(error, _)| Err(error))
    })
}

fn start_ours(
    setup: &Setup,
    serving: Serving,
    toolchain: Option<&Toolchain>,
    after_broker: &Gate,
    start: &(impl Fn(Spec) -> Result<()> + Sync),
) -> Result<()> {
    let application = spin::prepare(setup, serving, toolchain)?;
    std::thread::scope(|scope| {
        let application = scope.spawn(|| start(application));
        let workers = if after_broker.wait() {
            workers::bridge(setup).and_then(start).and_then(|()| start(workers::reporting(setup)?))
        } else {
            Ok(())
        };
        application.join().map_err(|_| anyhow!("xtask itself failed: see the message above"))?.and(workers)
    })
}

/// Each start has fresh logs; those of the one before are kept as `<name>.log.1`.
fn rotate_logs(logs: &Path) {
    for entry in fs::read_dir(logs).into_iter().flatten().flatten() {
        let file = entry.path();
        if file.extension().is_some_and(|extension| extension == "log") {
            let _ = fs::rename(&file, file.with_extension("log.1"));
        }
    }
}

/// What a person needs to know now.
pub fn announce(setup: &Setup) {
    let ca = setup.paths.ca.join("ca.pem");
    println!(
        "\nTimeTracker is ready after {}: {}\n\n\
         \x20 log in as      alice, bob (user), mona (manager), ada (admin); the password is the name\n\
         \x20 certificate    trust {} once, or accept the browser's warning\n\
         \x20 logs           {}\n\
         \x20 a single part  cargo xtask service status | stop NAME | start NAME | restart NAME\n\
         \x20 stop           Ctrl-C (the data stays; `cargo xtask reset` clears it)\n",
        progress::total(),
        setup.public_url(),
        ca.display(),
        setup.paths.logs().display(),
    );
}

/// Waits until somebody asks to stop.
pub fn wait() {
    while !halt::asked() {
        halt::sleep(Duration::from_secs(1));
    }
    eprintln!();
}
