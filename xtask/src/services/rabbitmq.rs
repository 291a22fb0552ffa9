//! RabbitMQ and its port mapper. The topology is `rabbitmq/definitions.json`; the users are added here from the
//! generated secrets, each with the least it needs.

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use rustix::process::Signal;
use serde_json::{Value, json};

use crate::paths::make_folder;
use crate::probe::Probe;
use crate::run::Run;
use crate::secrets::{Secret, Secrets, rabbitmq_hash};
use crate::setup::Setup;
use crate::supervisor::Spec;
use crate::tools::on_path;

/// User, secret, tags, and what it may configure, write to and read from (regular expressions over names).
const USERS: [(&str, Secret, &[&str], [&str; 3]); 3] = [
    ("bridge", Secret::AmqpBridge, &[], ["^$", r"^timetracker\.events$", "^$"]),
    ("reporting", Secret::AmqpReporting, &[], ["^$", r"^timetracker\.(retry|dead)$", r"^reporting(\..+)?$"]),
    ("admin", Secret::AmqpAdmin, &["administrator"], [".*", ".*", ".*"]),
];

/// Erlang's port mapper as a service of its own, or the broker would start one that outlives it.
pub fn port_mapper(setup: &Setup) -> Result<Spec> {
    let epmd = on_path("epmd").context("epmd is missing: it comes with erlang-base")?;
    Ok(Spec {
        name: "epmd",
        run: Run::new(epmd)
            .args(["-address", "127.0.0.1", "-port", &setup.ports.epmd.to_string()])
            .user(setup.paths.server_user.as_ref())
            .clean_environment()
            .folder("/"),
        ready: Probe::Tcp(setup.ports.epmd),
        ready_within: Duration::from_secs(20),
        stop: Signal::TERM,
        stop_within: Duration::from_secs(3),
    })
}

/// Writes the configuration and gives the service.
pub fn prepare(setup: &Setup, server: &Path) -> Result<Spec> {
    let (paths, ports) = (&setup.paths, &setup.ports);
    let home = paths.state.join("rabbitmq");
    paths.server_folder(&home)?;
    let file = |name: &str| home.join(name);
    paths.server_file(&file(".erlang.cookie"), setup.secrets.get(Secret::ErlangCookie))?;
    let shipped = paths.repo.join("rabbitmq/definitions.json");
    let topology =
        fs::read_to_string(&shipped).with_context(|| format!("{} cannot be read", shipped.display()))?;
    let definitions = with_users(&topology, &setup.secrets)
        .with_context(|| format!("{} cannot be used", shipped.display()))?;
    paths.server_file(&file("definitions.json"), &definitions)?;
    let config = paths.repo.join("rabbitmq/rabbitmq.conf");
    let constant =
        fs::read_to_string(&config).with_context(|| format!("{} cannot be read", config.display()))?;
    let local = format!(
        "\nlisteners.tcp.1 = 127.0.0.1:{}\nload_definitions = {}\n",
        ports.amqp,
        file("definitions.json").display()
    );
    paths.server_file(&file("rabbitmq.conf"), &(constant + &local))?;
    paths.server_file(&file("enabled_plugins"), "[].\n")?;
    for folder in ["data", "log"] {
        paths.server_folder(&file(folder))?;
    }
    make_folder(&paths.logs())?;
    let run = Run::new(server)
        .user(paths.server_user.as_ref())
        .clean_environment()
        .env("HOME", &home)
        // The script then becomes the Erlang machine instead of staying as its parent.
        .env("RUNNING_UNDER_SYSTEMD", "true")
        .env("RABBITMQ_NODENAME", "timetracker@localhost")
        .env("RABBITMQ_MNESIA_BASE", file("data"))
        .env("RABBITMQ_LOG_BASE", file("log"))
        .env("RABBITMQ_LOGS", "-")
        .env("RABBITMQ_CONFIG_FILE", file("rabbitmq.conf"))
        .env("RABBITMQ_ENABLED_PLUGINS_FILE", file("enabled_plugins"))
        .env("RABBITMQ_PID_FILE", file("pid"))
        .env("RABBITMQ_DIST_PORT", ports.rabbitmq_dist.to_string())
        .env("ERL_EPMD_PORT", ports.epmd.to_string())
        .env("ERL_EPMD_ADDRESS", "127.0.0.1")
        .env(
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS",
            "-kernel inet_dist_use_interface {127,0,0,1} +S 2:2 +sbwt none",
        )
        .folder(&home);
    Ok(Spec {
        name: "rabbitmq",
        run,
        ready: Probe::Amqp(ports.amqp),
        ready_within: Duration::from_secs(120),
        stop: Signal::TERM,
        stop_within: Duration::from_secs(40),
    })
}

/// The topology with the users and their permissions added.
pub fn with_users(topology: &str, secrets: &Secrets) -> Result<String> {
    let mut definitions: Value = serde_json::from_str(topology).context("it is not valid JSON")?;
    let mut users = Vec::new();
    let mut permissions = Vec::new();
    for (name, secret, tags, [configure, write, read]) in USERS {
        users.push(json!({
            "name": name,
            "password_hash": rabbitmq_hash(secrets.get(secret))?,
            "hashing_algorithm": "rabbit_password_hashing_sha256",
            "tags": tags,
        }));
        permissions.push(json!({
            "user": name, "vhost": "/", "configure": configure, "write": write, "read": read,
        }));
    }
    let all = definitions.as_object_mut().context("it is not a JSON object")?;
    all.insert("users".into(), users.into());
    all.insert("permissions".into(), permissions.into());
    Ok(serde_json::to_string_pretty(&definitions)?)
}
