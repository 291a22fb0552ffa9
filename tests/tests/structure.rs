//! The architecture, held by tests: who may depend on whom, and what spin.toml grants.

#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use toml::Table;

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// Our packages by name: where they lie, and what they depend on outside tests.
fn packages() -> BTreeMap<String, (String, BTreeSet<String>)> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(root())
        .output()
        .unwrap();
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let base = metadata["workspace_root"].as_str().unwrap();
    metadata["packages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|package| {
            let folder = Path::new(package["manifest_path"].as_str().unwrap()).parent().unwrap();
            let folder = folder.strip_prefix(base).unwrap().to_str().unwrap().to_owned();
            let dependencies = package["dependencies"]
                .as_array()
                .unwrap()
                .iter()
                .filter(|dependency| dependency["kind"].is_null())
                .map(|dependency| dependency["name"].as_str().unwrap().to_owned())
                .collect();
            (package["name"].as_str().unwrap().to_owned(), (folder, dependencies))
        })
        .collect()
}

/// What each room may use of ours. A crate in no room is an error: the rule must be extended knowingly.
fn allowed(folder: &str) -> Option<&'static [&'static str]> {
    Some(match folder {
        "crates/broker" | "crates/domain" | "crates/jwt" | "crates/events" | "crates/service" | "xtask" => {
            &[]
        }
        "crates/endpoints/api" => &["domain"],
        // They show the reports' own lines and sums.
        "crates/endpoints/export" | "crates/endpoints/saved-reports" => {
            &["domain", "api", "endpoints-reports"]
        }
        _ if folder.starts_with("crates/endpoints/") => &["domain", "api"],
        "crates/guest" => &["domain", "api"],
        "crates/openapi" => &["domain", "api", "endpoints-*"],
        "components/identity" => &["jwt"],
        "components/web-app" => &["api"],
        _ if folder.starts_with("components/") => &["guest", "endpoints-*"],
        _ if folder.starts_with("runtime/tests/guests/") => &[],
        "crates/migrations" => &["service"],
        "crates/testkit" => &["api", "domain", "migrations"],
        "runtime" => &["service"],
        "bridge" => &["broker", "service"],
        "reporting" => &["broker", "events", "service"],
        "tests" => &["reporting", "testkit"],
        "bench/peers/axum" => &["api", "domain", "jwt"],
        "bench" => &["broker", "e2e", "reporting", "service", "testkit"],
        _ => return None,
    })
}

#[test]
fn dependencies_point_one_way() {
    let packages = packages();
    for (name, (folder, dependencies)) in &packages {
        let allowed = allowed(folder).unwrap_or_else(|| panic!("{folder} is in no room of the architecture"));
        let fits = |dependency: &str| {
            allowed.iter().any(|rule| {
                rule.strip_suffix('*').map_or(*rule == dependency, |start| dependency.starts_with(start))
            })
        };
        let wrong: Vec<_> =
            dependencies.iter().filter(|other| packages.contains_key(*other) && !fits(other)).collect();
        assert!(wrong.is_empty(), "{name} must not depend on {wrong:?}");
    }
}

#[test]
fn spin_amqp_and_jwt_stay_in_their_rooms() {
    let rooms: [(&str, &[&str]); 5] = [
        ("spin-sdk", &["crates/guest", "components/"]),
        ("lapin", &["crates/broker", "bridge", "reporting", "bench"]),
        // The realm of benchmarks signs with it.
        ("jwt-simple", &["crates/jwt", "bench"]),
        ("ed25519-dalek", &["crates/jwt"]),
        ("wasmtime", &["runtime"]),
    ];
    for (_, (folder, dependencies)) in packages() {
        for (library, rooms) in rooms {
            let at_home =
                rooms.iter().any(|room| folder == *room || room.ends_with('/') && folder.starts_with(room));
            let is_guest = folder.starts_with("runtime/tests/guests/");
            // The runtime reads Spin's WIT from the SDK's own folder.
            let reads_wit = folder == "runtime" && library == "spin-sdk";
            assert!(
                at_home || is_guest || reads_wit || !dependencies.contains(library),
                "{folder} must not use {library}"
            );
        }
    }
}

