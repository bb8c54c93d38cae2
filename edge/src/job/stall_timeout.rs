//! The time that a stream may pause between two pieces.
//!
//! Owns one timer for all pieces of a stream: one for each piece would cost more than reading it. Must not know what the
//! pieces hold.

use crate::clock;
use contract::time::Timestamp;
use futures_util::future::{Either, select};
use std::{
    pin::{Pin, pin},
    time::Duration,
};
use worker::Delay;

/// How long the stream may pause, and the timer that runs.
pub(super) struct StallTimeout {
    ms: u64,
    timer: Pin<Box<Delay>>,
}

impl StallTimeout {
    pub(super) fn new(ms: u64) -> Self {
        Self { ms, timer: timer(ms) }
    }

    /// Waits for a piece; nothing if it does not come within that time from now.
    pub(super) async fn wait_for<F: Future>(&mut self, piece: F) -> Option<F::Output> {
        let end = clock::now().plus(self.ms);
        let mut piece = pin!(piece);
        loop {
            match select(piece.as_mut(), self.timer.as_mut()).await {
                Either::Left((piece, _)) => return Some(piece),
                // It was set for an earlier piece: there may be time left.
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
