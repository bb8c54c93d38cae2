//! Settling: a reservation becomes what it came to, once.
//!
//! Owns the way of the money from reserved to charged and refunded. Must not believe a second bill.

use super::{Bill, Book, Closed, DayBook, Reservation, Visitor, breaker, count, tick};
use contract::{money::Nano, problem::ProblemKind, time::Timestamp};

/// Whose reservation was settled, and what it came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    /// Who asked for it.
    pub visitor: Visitor,
    /// All that is spent.
    pub charged: Nano,
    /// What was reserved for it.
    pub worst: Nano,
    /// Whether this bill is the first, and so the one that counts.
    pub first: bool,
}

/// Books a bill. The first one counts, and it is what every later one is told. Nothing: no such reservation, which is
/// then older than a day and long closed.
pub fn settle<B: Book>(
    book: &mut B,
    bill: &Bill,
    now: Timestamp,
) -> Result<Option<Settled>, B::Error> {
    let now = tick(book, now)?;
    let Some(reservation) = book.by_job(&bill.job)? else { return Ok(None) };
    let (charged, first) = match reservation.closed {
        Some(closed) => (closed.charged, false),
        None => (close(book, &reservation, bill, now)?, true),
    };
    Ok(Some(Settled { visitor: reservation.visitor, charged, worst: reservation.worst, first }))
}

/// The bill of a job whose record cannot be read: nobody knows what it came to, so all of its reservation is spent.
/// Nothing: it is settled already, or there is no such reservation.
pub fn unreadable<B: Book>(book: &B, job: &str) -> Result<Option<Bill>, B::Error> {
    let open = book.by_job(job)?.filter(|reservation| reservation.closed.is_none());
    Ok(open.map(|reservation| Bill {
        charged: reservation.worst,
        unknown: reservation.worst,
        failed: vec![(ProblemKind::Interrupted, reservation.counted)],
        model: reservation.model,
        ..Bill::nothing(reservation.job)
    }))
}

/// Booked on the day that granted it, also after midnight; in full, also above the reservation.
fn close<B: Book>(
    book: &mut B,
    reservation: &Reservation,
    bill: &Bill,
    now: Timestamp,
) -> Result<Nano, B::Error> {
    let day = reservation.at.day();
    let sums = book.day(day)?;
    let add = |sum: Nano, more: Nano| Nano(sum.0.saturating_add(more.0));
    let less = |sum: Nano, part: Nano| Nano(sum.0.saturating_sub(part.0));
    let charged = bill.charged;
    let closed = Reservation {
        counted: bill.counted,
        // A job that was never created names no model.
        model: if bill.model.is_empty() { reservation.model.clone() } else { bill.model.clone() },
        closed: Some(Closed { charged, struck: bill.strike.then_some(now) }),
        ..reservation.clone()
    };
    let sums = DayBook {
        reserved: less(sums.reserved, reservation.worst),
        charged: add(sums.charged, charged),
        refunded: add(sums.refunded, less(reservation.worst, charged)),
        unknown: add(sums.unknown, bill.unknown),
        pictures: sums.pictures.saturating_add(bill.came()),
        refusals: sums.refusals.saturating_add(bill.failed_as(ProblemKind::PromptRefused)),
    };
    // A charge that cannot be kept exactly (nine million dollars) is an error: the reservation stays, held and not lost.
    book.put(&closed)?;
    book.put_day(day, &sums)?;
    count::bill(book, bill, reservation.quality)?;
    breaker::heed(book, bill, now)?;
    if let Some(ms) = bill.took_ms {
        book.took(&bill.model, reservation.size, reservation.quality, ms)?;
    }
    Ok(charged)
}
