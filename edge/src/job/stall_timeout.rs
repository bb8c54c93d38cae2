//! A timeout for the pause between two chunks of a stream.
//!
//! Owns one timer for all chunks of a stream: a timer for each chunk would cost more than reading it. Must not know what
//! the chunks contain.

use crate::clock;
use contract::time::Timestamp;
use futures_util::future::{Either, select};
use std::{
    pin::{Pin, pin},
    time::Duration,
};
use worker::Delay;

/// The longest pause, and the current timer.
pub(super) struct StallTimeout {
    ms: u64,
    timer: Pin<Box<Delay>>,
}

impl StallTimeout {
    pub(super) fn new(ms: u64) -> Self {
        Self { ms, timer: timer(ms) }
    }

    /// Waits for a chunk; `None` if it does not arrive within the longest pause from now.
    pub(super) async fn wait_for<F: Future>(&mut self, piece: F) -> Option<F::Output> {
        let end = clock::now().plus(self.ms);
        let mut piece = pin!(piece);
        loop {
            match select(piece.as_mut(), self.timer.as_mut()).await {
                Either::Left((piece, _)) => return Some(piece),
                // The timer was set for an earlier chunk, so that time may be left for this one.
                Either::Right(_) => self.timer = timer(left(end)?),
            }
        }
    }
}

fn left(end: Timestamp) -> Option<u64> {
    Some(end.since(clock::now())).filter(|&ms| ms > 0)
}

fn timer(ms: u64) -> Pin<Box<Delay>> {
    Box::pin(Delay::from(Duration::from_millis(ms)))
}
