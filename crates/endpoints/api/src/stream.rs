//! Answers that go on: an endpoint that writes piece by piece, for as long as somebody listens. `guest` has the wire,
//! tests have one of their own.

use std::future::Future;
use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::sql::Database;
use crate::{Caller, Endpoint};

/// An endpoint whose answer may go on. [`Endpoint::answer`] only opens: it answers in whole, or by [`crate::Reply::stream`]
/// where the stream begins.
pub trait Streaming: Endpoint {
    /// Write the stream until it ends; `opened` is the body that `answer` gave.
    fn follow(outlet: impl Outlet, caller: Caller, opened: &[u8]) -> impl Future<Output = ()>;
}

/// What a stream is written to, and what it needs on its way.
pub trait Outlet {
    /// A database for one look. It is dropped before sleeping: a connection is not to be held by those who wait.
    fn database(&self) -> impl Database;
    /// The time by the clock.
    fn now(&self) -> DateTime<Utc>;
    /// When the caller's token ends.
    fn token_ends(&self) -> DateTime<Utc>;
    /// Wait.
    fn sleep(&self, time: Duration) -> impl Future<Output = ()>;
    /// Whether somebody listens, as far as is known: who has gone is missed when something is sent.
    fn is_open(&self) -> bool;
    /// Send a piece, as soon as there is room for it.
    fn send(&mut self, piece: String) -> impl Future<Output = ()>;
    /// Break off, so that the reader does not take what came for the whole.
    fn fail(&mut self) -> impl Future<Output = ()>;
}
