//! The pen for one call.
//!
//! Owns what is noted while a call is answered. Must not outlive the answer: its end is the call's end.

use super::{Books, Call};
use crate::fault::Fault;
use contract::money::Nano;
use hyper::{StatusCode, body::Bytes};
use tokio::time::Instant;

/// The pen for one call. Dropped before [`CallRecorder::complete`], it notes that the client left.
#[derive(Debug)]
pub(crate) struct CallRecorder {
    books: Books,
    number: u64,
    started: Instant,
    completed: bool,
}

impl CallRecorder {
    /// Starts the call's clock.
    pub(super) fn new(books: Books, number: u64) -> Self {
        Self { books, number, started: Instant::now(), completed: false }
    }

    pub(crate) fn received(&self, body: Bytes) {
        self.note(|call| call.body = body);
    }

    pub(crate) fn fault(&self, fault: Option<&'static Fault>) {
        self.note(|call| call.fault = fault);
    }

    /// Takes `price` from the balance. It may fall below nothing: the gateway only asks for a positive one before.
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

    /// The sandbox has done its part, be it an answer or a fault.
    pub(crate) fn complete(&mut self) {
        if !std::mem::replace(&mut self.completed, true) {
            let time = self.started.elapsed();
            self.note(|call| call.completed_after = Some(time));
        }
    }

    fn note(&self, write: impl FnOnce(&mut Call)) {
        let mut state = self.books.state();
        // A call that has been forgotten needs no notes. The newest one is the likeliest.
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
