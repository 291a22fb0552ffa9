//! The SQL files are compiled in by macros that cargo does not look into: a changed file makes a new build.

fn main() {
    println!("cargo:rerun-if-changed=../../migrations");
}
