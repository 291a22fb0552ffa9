//! The realm's keys: in the instance, else in the key-value store, else from Keycloak. With Keycloak down,
//! the keys that are known go on working.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use jwt::KeySet;
use spin_sdk::http::body::IncomingBodyExt as _;
use spin_sdk::key_value::Store;

/// Ask Keycloak for an unknown key at most once in this many seconds, so that made-up key ids cost it nothing.
const FETCH_PAUSE: u64 = 5;
/// Ask again after this many seconds even if all keys are known, so that a withdrawn key is forgotten.
const MAX_AGE: u64 = 3600;
/// The entry of the store: when it was fetched (8 bytes, big-endian seconds), then the key set as it came.
const ENTRY: &str = "jwks";

/// No keys can be had, and none are known.
pub(crate) struct Unavailable(pub(crate) String);

#[derive(Clone)]
struct Known {
    keys: Rc<KeySet>,
    fetched_at: u64,
}

impl Known {
    fn serves(&self, id: &str, now: u64) -> bool {
        self.keys.has(id) && now < self.fetched_at.saturating_add(MAX_AGE)
    }
}

thread_local! {
    static KNOWN: RefCell<Option<Known>> = const { RefCell::new(None) };
    static ASKED_AT: Cell<u64> = const { Cell::new(0) };
}

/// The key set, fetched anew if it lacks `id`. It may still lack it afterwards.
pub(crate) async fn having(id: &str, url: &str, now: u64) -> Result<Rc<KeySet>, Unavailable> {
    let mut known = KNOWN.with_borrow(Clone::clone);
    if known.as_ref().is_none_or(|known| !known.serves(id, now))
        && let Some(stored) = stored().await
    {
        known = Some(keep(stored));
    }
    match known {
        Some(known) if known.serves(id, now) => Ok(known.keys),
        // Somebody asked a moment ago: a made-up id is refused without another question.
        Some(known) if now < known.fetched_at.max(ASKED_AT.get()).saturating_add(FETCH_PAUSE) => {
            Ok(known.keys)
        }
        known => {
            ASKED_AT.set(now);
            match (fetch(url, now).await, known) {
                (Ok(fetched), _) => Ok(keep(fetched).keys),
                (Err(reason), Some(known)) => {
                    eprintln!("the realm's keys cannot be fetched, going on with the known ones: {reason}");
                    Ok(known.keys)
                }
                (Err(reason), None) => Err(Unavailable(reason)),
            }
        }
    }
}

fn keep(known: Known) -> Known {
    KNOWN.set(Some(known.clone()));
    known
}

async fn stored() -> Option<Known> {
    let entry = Store::open_default().await.ok()?.get(ENTRY).await.ok()??;
    let (time, json) = entry.split_first_chunk::<8>()?;
    let keys = KeySet::parse(json).ok()?;
    Some(Known { keys: Rc::new(keys), fetched_at: u64::from_be_bytes(*time) })
}

async fn fetch(url: &str, now: u64) -> Result<Known, String> {
    let response = spin_sdk::http::get(url).await.map_err(|error| format!("{url}: {error}"))?;
    let status = response.status();
    if !status.is_success() {
        return Err(format!("{url}: {status}"));
    }
    let json = response.into_body().bytes().await.map_err(|error| format!("{url}: {error}"))?;
    let keys = KeySet::parse(&json).map_err(|error| format!("{url}: {error}"))?;
    let entry = [&now.to_be_bytes()[..], &json].concat();
    // Without the store each instance asks for itself: slower, not wrong.
    if let Ok(store) = Store::open_default().await
        && let Err(error) = store.set(ENTRY, entry).await
    {
        eprintln!("the realm's keys cannot be stored: {error:?}");
    }
    Ok(Known { keys: Rc::new(keys), fetched_at: now })
}
