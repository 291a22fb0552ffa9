//! Bodies on their way in and out.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use tokio_util::sync::WaitForCancellationFutureOwned;
use wasmtime_wasi_http::{Error, WasiBody};

use crate::instance::limits::Inside;

/// Bytes of an unread body that are taken and dropped, and for how long. A connection that is closed with bytes unread is
/// reset, and the sender then may lose the response that it was given.
const DRAINED: usize = 8 << 20;
const DRAIN_LIMIT: Duration = Duration::from_secs(10);

/// The body of a request. What of it nobody reads is drained, within limits, so that the sender gets the response.
pub struct Drained(Option<Incoming>);

impl From<Incoming> for Drained {
    fn from(body: Incoming) -> Self {
        Self(Some(body))
    }
}

impl Body for Drained {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        match &mut self.0 {
            Some(body) => Pin::new(body).poll_frame(context),
            None => Poll::Ready(None),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.0.as_ref().is_none_or(Incoming::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.0.as_ref().map_or_else(SizeHint::default, Incoming::size_hint)
    }
}

impl Drop for Drained {
    fn drop(&mut self) {
        let Some(mut body) = self.0.take().filter(|body| !body.is_end_stream()) else { return };
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        runtime.spawn(tokio::time::timeout(DRAIN_LIMIT, async move {
            let mut left = DRAINED;
            while let Some(Ok(frame)) = body.frame().await {
                match left.checked_sub(frame.data_ref().map_or(0, Bytes::len)) {
                    Some(rest) => left = rest,
                    None => break,
                }
            }
        }));
    }
}

/// `body`, which keeps its request in flight until its last byte is taken or its client is gone, and which ends when
/// `over` does.
pub fn in_flight(body: WasiBody, inside: Inside, over: Option<WaitForCancellationFutureOwned>) -> WasiBody {
    InFlight { body, over: over.map(Box::pin), _inside: inside }.boxed_unsync()
}

struct InFlight {
    body: WasiBody,
    over: Option<Pin<Box<WaitForCancellationFutureOwned>>>,
    _inside: Inside,
}

impl Body for InFlight {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        // What the guest has written comes first: an event that was sent is not lost.
        match Pin::new(&mut self.body).poll_frame(context) {
            Poll::Pending => match &mut self.over {
                Some(over) => over.as_mut().poll(context).map(|()| None),
                None => Poll::Pending,
            },
            frame => frame,
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
