//! Leases: how a reservation ends whose job has not sent a bill in time.
//!
//! Owns when a Job is asked to close, and when a key is deleted. Must not settle by itself: only the Job knows what it
//! spent.

use super::{Book, tick};
use contract::time::{DAY_MS, Timestamp};

/// A Job that does not answer is asked again after this time.
const AGAIN_MS: u64 = 60_000;

/// The jobs that have to be asked to close now. The reservation of a job that does not answer stays open.
pub fn lapsed<B: Book>(book: &mut B, now: Timestamp) -> Result<Vec<String>, B::Error> {
    let now = tick(book, now)?;
    book.lapsed(now)
}

/// When the leases have to be checked next: at the end of the next lease, or soon if a Job has not answered.
pub fn next_lapse<B: Book>(book: &B, now: Timestamp) -> Result<Option<Timestamp>, B::Error> {
    let now = now.max(book.clock()?);
    // The next check is never later than the next lease's end, even while another Job does not answer.
    let again = (!book.lapsed(now)?.is_empty()).then(|| now.plus(AGAIN_MS));
    let next = book.next_lapse(now)?;
    Ok(again.into_iter().chain(next).min())
}

/// Deletes closed reservations that were granted more than 24 hours ago: their keys may be used again; the sums stay.
/// Deletes what was learned and no longer counts.
pub fn prune<B: Book>(book: &mut B, now: Timestamp) -> Result<(), B::Error> {
    let now = tick(book, now)?;
    book.forget_learned(Some(now))?;
    book.forget(Timestamp(now.0.saturating_sub(DAY_MS)))
}
