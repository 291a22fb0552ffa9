//! The rows of a query as a component-model stream.

use std::pin::Pin;
use std::task::{Context, Poll};

use futures::stream::{BoxStream, StreamExt as _};
use tokio::sync::oneshot;
use wasmtime::StoreContextMut;
use wasmtime::component::{Destination, StreamProducer, StreamResult, VecBuffer};

use super::errors::failed_with;
use super::values;
use crate::bindings::postgres::{Error, Row};
use crate::instance::limits::check_size;

/// Rows that are read at once for a guest that does not say how many it wants.
const ROWS_AT_ONCE: usize = 64;
/// And bytes, for one that wants many.
const BYTES_AT_ONCE: usize = 1 << 20;

/// Produces what PostgreSQL has sent, as much at once as is there; the session goes back with the last row, or with the
/// guest's interest.
pub struct Rows {
    rows: BoxStream<'static, Result<Row, Error>>,
    end: Option<oneshot::Sender<Result<(), Error>>>,
}

impl Rows {
    /// And how they end: well also where the guest does not read on.
    pub fn new(rows: BoxStream<'static, Result<Row, Error>>) -> (Self, oneshot::Receiver<Result<(), Error>>) {
        let (end, ended) = oneshot::channel();
        (Self { rows, end: Some(end) }, ended)
    }

    fn end(&mut self, result: Result<(), Error>) {
        // The session is free before the guest hears of the end.
        self.rows = futures::stream::empty().boxed();
        if let Some(end) = self.end.take() {
            _ = end.send(result);
        }
    }
}

impl Drop for Rows {
    fn drop(&mut self) {
        self.end(Ok(()));
    }
}

impl<D> StreamProducer<D> for Rows {
    type Item = Row;
    type Buffer = VecBuffer<Row>;

    fn poll_produce<'a>(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        store: StoreContextMut<'a, D>,
        mut destination: Destination<'a, Self::Item, Self::Buffer>,
        finish: bool,
    ) -> Poll<wasmtime::Result<StreamResult>> {
        let wanted = destination.remaining(store).unwrap_or(ROWS_AT_ONCE);
        let (mut rows, mut bytes) = (Vec::new(), 0);
        let mut result = StreamResult::Completed;
        while rows.len() < wanted && bytes < BYTES_AT_ONCE {
            match self.rows.poll_next_unpin(context) {
                Poll::Ready(Some(Ok(row))) => {
                    let size = values::size(&row);
                    bytes += size;
                    match check_size(size) {
                        Ok(()) => rows.push(row),
                        Err(words) => self.end(Err(failed_with(words))),
                    }
                }
                Poll::Ready(Some(Err(error))) => self.end(Err(error)),
                // With the last rows, so that the guest need not ask once more.
                Poll::Ready(None) => {
                    self.end(Ok(()));
                    result = StreamResult::Dropped;
                    break;
                }
                Poll::Pending if rows.is_empty() && finish => {
                    return Poll::Ready(Ok(StreamResult::Cancelled));
                }
                Poll::Pending if rows.is_empty() => return Poll::Pending,
                Poll::Pending => break,
            }
        }
        destination.set_buffer(rows.into());
        Poll::Ready(Ok(result))
    }
}
