//! Writes one call's record.
//!
//! Owns the changes to a call's record while it is handled. Must not outlive the response: dropping it ends the call.

use super::{Books, Call};
use crate::{fault::Fault, runtime::Instant};
use contract::money::Nano;
use hyper::{StatusCode, body::Bytes};

/// Writes one call's record. If it is dropped before [`CallRecorder::complete`], it records that the client left.
#[derive(Debug)]
pub(crate) struct CallRecorder {
    books: Books,
    number: u64,
    started: Instant,
    completed: bool,
}

impl CallRecorder {
    /// Starts measuring the call's time.
    pub(super) fn new(books: Books, number: u64) -> Self {
        Self { books, number, started: Instant::now(), completed: false }
    }

    pub(crate) fn received(&self, body: Bytes) {
        self.note(|call| call.body = body);
    }

    pub(crate) fn fault(&self, fault: Option<&'static Fault>) {
        self.note(|call| call.fault = fault);
    }

    /// Takes `price` from the balance, which may go below zero: the gateway checks only that it is positive beforehand.
    pub(crate) fn charge(&self, price: Nano) {
        let mut state = self.books.state();
        state.charged = Nano(state.charged.0.saturating_add(price.0));
        drop(state);
        self.note(|call| call.charged = price);
    }

    pub(crate) fn pictures(&self, pictures: Vec<Bytes>) {
        self.note(|call| call.pictures = pictures);
    }

    pub(crate) fn answered(&self, status: StatusCode) {
        self.note(|call| call.status = Some(status.as_u16()));
    }

    /// Records that the sandbox has sent everything that it will send.
    pub(crate) fn complete(&mut self) {
        if !std::mem::replace(&mut self.completed, true) {
            let time = self.started.elapsed();
            self.note(|call| call.completed_after = Some(time));
        }
    }

    fn note(&self, write: impl FnOnce(&mut Call)) {
        let mut state = self.books.state();
        // A call that is no longer remembered has no record to change. The search begins at the newest call, which is
        // most often the right one.
        if let Some(call) = state.calls.iter_mut().rev().find(|call| call.number == self.number) {
            write(call);
        }
        drop(state);
        self.books.0.changed.send_replace(());
    }
}

impl Drop for CallRecorder {
    fn drop(&mut self) {
        if !self.completed {
            let time = self.started.elapsed();
            self.note(|call| call.closed_after = Some(time));
        }
    }
}
