//! The way of a case to a real `spin`, tried on a stand-in: a script that is called like it, prints what it prints and has
//! a child serve, as it does; the child is the runtime.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use crate::cases;

const SCRIPT: &str = r#"#!/bin/sh
cd "$(dirname "$0")" || exit 1
[ "$1" = up ] || exit 1
shift
printf '%s\n' "$@" > arguments
# The runtime has stores without a configuration.
for argument in "$@"; do
    shift
    case $argument in
        --runtime-config-file) skip=1 ;;
        *) [ -n "$skip" ] && skip= || set -- "$@" "$argument" ;;
    esac
done
RUNTIME up "$@" --cache-dir CACHE > printed &
child=$!
trap 'echo stopping; kill -TERM $child; wait $child; : > ended; exit 0' TERM
until grep -q '^Serving' printed; do
    kill -0 $child 2> /dev/null || exit 1
    sleep 0.05
done
echo
sed -n 's/^\(Serving [^ ]*\).*/\1/p' printed
echo 'Available Routes:'
wait $child
"#;

/// A script of the name `spin` in a folder of its own.
fn stand_in() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("spin");
    let cache = Path::new(env!("CARGO_TARGET_TMPDIR")).join("compiled");
    let script = SCRIPT
        .replace("RUNTIME", env!("CARGO_BIN_EXE_runtime"))
        .replace("CACHE", &cache.display().to_string());
    fs::write(&path, script).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    (folder, path)
}

#[tokio::test]
async fn a_case_is_served_by_the_spin_that_is_given() {
    let (folder, spin) = stand_in();
    cases::run("key-value", Some(&spin)).await;
    let arguments = fs::read_to_string(folder.path().join("arguments")).unwrap();
    let arguments: Vec<&str> = arguments.lines().collect();
    let ["-f", manifest, "--listen", "127.0.0.1:0", "--state-dir", state, "--runtime-config-file", stores] =
        arguments[..]
    else {
        panic!("{arguments:?}");
    };
    let case = Path::new(manifest).parent().unwrap();
    assert!(manifest.ends_with("/spin.toml"), "{manifest}");
    assert_eq!(Path::new(state), case.join(".spin"));
    assert_eq!(Path::new(stores), case.join("runtime-config.toml"));
    assert!(folder.path().join("ended").exists(), "it was not asked to end, or what it prints was not read");
}

#[tokio::test]
async fn a_start_that_must_fail_fails_there_too() {
    let (folder, spin) = stand_in();
    cases::run("variables-missing", Some(&spin)).await;
    assert!(folder.path().join("arguments").exists());
}

#[tokio::test]
async fn what_is_no_case_for_spin_is_not_run_there() {
    cases::run("unsupported-key", Some(Path::new("/not/there"))).await;
}
