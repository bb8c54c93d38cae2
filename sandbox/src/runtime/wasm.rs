//! The surroundings in wasm, which has neither a clock nor threads: the caller states the time with each call, and waits
//! itself for as long as a call's pauses are. Must not know what is computed.

use contract::time::Timestamp;
use std::{cell::Cell, ops::Add, time::Duration};

thread_local! {
    static NOW: Cell<u64> = const { Cell::new(0) };
    static OWED: Cell<Duration> = const { Cell::new(Duration::ZERO) };
}

/// A moment, as far as the caller has stated the time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Instant(Duration);

impl Instant {
    pub(crate) fn now() -> Self {
        Self(Duration::from_millis(NOW.get()))
    }

    pub(crate) fn elapsed(self) -> Duration {
        Self::now().0.saturating_sub(self.0)
    }
}

impl Add<Duration> for Instant {
    type Output = Self;

    fn add(self, more: Duration) -> Self {
        Self(self.0 + more)
    }
}

/// States the time of the call that begins.
pub(crate) fn state_time(now: Timestamp) {
    NOW.set(now.0);
    OWED.take();
}

/// The time that was stated last.
pub(crate) fn stated_time() -> Timestamp {
    Timestamp(NOW.get())
}

/// The pauses of the call that ends.
pub(crate) fn owed() -> Duration {
    OWED.take()
}

/// Adds the pause to those of this call, and does not wait.
pub(crate) async fn sleep_until(end: Instant) {
    OWED.set(OWED.get() + end.0.saturating_sub(Instant::now().0));
}

/// Does the work at once.
pub(crate) fn work<T: 'static>(work: impl FnOnce() -> T) -> impl Future<Output = Option<T>> {
    std::future::ready(Some(work()))
}
