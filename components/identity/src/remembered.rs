//! Tokens that this instance has verified: a signature costs milliseconds in wasm, a look-up nothing.
//! An instance lives for some hundred requests, so what is remembered is bounded by that and by `MOST`.

use std::cell::RefCell;
use std::collections::HashMap;

use jwt::Claims;

const MOST: usize = 256;

thread_local! {
    static VERIFIED: RefCell<HashMap<String, Claims>> = RefCell::new(HashMap::new());
}

/// What a token was found to say, unless it has ended since.
pub(crate) fn recall(token: &str, now: u64) -> Option<Claims> {
    VERIFIED.with_borrow(|verified| verified.get(token).filter(|claims| claims.expires_at > now).cloned())
}

/// Keep what a token says until it ends.
pub(crate) fn remember(token: &str, claims: &Claims) {
    VERIFIED.with_borrow_mut(|verified| {
        if verified.len() >= MOST {
            verified.clear();
        }
        verified.insert(token.to_owned(), claims.clone());
    });
}
