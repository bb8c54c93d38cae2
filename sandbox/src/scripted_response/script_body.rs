//! Sends a script's steps, either as a body that hyper polls or directly on the socket, past hyper.
//!
//! Owns the timing of the bytes and the moment at which a call is recorded as finished. Must not know what a response
//! means.

use super::BodyStep;
use crate::{books::CallRecorder, connection::ConnectionHandle};
use hyper::body::{Body, Bytes, Frame, SizeHint};
use std::{
    collections::VecDeque,
    fmt, io,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};
use tokio::time::{Sleep, sleep};

/// The most bytes per write. Small, so that a client that has disconnected is noticed soon.
const CHUNK_BYTES: usize = 16 * 1024;

/// A body that sends a script's steps. If it is dropped before the last one, its recorder notes that the client left.
pub(crate) struct ScriptBody {
    steps: VecDeque<BodyStep>,
    pause: Option<Pin<Box<Sleep>>>,
    empty: bool,
    recorder: CallRecorder,
    connection: ConnectionHandle,
}

/// What has to be done for the next step.
enum Next {
    Bytes(Bytes),
    Pause(Duration),
    Reset,
    End,
}

/// Writes steps, which include the head, directly on the socket. Fails if the client has left.
pub(crate) async fn write_past_hyper(
    mut steps: VecDeque<BodyStep>,
    mut recorder: CallRecorder,
    connection: &ConnectionHandle,
) -> io::Result<()> {
    loop {
        match next(&mut steps) {
            Next::Bytes(bytes) => connection.send(&bytes).await?,
            Next::Pause(time) => sleep(time).await,
            Next::Reset => {
                connection.reset_on_close();
                break;
            }
            Next::End => break,
        }
    }
    recorder.complete();
    Ok(())
}

/// Removes the next action from the front of the steps, splitting a step that is too large for one write.
fn next(steps: &mut VecDeque<BodyStep>) -> Next {
    match steps.pop_front() {
        Some(BodyStep::Send(mut bytes)) => {
            let piece = bytes.split_to(bytes.len().min(CHUNK_BYTES));
            if !bytes.is_empty() {
                steps.push_front(BodyStep::Send(bytes));
            }
            Next::Bytes(piece)
        }
        Some(BodyStep::Repeat(bytes, times)) => {
            if let Some(left) = times.checked_sub(2) {
                steps.push_front(BodyStep::Repeat(bytes.clone(), left + 1));
            }
            Next::Bytes(if times == 0 { Bytes::new() } else { bytes })
        }
        Some(BodyStep::Trickle(mut bytes)) => {
            let byte = bytes.split_to(bytes.len().min(1));
            if !bytes.is_empty() {
                steps.push_front(BodyStep::Trickle(bytes));
                steps.push_front(BodyStep::Wait(Duration::from_secs(1)));
            }
            Next::Bytes(byte)
        }
        Some(BodyStep::Wait(time)) => Next::Pause(time),
        Some(BodyStep::Reset) => Next::Reset,
        None => Next::End,
    }
}

impl ScriptBody {
    /// A body for these steps. The call is recorded as finished when it ends.
    pub(super) fn new(
        steps: VecDeque<BodyStep>,
        mut recorder: CallRecorder,
        connection: ConnectionHandle,
    ) -> Self {
        let empty = steps.is_empty();
        if empty {
            recorder.complete();
        }
        Self { steps, pause: None, empty, recorder, connection }
    }
}

impl Body for ScriptBody {
    type Data = Bytes;
    type Error = DeliberateBreak;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, DeliberateBreak>>> {
        let this = &mut *self;
        loop {
            if let Some(pause) = &mut this.pause {
                ready!(pause.as_mut().poll(cx));
                this.pause = None;
            }
            match next(&mut this.steps) {
                // hyper would write an empty frame as the chunk of length 0 that ends the body.
                Next::Bytes(bytes) if bytes.is_empty() => {}
                Next::Bytes(bytes) => return Poll::Ready(Some(Ok(Frame::data(bytes)))),
                Next::Pause(time) => this.pause = Some(Box::pin(sleep(time))),
                Next::Reset => {
                    this.recorder.complete();
                    this.connection.reset_on_close();
                    return Poll::Ready(Some(Err(DeliberateBreak)));
                }
                Next::End => {
                    this.recorder.complete();
                    return Poll::Ready(None);
                }
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.empty
    }

    fn size_hint(&self) -> SizeHint {
        // The gateway sends no `Content-Length`. Only an empty body has one here, so that it needs no chunked encoding.
        if self.empty { SizeHint::with_exact(0) } else { SizeHint::default() }
    }
}

/// The error that makes hyper close a connection that the script broke on purpose.
#[derive(Debug)]
pub(crate) struct DeliberateBreak;

impl fmt::Display for DeliberateBreak {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the sandbox broke the connection on purpose")
    }
}

impl std::error::Error for DeliberateBreak {}
