//! docker-compose.yml without an engine: it keeps to the compose specification and agrees with the files that
//! it mounts and the programs that it starts.

#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use compose_spec::Compose;
use serde_json::Value;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The file after the specification's types have taken it, as plain values.
fn compose() -> Value {
    let typed =
        Compose::options().from_yaml_str(&read("docker-compose.yml")).expect("the compose specification");
    typed.validate_all().expect("what is named is declared");
    serde_json::to_value(&typed).unwrap()
}

fn services() -> BTreeMap<String, Value> {
    compose()["services"].as_object().unwrap().clone().into_iter().collect()
}

fn strings(value: &Value) -> Vec<String> {
    match value {
        Value::Array(items) => {
            items.iter().map(|item| item.as_str().map_or(item.to_string(), str::to_owned)).collect()
        }
        Value::Object(members) => members.keys().cloned().collect(),
        _ => Vec::new(),
    }
}

/// Host path and container path of each bind mount.
fn mounts(service: &Value) -> Vec<(String, String)> {
    let volumes = service["volumes"].as_array().cloned().unwrap_or_default();
    volumes
        .iter()
        .filter_map(|volume| match volume {
            Value::String(short) => {
                let mut parts = short.split(':');
                Some((parts.next()?.to_owned(), parts.next()?.to_owned()))
            }
            long => Some((long["source"].as_str()?.to_owned(), long["target"].as_str()?.to_owned())),
        })
        .filter(|(source, _)| source.starts_with('.'))
        .collect()
}

#[test]
fn images_are_pinned_and_ours_are_built_from_targets_that_exist() {
    let dockerfile = read("deploy/docker/Dockerfile");
    let stages: BTreeSet<&str> =
        dockerfile.lines().filter_map(|line| line.split_once(" AS ").map(|(_, stage)| stage)).collect();
    for (name, service) in services() {
        let image = service["image"].as_str().unwrap_or_else(|| panic!("{name} has no image"));
        let (_, tag) = image.rsplit_once(':').unwrap_or_else(|| panic!("{name}: {image} is not pinned"));
        assert!(
            tag != "latest" && tag.chars().any(|c| c.is_ascii_digit()) && tag.contains('.'),
            "{name}: {image}"
        );
        if let Some(target) = service["build"]["target"].as_str() {
            assert!(stages.contains(target), "{name}: no stage {target}");
        }
    }
    for line in dockerfile.lines().filter(|line| line.starts_with("FROM ")) {
        let image = line.split(' ').nth(1).unwrap();
        assert!(stages.contains(image) || image.contains(':') && !image.ends_with(":latest"), "{line}");
    }
}

#[test]
fn demo_users_are_there_only_where_they_are_asked_for() {
    let realm: Value = serde_json::from_str(&read("keycloak/timetracker-realm.json")).unwrap();
    let people = realm["users"].as_array().unwrap();
    let name = |user: &Value| user["username"].as_str().unwrap().to_owned();
    assert!(people.iter().map(name).all(|name| name.starts_with("service-account-")), "{people:?}");
    let demo = "keycloak/timetracker-users-0.json";
    assert!(read(demo).contains("alice") && !read("docker-compose.yml").contains(demo));
    assert!(read("deploy/docker/demo.yml").contains(demo));
}

#[test]
fn mounted_files_exist_and_configuration_is_read_only() {
    for (name, service) in services() {
        for (source, target) in mounts(&service) {
            assert!(root().join(&source).exists(), "{name} mounts {source}, which is not there");
            let line = format!("{source}:{target}:ro");
            assert!(read("docker-compose.yml").contains(&line), "{name}: {source} is writable");
        }
    }
    for line in read("deploy/docker/Dockerfile")
        .lines()
        .filter(|line| line.starts_with("COPY ") && !line.contains("--from"))
    {
        let words: Vec<&str> = line.split(' ').skip(1).collect();
        let (_target, sources) = words.split_last().unwrap();
        for source in sources {
            assert!(root().join(source).exists(), "{line}");
        }
    }
}

#[test]
fn every_service_is_checked_and_waits_for_what_it_needs() {
    let services = services();
    for (name, service) in &services {
        let one_shot = matches!(name.as_str(), "setup" | "migrate");
        assert_eq!(service["healthcheck"].is_null(), one_shot, "{name}");
        let Some(needs) = service["depends_on"].as_object() else { continue };
        for (needed, how) in needs {
            let expected = match needed.as_str() {
                "setup" | "migrate" => "service_completed_successfully",
                _ => "service_healthy",
            };
            assert_eq!(how["condition"], expected, "{name} on {needed}");
            assert!(services.contains_key(needed));
        }
    }
}

#[test]
fn only_the_gateway_is_published_and_its_ports_are_its_entry_points() {
    let traefik = read("traefik/traefik.yml");
    for (name, service) in services() {
        let ports = strings(&service["ports"]);
        if name != "traefik" {
            assert!(ports.is_empty(), "{name} publishes {ports:?}");
            continue;
        }
        assert_eq!(ports.len(), 2);
        for port in ports {
            let container = port.rsplit(':').next().unwrap();
            assert!(traefik.contains(&format!("address: \":{container}\"")), "{port} is no entry point");
            assert!(port.starts_with("127.0.0.1:"), "{port} is published to the network");
        }
    }
    let health = services()["traefik"]["healthcheck"]["test"].to_string();
    assert!(health.contains(":18410/ping") && traefik.contains("address: \":18410\""));
}

