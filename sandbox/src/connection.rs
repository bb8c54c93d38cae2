//! One TCP connection, with a hand on every byte and on how it ends.
//!
//! Owns the wrapper round the socket that hyper reads and writes, and the way past hyper for what it would not let
//! pass: lying lengths, broken chunks. Must not know what is said.

use crate::{route, scripted_response::DeliberateBreak, server::Shared};
use hyper::{server::conn::http1, service::service_fn};
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

/// What hyper may hold back before it asks for more of a body: little, so that a client that left is noticed soon.
const HYPER_BUFFER_BYTES: usize = 64 * 1024;

/// A handle on one connection, for those who want to break it.
#[derive(Debug, Clone)]
pub(crate) struct ConnectionHandle {
    stream: Arc<TcpStream>,
    resets: Arc<AtomicBool>,
}

/// Answers requests on `stream` until either side closes it. A client that closes while an answer is being made
/// drops that answer: hyper watches for the end of the stream.
pub(crate) async fn serve(stream: TcpStream, shared: Arc<Shared>) {
    let connection = ConnectionHandle { stream: Arc::new(stream), resets: Arc::default() };
    let socket = SocketIo(connection.clone());
    let service = service_fn(move |request| {
        let (shared, connection) = (Arc::clone(&shared), connection.clone());
        // An error is an answer that went past hyper, which then writes nothing and closes.
        async move { route::respond(request, shared, connection).await.ok_or(DeliberateBreak) }
    });
    let ended = http1::Builder::new()
        .timer(TokioTimer::new())
        .max_buf_size(HYPER_BUFFER_BYTES)
        .serve_connection(TokioIo::new(socket), service)
        .await;
    // Clients that go away and connections that break on purpose are this crate's daily bread: the books tell them.
    drop(ended);
}

impl ConnectionHandle {
    /// Lets the connection end with RST in place of FIN, whenever it is closed.
    pub(crate) fn reset_on_close(&self) {
        self.resets.store(true, Ordering::Relaxed);
    }

    /// Sends bytes past hyper, which must be waiting for an answer.
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

/// The socket as hyper sees it.
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
            // Closing with no time to linger is what makes the kernel send RST. If it cannot, the end is a clean
            // one in the middle of a body, which is a fault as well.
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
            // A FIN before the RST would let the end look clean.
            return Poll::Ready(Ok(()));
        }
        Poll::Ready(socket2::SockRef::from(&*self.0.stream).shutdown(Shutdown::Write))
    }
}
