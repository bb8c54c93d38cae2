//! Leases: how a reservation ends whose job has not sent a bill in time.
//!
//! Owns when a Job is asked to close, when a key is deleted, and when the alarm has to come for either. Must not settle by
//! itself: only the Job knows what it spent.

use super::{Book, claim, tick};
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

/// When the alarm has to come next: for a lease, or because something can be deleted then, also if nobody orders any
/// more.
pub fn next_alarm<B: Book>(book: &B, now: Timestamp) -> Result<Option<Timestamp>, B::Error> {
    let now = now.max(book.clock()?);
    let (lapse, claims) = (next_lapse(book, now)?, claim::next_forget(book, now)?);
    // What a day has counted is deleted once the day has been over for 24 hours. An earlier one is deleted by this alarm too.
    let first = book.first_day()?;
    let day_over = first.map(|day| day.end().plus(DAY_MS).max(now.plus(AGAIN_MS)));
    Ok(lapse.into_iter().chain(claims).chain(day_over).min())
}

/// Deletes what nobody asks for any more: closed reservations that were granted more than 24 hours ago, whose keys may be
/// used again, tallies of earlier days, claims of challenge tokens, and what was learned and no longer counts. The sums
/// stay.
pub fn prune<B: Book>(book: &mut B, now: Timestamp) -> Result<(), B::Error> {
    let now = tick(book, now)?;
    claim::forget(book, now)?;
    book.forget_learned(Some(now))?;
    book.forget(Timestamp(now.0.saturating_sub(DAY_MS)))
}
