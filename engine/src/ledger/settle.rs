//! Settling: a reservation becomes a charge, once.
//!
//! Owns how money moves from reserved to charged and refunded. Must not book a second bill of the same job.

use super::{
    Bill, Book, Closed, DayBook, Reservation, Visitor,
    breaker::{self, Opening},
    ceiling::sum as add,
    count,
    learned::{self, Kind, Learned},
    refusals, tick,
    usage::record,
};
use contract::{money::Nano, problem::ProblemKind, time::Timestamp};

/// A settled reservation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    /// The visitor who asked for it.
    pub visitor: Visitor,
    /// The amount that is spent.
    pub charged: Nano,
    /// The amount that was reserved.
    pub worst: Nano,
    /// Whether this bill is the first one: only the first is booked.
    pub first: bool,
    /// What counts for pictures of this kind, if one of them cost more than its configured worst case.
    pub learned: Option<(Kind, Learned)>,
    /// What opened the breaker, if this bill did.
    pub opened: Option<Opening>,
}

/// Books a bill. The first bill of a job counts; a later one is answered with the first one's charge. `None` if there is
/// no such reservation: it was granted more than a day ago, and was deleted after it was closed.
pub fn settle<B: Book>(
    book: &mut B,
    bill: &Bill,
    now: Timestamp,
) -> Result<Option<Settled>, B::Error> {
    let (now, bill) = (tick(book, now)?, &bill.bounded());
    let Some(reservation) = book.by_job(&bill.job)? else { return Ok(None) };
    let (charged, first, opened) = if let Some(closed) = reservation.closed {
        (closed.charged, false, None)
    } else {
        let opened = close(book, &reservation, bill, now)?;
        (bill.charged, true, opened)
    };
    let learned = if first { learned::learn(book, &reservation, bill, now)? } else { None };
    let Reservation { visitor, worst, .. } = reservation;
    Ok(Some(Settled { visitor, charged, worst, first, learned, opened }))
}

/// The bill of a job whose record cannot be read. Its cost is unknown, so the whole reservation is spent. `None` if the
/// reservation is closed or does not exist.
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

/// Books on the day on which the reservation was granted, also after midnight, and in full, also if it is more than was
/// reserved. Returns what opened the breaker, if this bill did.
fn close<B: Book>(
    book: &mut B,
    reservation: &Reservation,
    bill: &Bill,
    now: Timestamp,
) -> Result<Option<Opening>, B::Error> {
    let day = reservation.at.day();
    let sums = book.day(day)?;
    let less = |sum: Nano, part: Nano| Nano(sum.0.saturating_sub(part.0));
    let charged = bill.charged;
    let closed = Reservation {
        counted: bill.counted,
        // The bill of a job that was never created names no model.
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
    record(book, Some(reservation), &closed, now)?;
    book.put_day(day, &sums)?;
    count::bill(book, bill, reservation.quality)?;
    refusals::settled(book, reservation, bill, now)?;
    let opened = breaker::update(book, bill, &reservation.visitor, now)?;
    if let Some(ms) = bill.took_ms {
        book.add_time(&bill.model, reservation.size, reservation.quality, ms)?;
    }
    Ok(opened)
}
