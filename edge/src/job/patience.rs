//! Patience with what comes in pieces.
//!
//! Owns one timer for all pieces of a stream: one for each would cost more than reading it. Must not know what comes.

use crate::clock;
use contract::time::Timestamp;
use futures_util::future::{Either, select};
use std::{
    pin::{Pin, pin},
    time::Duration,
};
use worker::Delay;

/// How long each piece is waited for.
pub(super) struct Patience {
    ms: u64,
    timer: Pin<Box<Delay>>,
}

impl Patience {
    pub(super) fn new(ms: u64) -> Self {
        Self { ms, timer: timer(ms) }
    }

    /// A piece, if it comes within that time from now.
    pub(super) async fn with<F: Future>(&mut self, piece: F) -> Option<F::Output> {
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
