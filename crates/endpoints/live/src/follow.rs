//! One stream, from its opening to its end.

use std::rc::Rc;
use std::time::Duration;

use api::Outlet;
use chrono::TimeDelta;
use uuid::Uuid;

use crate::hub::Hub;
use crate::open_stream::{Opened, close_stream};
use crate::sse;

/// The longest stream: a reader comes back with a fresh token, and an instance is not kept for ever.
pub(crate) const LONGEST: TimeDelta = TimeDelta::seconds(60);
/// How long nothing may be sent.
const QUIET: TimeDelta = TimeDelta::seconds(15);
/// How often a stream comes by for what is there for it.
const TICK: Duration = Duration::from_millis(250);

pub(crate) async fn follow(hub: &Rc<Hub>, mut outlet: impl Outlet, reader: Uuid, opened: &[u8]) {
    let Ok(Opened { after, stream }) = serde_json::from_slice(opened) else { return };
    let place = hub.join(reader, after);
    let mut sent = outlet.now();
    let end = outlet.token_ends().min(sent + LONGEST);
    outlet.send(sse::opening(after)).await;
    while outlet.is_open() && outlet.now() < end {
        hub.look(&outlet).await;
        let mut piece: String = place.take().iter().map(sse::event).collect();
        if piece.is_empty() && outlet.now() - sent >= QUIET {
            piece.push_str(sse::HEARTBEAT);
        }
        if !piece.is_empty() {
            sent = outlet.now();
            outlet.send(piece).await;
        }
        outlet.sleep(TICK).await;
    }
    close_stream(&outlet.database(), stream).await;
}

#[cfg(test)]
mod tests;
