//! Finds the WIT of Spin's interfaces in the folder of the `spin-sdk` crate that the workspace uses, so that
//! the runtime and the components are built from one and the same text, and none of it is copied here.

use std::path::PathBuf;
use std::process::Command;
use std::{env, fs};

/// What the components may import beside WASI, as folders of `spin-sdk`'s `wit/deps`.
const PACKAGES: [&str; 3] = ["spin-key-value@3.0.0", "spin-postgres@4.2.0", "spin-variables@3.0.0"];

fn main() {
    let sdk = spin_sdk_folder();
    let mut paths = String::new();
    for package in PACKAGES {
        let folder = sdk.join("wit/deps").join(package);
        assert!(
            folder.is_dir(),
            "spin-sdk in {} has no {package}: adapt PACKAGES in runtime/build.rs to its version",
            sdk.display()
        );
        paths += &format!("{:?}, ", folder.display().to_string());
    }
    let template = fs::read_to_string("src/bindings.rs.in").expect("src/bindings.rs.in is readable");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR")).join("bindings.rs");
    fs::write(out, template.replace("$PATHS", &paths)).expect("OUT_DIR is writable");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src/bindings.rs.in");
    println!("cargo::rerun-if-changed=../Cargo.lock");
}

/// Asks cargo, first without the network: on most machines everything is downloaded by now.
fn spin_sdk_folder() -> PathBuf {
    let cargo = env::var_os("CARGO").expect("cargo sets CARGO");
    let target = env::var("TARGET").expect("cargo sets TARGET");
    let mut last_error = String::new();
    for network in [&["--offline"][..], &[]] {
        let output = Command::new(&cargo)
            .args(["metadata", "--format-version=1", "--locked", "--filter-platform", &target])
            .args(network)
            .output()
            .expect("cargo metadata runs");
        if !output.status.success() {
            last_error = String::from_utf8_lossy(&output.stderr).into_owned();
            continue;
        }
        let metadata: serde_json::Value =
            serde_json::from_slice(&output.stdout).expect("cargo metadata prints JSON");
        let packages = metadata["packages"].as_array().expect("cargo metadata lists packages");
        let manifest = packages
            .iter()
            .find(|package| package["name"] == "spin-sdk")
            .and_then(|package| package["manifest_path"].as_str())
            .expect("the workspace depends on spin-sdk");
        return PathBuf::from(manifest).parent().expect("a manifest is in a folder").to_owned();
    }
    panic!("cargo metadata failed, so the WIT of spin-sdk can't be found: {last_error}");
}
