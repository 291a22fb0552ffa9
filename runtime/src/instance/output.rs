//! A guest's standard output and error go to the log, line by line, with the component's id.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::AsyncWrite;
use wasmtime_wasi::cli::{IsTerminal, StdoutStream};

/// A line longer than this is cut into several.
const LINE: usize = 16 << 10;

/// One of a guest's two streams.
#[derive(Clone)]
pub struct Output {
    component: String,
    error: bool,
    line: Vec<u8>,
}

impl Output {
    /// Standard output of `component`.
    pub fn stdout(component: &str) -> Self {
        Self::new(component, false)
    }

    /// Standard error of `component`.
    pub fn stderr(component: &str) -> Self {
        Self::new(component, true)
    }

    fn new(component: &str, error: bool) -> Self {
        Self { component: component.to_owned(), error, line: Vec::new() }
    }

    fn log_line(&mut self) {
        let text = String::from_utf8_lossy(&self.line);
        let text = text.trim_end();
        if !text.is_empty() {
            let (component, stream) = (&self.component, if self.error { "stderr" } else { "stdout" });
            tracing::info!(target: "guest", component, stream, "{text}");
        }
        self.line.clear();
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        self.log_line();
    }
}

impl IsTerminal for Output {
    fn is_terminal(&self) -> bool {
        false
    }
}

impl StdoutStream for Output {
    fn async_stream(&self) -> Box<dyn AsyncWrite + Send + Sync> {
        Box::new(self.clone())
    }
}

impl AsyncWrite for Output {
    fn poll_write(mut self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        for byte in bytes {
            match *byte {
                b'\n' => self.log_line(),
                byte => self.line.push(byte),
            }
            if self.line.len() >= LINE {
                self.log_line();
            }
        }
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.log_line();
        Poll::Ready(Ok(()))
    }
}