fn spin_toml() -> Table {
    std::fs::read_to_string(root().join("spin.toml")).unwrap().parse().unwrap()
}

#[test]
fn every_protected_component_grants_the_same_to_identity() {
    let manifest = spin_toml();
    let components = manifest["component"].as_table().unwrap();
    let protected = components.iter().filter(|(name, _)| !matches!(name.as_str(), "identity" | "web-app"));
    for (name, component) in protected {
        let wire = &component["dependencies"]["timetracker:identity/verifier@0.1.0"];
        assert_eq!(wire["component"].as_str(), Some("identity"), "{name}");
        let inherits: Vec<_> = wire["inherit_configuration"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(toml::Value::as_str)
            .collect();
        assert_eq!(inherits, ["variables", "allowed_outbound_hosts", "key_value_stores"], "{name}");
        let hosts: Vec<_> = component["allowed_outbound_hosts"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(toml::Value::as_str)
            .collect();
        assert_eq!(hosts, ["{{ oidc_jwks_origin }}", "{{ database_origin }}"], "{name}");
        assert_eq!(component["key_value_stores"].as_array().unwrap().len(), 1, "{name}");
        for variable in ["oidc_issuer", "oidc_audience", "oidc_client", "oidc_jwks_url"] {
            assert_eq!(
                component["variables"][variable].as_str(),
                Some(format!("{{{{ {variable} }}}}").as_str()),
                "{name}"
            );
        }
    }
}

#[test]
fn every_component_has_a_crate_and_a_route_and_the_other_way_round() {
    let manifest = spin_toml();
    let components: BTreeSet<String> = manifest["component"].as_table().unwrap().keys().cloned().collect();
    let crates: BTreeSet<String> = packages()
        .into_iter()
        .filter(|(_, (folder, _))| folder.starts_with("components/"))
        .map(|(name, _)| name)
        .collect();
    assert_eq!(components, crates);
    let routed: BTreeSet<String> = manifest["trigger"]["http"]
        .as_array()
        .unwrap()
        .iter()
        .map(|trigger| trigger["component"].as_str().unwrap().to_owned())
        .chain(["identity".to_owned()])
        .collect();
    assert_eq!(components, routed);
    for (name, component) in manifest["component"].as_table().unwrap() {
        let wasm = format!("target/wasm32-wasip2/release/{}.wasm", name.replace('-', "_"));
        assert_eq!(component["source"].as_str(), Some(wasm.as_str()));
        let command = format!("cargo build --release --target wasm32-wasip2 -p {name}");
        assert_eq!(component["build"]["command"].as_str(), Some(command.as_str()));
        for glob in component["build"]["watch"].as_array().unwrap() {
            let folder = glob.as_str().unwrap().split("**").next().unwrap();
            assert!(root().join(folder).is_dir(), "{name} watches {folder}, which is not there");
        }
    }
}

/// Requests read instants by `api::Instant`, which refuses leap seconds. Requests are what refuses unknown fields.
#[test]
fn requests_read_instants_in_one_way() {
    let mut requests = 0;
    for file in rust_files(&root().join("crates/endpoints")) {
        let source = std::fs::read_to_string(&file).unwrap();
        for request in source.split("deny_unknown_fields").skip(1) {
            let body = request.split("\n}").next().unwrap();
            let read: Vec<_> = body.lines().filter(|line| !line.trim_start().starts_with("#[")).collect();
            let raw = read.iter().find(|line| line.contains("DateTime<") && !line.contains("value_type"));
            assert!(raw.is_none(), "{}: {raw:?}", file.display());
            requests += 1;
        }
    }
    assert!(requests > 20, "{requests}");
}

fn rust_files(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| match path.is_dir() {
            true => rust_files(&path),
            false => Vec::from_iter(path.extension().is_some_and(|end| end == "rs").then_some(path)),
        })
        .collect()
}
