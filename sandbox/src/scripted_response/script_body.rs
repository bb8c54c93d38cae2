//! A body that plays an answer's steps, as hyper asks for it or past hyper.
//!
//! Owns the pace of the wire and the end of an entry in the books. Must not know what an answer means.

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

/// Bytes that go out at a time: so few that a client that went away is noticed soon.
const CHUNK_BYTES: usize = 16 * 1024;

/// A body that plays an answer's steps. Dropped before the last one, it tells the books that the client left.
pub(crate) struct ScriptBody {
    steps: VecDeque<BodyStep>,
    pause: Option<Pin<Box<Sleep>>>,
    empty: bool,
    recorder: CallRecorder,
    connection: ConnectionHandle,
}

/// What comes next of some steps.
enum Next {
    Bytes(Bytes),
    Pause(Duration),
    Reset,
    End,
}

/// Plays steps past hyper, head and all. Fails if the client left.
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

/// Takes the next piece off the steps.
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
    /// A body for these steps; from now on the entry ends with it.
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
                // An empty chunk would end the body.
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
        // The gateway never tells a length: only an empty body has one, so that it needs no chunks.
        if self.empty { SizeHint::with_exact(0) } else { SizeHint::default() }
    }
}

/// The script broke the connection on purpose.
#[derive(Debug)]
pub(crate) struct DeliberateBreak;

impl fmt::Display for DeliberateBreak {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the sandbox broke the connection on purpose")
    }
}

impl std::error::Error for DeliberateBreak {}
