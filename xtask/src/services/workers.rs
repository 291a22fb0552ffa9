//! The native workers: the bridge (outbox to RabbitMQ) and the reporting consumer (RabbitMQ to read model).

use std::time::Duration;

use anyhow::Result;
use rustix::process::Signal;

use crate::env;
use crate::probe::Probe;
use crate::run::Run;
use crate::setup::Setup;
use crate::supervisor::Spec;

/// The bridge.
pub fn bridge(setup: &Setup) -> Result<Spec> {
    worker(setup, "bridge", env::bridge(setup), setup.ports.bridge)
}

/// The reporting consumer.
pub fn reporting(setup: &Setup) -> Result<Spec> {
    worker(setup, "reporting", env::reporting(setup), setup.ports.reporting)
}

fn worker(
    setup: &Setup,
    name: &'static str,
    variables: Vec<(&'static str, String)>,
    port: u16,
) -> Result<Spec> {
    Ok(Spec {
        name,
        run: Run::new(setup.paths.server_binary(name)?)
            .user(setup.paths.server_user.as_ref())
            .clean_environment()
            .envs(variables)
            .folder(&setup.paths.state)
            .on_parent_death("TERM"),
        ready: Probe::Http(port, "/health/ready".into()),
        ready_within: Duration::from_secs(60),
        stop: Signal::TERM,
        stop_within: Duration::from_secs(15),
    })
}
