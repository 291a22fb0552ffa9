//! `cargo run -p openapi`: writes what is made of the code. A test fails when what is checked in is stale.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

fn main() -> Result<()> {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    for page in openapi::pages() {
        let file = root.join(&page.path);
        let folder = file.parent().context("a file has a folder")?;
        fs::create_dir_all(folder)
            .and_then(|()| fs::write(&file, page.content))
            .with_context(|| page.path)?;
    }
    Ok(())
}