/// Names in `code` that follow `marker` up to the closing quote.
fn named(code: &str, marker: &str) -> Vec<String> {
    code.split(marker).skip(1).filter_map(|rest| rest.split('"').next().map(str::to_owned)).collect()
}

/// The variables that a part fails without.
fn required(part: &str) -> Vec<String> {
    if part == "app" {
        let manifest: toml::Table = read("spin.toml").parse().unwrap();
        let variables = manifest["variables"].as_table().unwrap();
        let required = variables.iter().filter(|(_, variable)| variable.get("required").is_some());
        return required.map(|(name, _)| format!("SPIN_VARIABLE_{}", name.to_uppercase())).collect();
    }
    let sources: &[&str] = match part {
        "bridge" => &["bridge/src/main.rs"],
        "reporting" => &["reporting/src/main.rs"],
        _ => &["crates/migrations/src/main.rs", "crates/migrations/src/roles.rs"],
    };
    let code: String = sources.iter().map(|source| read(source)).collect();
    ["config::secret(\"", "config::required(\"", "variable: \""]
        .iter()
        .flat_map(|marker| named(&code, marker))
        .collect()
}

#[test]
fn every_variable_that_our_programs_require_is_set() {
    let services = services();
    let settings = read("xtask/src/settings.rs");
    for part in ["migrate", "bridge", "reporting", "app"] {
        let required = required(part);
        assert!(required.len() >= 3, "{part}: {required:?}");
        let environment = strings(&services[part]["environment"]);
        for variable in required {
            let in_file =
                environment.iter().any(|set| *set == variable || set.starts_with(&format!("{variable}=")));
            let made = settings.contains(&format!("\"{variable}\""));
            assert!(in_file || made, "{part} lacks {variable}");
            assert!(!(in_file && made), "{variable} is set twice");
        }
    }
}

#[test]
fn names_and_ports_agree_with_the_mounted_files() {
    let services = services();
    let environment = |service: &str, name: &str| {
        let all = &services[service]["environment"];
        let value = all[name].as_str().map(str::to_owned);
        value
            .or_else(|| {
                strings(all).iter().find_map(|set| set.strip_prefix(&format!("{name}=")).map(str::to_owned))
            })
            .unwrap()
    };
    for file in ["traefik/dynamic/routes.yml", "traefik/dynamic/tls.yml", "traefik/dynamic/middlewares.yml"] {
        let text = read(file);
        for name in named(&text, "env \"") {
            if text.contains(&format!("env \"{name}\" | default")) {
                continue;
            }
            assert!(!environment("traefik", &name).is_empty(), "{file} needs {name}");
        }
    }
    // scheme://service:port of every address names a service and the port that it listens at.
    let listens = BTreeMap::from([
        ("keycloak", environment("keycloak", "KC_HTTP_PORT")),
        ("app", "3000".to_owned()),
        ("postgres", "5432".to_owned()),
        ("rabbitmq", "5672".to_owned()),
    ]);
    let text = read("docker-compose.yml") + &read("xtask/src/settings.rs");
    let mut seen = BTreeSet::new();
    for (service, port) in &listens {
        for address in [format!("//{service}:"), format!("@{service}:")] {
            for rest in text.split(&address).skip(1) {
                let found: String = rest.chars().take_while(char::is_ascii_digit).collect();
                // `//postgres:` also begins a user and a password.
                if found.is_empty() {
                    continue;
                }
                assert_eq!(&found, port, "{address}");
                seen.insert(*service);
            }
        }
    }
    assert_eq!(seen.len(), listens.len(), "{seen:?}");
    assert!(read("deploy/docker/Dockerfile").contains("0.0.0.0:3000"));
    assert!(read("deploy/docker/rabbitmq.conf").contains("listeners.tcp.default = 5672"));
    let realm: Value = serde_json::from_str(&read("keycloak/timetracker-realm.json")).unwrap();
    let issuer = environment("app", "SPIN_VARIABLE_OIDC_ISSUER");
    assert_eq!(
        issuer,
        format!("{}/realms/{}", environment("keycloak", "KC_HOSTNAME"), realm["realm"].as_str().unwrap())
    );
    assert!(read("keycloak/keycloak.conf").contains("http-relative-path=/auth"));
    for placeholder in read("keycloak/timetracker-realm.json").split("${").skip(1) {
        let name = placeholder.split('}').next().unwrap();
        // `${NAME:default}`, and `${username}`: a text of Keycloak's own.
        if name.contains(':') || name.contains(char::is_lowercase) {
            continue;
        }
        // A secret, from the volume of settings.
        if read("xtask/src/settings.rs").contains(&format!("(\"{name}\", secret(")) {
            continue;
        }
        assert!(!environment("keycloak", name).is_empty(), "the realm needs {name}");
    }
}
