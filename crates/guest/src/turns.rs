//! Turns between guest and host.

use std::future::poll_fn;
use std::pin::pin;

/// `waiting`, asked once more before the task sleeps. What takes the host one turn, and no more, is then there; waking a
/// sleeping task would cost two turns, and more for each thing that it waits for (docs/adr/0015).
pub(crate) async fn asked_twice<F: Future>(waiting: F) -> F::Output {
    let mut waiting = pin!(waiting);
    let mut first = true;
    poll_fn(|context| {
        let polled = waiting.as_mut().poll(context);
        if polled.is_pending() && std::mem::take(&mut first) {
            context.waker().wake_by_ref();
        }
        polled
    })
    .await
}
