//! The body of an answer on its way out.

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use http_body_util::BodyExt;
use tokio_util::sync::WaitForCancellationFutureOwned;
use wasmtime_wasi_http::{Error, WasiBody};

use crate::instance::limits::Inside;

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
