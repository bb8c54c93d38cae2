//! A body that plays an answer's steps, as hyper asks for it.
//!
//! Owns the pace of the wire and the end of an entry in the books. Must not know what an answer means.

use super::Step;
use crate::{books::Entry, connection::Line};
use hyper::body::{Body, Bytes, Frame, SizeHint};
use std::{
    collections::VecDeque,
    fmt,
    pin::Pin,
    task::{Context, Poll, ready},
};
use tokio::time::{Sleep, sleep};

/// Bytes that hyper gets at a time: so few that a client that went away is noticed soon.
const PIECE: usize = 16 * 1024;

/// A body that plays an answer's steps. Dropped before the last one, it tells the books that the client left.
pub(crate) struct Script {
    steps: VecDeque<Step>,
    pause: Option<Pin<Box<Sleep>>>,
    empty: bool,
    entry: Entry,
    line: Line,
}

impl Script {
    /// A body for these steps; from now on the entry ends with it.
    pub(super) fn new(steps: VecDeque<Step>, mut entry: Entry, line: Line) -> Self {
        let empty = steps.is_empty();
        if empty {
            entry.complete();
        }
        Self { steps, pause: None, empty, entry, line }
    }
}

impl Body for Script {
    type Data = Bytes;
    type Error = Broken;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Broken>>> {
        let this = &mut *self;
        loop {
            if let Some(pause) = &mut this.pause {
                ready!(pause.as_mut().poll(cx));
                this.pause = None;
            }
            match this.steps.pop_front() {
                Some(Step::Send(mut bytes)) => {
                    let piece = bytes.split_to(bytes.len().min(PIECE));
                    if !bytes.is_empty() {
                        this.steps.push_front(Step::Send(bytes));
                    }
                    if !piece.is_empty() {
                        return Poll::Ready(Some(Ok(Frame::data(piece))));
                    }
                }
                Some(Step::Wait(time)) => this.pause = Some(Box::pin(sleep(time))),
                Some(Step::Reset) => {
                    this.entry.complete();
                    this.line.reset_on_close();
                    return Poll::Ready(Some(Err(Broken)));
                }
                None => {
                    this.entry.complete();
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
pub(crate) struct Broken;

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the sandbox broke the connection on purpose")
    }
}

impl std::error::Error for Broken {}
