//! `cargo run -p e2e --bin token alice` prints an access token of a demo user, for tools that are no browser.
//! It needs the variables that `cargo xtask env` prints.

fn main() -> anyhow::Result<()> {
    let mut names = std::env::args().skip(1);
    let (Some(name), None) = (names.next(), names.next()) else {
        anyhow::bail!("name one demo user: alice, bob, mona or ada");
    };
    println!("{}", e2e::login(&name).token());
    Ok(())
}
