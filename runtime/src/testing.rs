//! An application in a test's own process, at a free port:
//!
//! ```no_run
//! # async fn test() -> anyhow::Result<()> {
//! let app = runtime::testing::Application::of("spin.toml").variable("greeting", "hello").start().await?;
//! let url = app.url("/greet"); // ask it with any HTTP client
//! app.stop().await
//! # }
//! ```

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, Result};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::app::{App, Settings, beside};
use crate::variables::environment_key;
use crate::{Limits, PoolSettings, ReuseSettings, server};

/// An application that is not started yet.
pub struct Application {
    manifest: PathBuf,
    environment: BTreeMap<String, String>,
}

/// A started one; dropped without [`Running::stop`], it ends where it is.
pub struct Running {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    served: JoinHandle<Result<()>>,
    /// Its key-value stores, which go with it.
    _state: TempDir,
}

impl Application {
    /// Of this manifest, whose components are built.
    pub fn of(manifest: impl Into<PathBuf>) -> Self {
        Self { manifest: manifest.into(), environment: BTreeMap::new() }
    }

    /// With a value for one of the manifest's variables. The environment of the test itself is not read.
    #[must_use]
    pub fn variable(mut self, name: &str, value: impl Into<String>) -> Self {
        self.environment.insert(environment_key(name), value.into());
        self
    }

    /// Start it with empty stores.
    ///
    /// # Errors
    /// As [`App::start`].
    pub async fn start(self) -> Result<Running> {
        let state = TempDir::new().context("a folder for its stores")?;
        let settings = Settings {
            state_dir: state.path().to_owned(),
            // Where `runtime up` keeps it, too.
            cache_dir: beside(&self.manifest).join(".spin/compiled"),
            reuse: ReuseSettings::default(),
            // Tests are many in a process, and have few requests at once.
            limits: Limits { instances: 100, ..Limits::default() },
            pool: PoolSettings::default(),
            manifest: self.manifest,
            traces: None,
        };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let environment = self.environment;
        let app = App::start(&settings, address, move |name| environment.get(name).cloned()).await?;
        let (stop, stopped) = oneshot::channel::<()>();
        let stopped = async { drop(stopped.await) };
        let served = tokio::spawn(server::serve(Arc::new(app), listener, stopped));
        Ok(Running { address, stop, served, _state: state })
    }
}

impl Running {
    /// The address of `path`.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Stop it, once what is in flight is answered.
    ///
    /// # Errors
    /// Something was still in flight after ten seconds.
    pub async fn stop(self) -> Result<()> {
        drop(self.stop);
        self.served.await?
    }
}
