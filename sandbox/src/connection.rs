//! One TCP connection, with a hand on how it ends.
//!
//! Owns the wrapper round the socket that hyper reads and writes. Must not know what is said over it. Faults that
//! hyper would not let pass (lying lengths, broken chunks) belong here too: as bytes that replace what hyper writes.

use crate::{route, server::Shared};
use hyper::{server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use std::{
    convert::Infallible,
    io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
};

/// What hyper may hold back before it asks for more of a body: little, so that a client that left is noticed soon.
const HELD_BACK: usize = 64 * 1024;

/// A handle on one connection, for those who want to break it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Line(Arc<AtomicBool>);

impl Line {
    /// Lets the connection end with RST in place of FIN, whenever it is closed.
    pub(crate) fn reset_on_close(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    fn resets(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Answers requests on `stream` until either side closes it. A client that closes while an answer is being made
/// drops that answer: hyper watches for the end of the stream.
pub(crate) async fn serve(stream: TcpStream, shared: Arc<Shared>) {
    let line = Line::default();
    let wire = Wire { stream, line: line.clone() };
    let service = service_fn(move |request| {
        let (shared, line) = (Arc::clone(&shared), line.clone());
        async move { Ok::<_, Infallible>(route::answer(request, shared, line).await) }
    });
    let ended = http1::Builder::new()
        .timer(TokioTimer::new())
        .max_buf_size(HELD_BACK)
        .serve_connection(TokioIo::new(wire), service)
        .await;
    // Clients that go away and connections that break on purpose are this crate's daily bread: the books tell them.
    drop(ended);
}

struct Wire {
    stream: TcpStream,
    line: Line,
}

impl Drop for Wire {
    fn drop(&mut self) {
        if self.line.resets() {
            // Closing with no time to linger is what makes the kernel send RST. If it cannot, the end is a clean
            // one in the middle of a body, which is a fault as well.
            let _ = self.stream.set_zero_linger();
        }
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.line.resets() {
            // A FIN before the RST would let the end look clean.
            return Poll::Ready(Ok(()));
        }
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
