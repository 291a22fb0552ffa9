//! Verification of the realm's access tokens, without I/O: `components/identity` brings the keys and
//! the time, so every refusal is tested natively.

mod keys;
mod token;
mod verify;

pub use keys::{KeyError, KeySet};
pub use verify::{Claims, Expected, Refusal, bearer, key_id, verify};
