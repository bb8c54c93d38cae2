//! One TCP connection, with control over every byte and over how it is closed.
//!
//! Owns the wrapper around the socket that hyper reads and writes, and a way to write past hyper, which refuses to send
//! wrong lengths and broken chunks. Must not know what the bytes mean.

use crate::{
    body, route,
    scripted_response::{DeliberateBreak, ScriptBody, write_past_hyper},
    shared::Shared,
};
use hyper::{Request, Response, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use std::{
    io,
    net::Shutdown,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, ready},
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
};

/// The size of hyper's write buffer. Small, so that hyper writes early and notices soon that a client has left.
const HYPER_BUFFER_BYTES: usize = 64 * 1024;

/// A handle on one connection, to write past hyper and to choose how it is closed.
#[derive(Debug, Clone)]
pub(crate) struct ConnectionHandle {
    stream: Arc<TcpStream>,
    resets: Arc<AtomicBool>,
}

/// Answers requests on `stream` until either side closes it. If the client closes it while a response is being made,
/// hyper notices the end of the stream and drops the response's future.
pub(crate) async fn serve(stream: TcpStream, shared: Arc<Shared>) {
    let connection = ConnectionHandle { stream: Arc::new(stream), resets: Arc::default() };
    let socket = SocketIo(connection.clone());
    let service = service_fn(move |request| {
        let (shared, connection) = (Arc::clone(&shared), connection.clone());
        // `None` means that the response was written past hyper. The error makes hyper close without writing.
        async move { respond(request, shared, connection).await.ok_or(DeliberateBreak) }
    });
    let ended = http1::Builder::new()
        .timer(TokioTimer::new())
        .max_buf_size(HYPER_BUFFER_BYTES)
        .serve_connection(TokioIo::new(socket), service)
        .await;
    // Clients that disconnect and connections broken on purpose end in an error here. The books have recorded both.
    drop(ended);
}

/// Handles one request. `None` if the response was written past hyper.
async fn respond(
    request: Request<Incoming>,
    shared: Arc<Shared>,
    connection: ConnectionHandle,
) -> Option<Response<ScriptBody>> {
    let (head, body) = request.into_parts();
    let recorder = route::enter(&head, &shared);
    let received = body::receive(body).await;
    let response = route::respond(&head, received, &recorder, &shared).await;
    tokio::time::sleep(response.delay).await;
    if !response.raw {
        return Some(response.into_response(recorder, connection));
    }
    // It fails if the client left, which the recorder has then noted in the books.
    let _ = write_past_hyper(response.script, recorder, &connection).await;
    None
}

impl ConnectionHandle {
    /// Makes the connection close with RST in place of FIN.
    pub(crate) fn reset_on_close(&self) {
        self.resets.store(true, Ordering::Relaxed);
    }

    /// Writes bytes past hyper, which must not be writing: it must still be waiting for the response.
    pub(crate) async fn send(&self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            self.stream.writable().await?;
            match self.stream.try_write(bytes) {
                Ok(sent) => bytes = bytes.get(sent..).unwrap_or_default(),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    fn resets(&self) -> bool {
        self.resets.load(Ordering::Relaxed)
    }
}

/// The socket that hyper reads and writes.
struct SocketIo(ConnectionHandle);

impl SocketIo {
    fn poll_send(
        &self,
        cx: &mut Context<'_>,
        send: impl Fn(&TcpStream) -> io::Result<usize>,
    ) -> Poll<io::Result<usize>> {
        loop {
            ready!(self.0.stream.poll_write_ready(cx))?;
            match send(&self.0.stream) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                done => return Poll::Ready(done),
            }
        }
    }
}

impl Drop for SocketIo {
    fn drop(&mut self) {
        if self.0.resets() {
            // The kernel sends RST for a socket that is closed with `SO_LINGER` of zero. If the option cannot be set,
            // the body is cut off by a FIN instead, which is a fault as well.
            let _ = self.0.stream.set_zero_linger();
        }
    }
}

impl AsyncRead for SocketIo {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        loop {
            ready!(self.0.stream.poll_read_ready(cx))?;
            match self.0.stream.try_read(buffer.initialize_unfilled()) {
                Ok(read) => {
                    buffer.advance(read);
                    return Poll::Ready(Ok(()));
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Poll::Ready(Err(error)),
            }
        }
    }
}

impl AsyncWrite for SocketIo {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.poll_send(cx, |stream| stream.try_write(bytes))
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.poll_send(cx, |stream| stream.try_write_vectored(slices))
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.0.resets() {
            // A FIN before the RST would make the end look clean.
            return Poll::Ready(Ok(()));
        }
        Poll::Ready(socket2::SockRef::from(&*self.0.stream).shutdown(Shutdown::Write))
    }
}
