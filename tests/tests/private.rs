//! What `cargo xtask up` makes is nobody else's, and nothing that serves runs as root.

#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use e2e::Control;

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap_or_else(|error| panic!("{}: {error}", path.display())).permissions().mode()
        & 0o777
}

#[test]
fn nobody_else_reads_state_and_logs() {
    let socket = testkit::required("TIMETRACKER_TEST_CONTROL");
    let state = Path::new(&socket).ancestors().nth(2).unwrap();
    assert_eq!(mode(state) & 0o067, 0, "{:o}", mode(state));
    for folder in ["logs", "spin", "postgres", "rabbitmq", "keycloak"] {
        assert_eq!(mode(&state.join(folder)), 0o700, "{folder}");
    }
    for file in ["secrets.json", "spin/key-value.redb", "logs/traefik.log", "logs/spin.log", "tls/key.pem"] {
        assert_eq!(mode(&state.join(file)), 0o600, "{file}");
    }
}

#[test]
fn no_service_runs_as_root() {
    let status = Control::new().ask("status");
    let running = status.iter().filter_map(|line| line.split_once("pid="));
    let mut count = 0;
    for (name, rest) in running {
        let pid = rest.split(' ').next().unwrap();
        let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
        let ids = status.lines().find_map(|line| line.strip_prefix("Uid:")).unwrap();
        assert!(ids.split_whitespace().all(|id| id != "0"), "{name}: {ids}");
        count += 1;
    }
    assert!(count >= 7, "{status:?}");
}
