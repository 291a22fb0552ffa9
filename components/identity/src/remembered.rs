//! Tokens that were verified: a signature costs some hundred microseconds in wasm, a look-up next to nothing. First those
//! that this instance has seen, which lives for some thousand requests at most; then, in the key-value store, those that
//! any instance of any endpoint has (docs/adr/0011). Both are bounded.

use std::cell::RefCell;
use std::collections::HashMap;

use jwt::Claims;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use spin_sdk::key_value::Store;

/// Tokens that an instance keeps.
const IN_INSTANCE: usize = 256;
/// The store has an entry for each beginning of a digest, of this many hexadecimal digits: 4,096 entries …
const PREFIX: usize = 3;
/// … with the newest tokens of that beginning.
const IN_ENTRY: usize = 4;

thread_local! {
    static VERIFIED: RefCell<HashMap<String, Claims>> = RefCell::new(HashMap::new());
}

/// A token in the store, by its digest: whoever reads the store can use none.
#[derive(Serialize, Deserialize)]
struct Stored {
    digest: String,
    claims: Claims,
}

/// What this instance found a token to say, unless it has ended since.
pub(crate) fn in_instance(token: &str, now: u64) -> Option<Claims> {
    VERIFIED.with_borrow(|verified| verified.get(token).filter(|claims| claims.expires_at > now).cloned())
}

/// What any instance found a token to say, unless it has ended since.
pub(crate) async fn recall(token: &str, now: u64) -> Option<Claims> {
    if let Some(claims) = in_instance(token, now) {
        return Some(claims);
    }
    let good = |claims: &Claims| claims.expires_at > now;
    let digest = digest(token);
    let store = Store::open_default().await.ok()?;
    let found = entry(&store, &digest).await.into_iter().find(|stored| stored.digest == digest)?;
    Some(found.claims).filter(good).inspect(|claims| keep(token, claims))
}

/// Keep what a token says until it ends.
pub(crate) async fn remember(token: &str, claims: &Claims, now: u64) {
    keep(token, claims);
    let digest = digest(token);
    // Without the store each instance verifies for itself: slower, not wrong.
    let Ok(store) = Store::open_default().await else { return };
    let mut tokens = entry(&store, &digest).await;
    tokens.retain(|stored| stored.claims.expires_at > now && stored.digest != digest);
    tokens.truncate(IN_ENTRY - 1);
    let key = key(&digest);
    tokens.insert(0, Stored { digest, claims: claims.clone() });
    let Ok(json) = serde_json::to_vec(&tokens) else { return };
    if let Err(error) = store.set(key, json).await {
        eprintln!("a verified token cannot be stored: {error:?}");
    }
}

fn keep(token: &str, claims: &Claims) {
    VERIFIED.with_borrow_mut(|verified| {
        if verified.len() >= IN_INSTANCE {
            verified.clear();
        }
        verified.insert(token.to_owned(), claims.clone());
    });
}

fn digest(token: &str) -> String {
    format!("{:x}", Sha256::digest(token))
}

fn key(digest: &str) -> String {
    format!("verified-{}", &digest[..PREFIX])
}

async fn entry(store: &Store, digest: &str) -> Vec<Stored> {
    let json = store.get(key(digest)).await.ok().flatten();
    json.and_then(|json| serde_json::from_slice(&json).ok()).unwrap_or_default()
}
