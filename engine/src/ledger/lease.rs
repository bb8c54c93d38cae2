//! Leases: what is done about a reservation whose job has not been heard of in time.
//!
//! Owns when a Job is asked to close, and when a key is forgotten. Must not settle by itself: only the Job knows.

use super::{Book, tick};
use contract::time::{DAY_MS, Timestamp};

/// A Job that does not answer is asked again after this.
const AGAIN_MS: u64 = 60_000;

/// The jobs that have to be asked to close now. Until one answers, its reservation stays.
pub fn lapsed<B: Book>(book: &mut B, now: Timestamp) -> Result<Vec<String>, B::Error> {
    let now = tick(book, now)?;
    book.lapsed(now)
}

/// When the keeper has to look again: at the end of the next lease, or soon if one has ended and did not answer.
pub fn next_lapse<B: Book>(book: &B, now: Timestamp) -> Result<Option<Timestamp>, B::Error> {
    let now = now.max(book.clock()?);
    // One that does not answer must not put off those whose leases end meanwhile.
    let again = (!book.lapsed(now)?.is_empty()).then(|| now.plus(AGAIN_MS));
    let next = book.next_lapse(now)?;
    Ok(again.into_iter().chain(next).min())
}

/// Forgets what was closed and granted more than 24 hours ago: its key is over, its sums stay.
pub fn prune<B: Book>(book: &mut B, now: Timestamp) -> Result<(), B::Error> {
    let now = tick(book, now)?;
    book.forget(Timestamp(now.0.saturating_sub(DAY_MS)))
}
