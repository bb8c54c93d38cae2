//! Reserving the worst case, and raising it.
//!
//! Owns the rule of the caps: granted if and only if reserved + charged + worst ≤ cap, for day and month.

use super::{
    Book, DayBook, Limits, Raise, Raised, Refused, Reservation, Reserve, Reserved, Standing,
    allowance::standing,
    breaker::{self, Pass},
    count, tick,
};
use crate::config::site::Budget;
use contract::{
    money::Nano,
    problem::ProblemKind,
    time::{Day, Timestamp},
};

/// Asks for the worst case of a job. The key first: a known one answers with its job and meets no other check, and
/// only a grant stores one.
pub fn reserve<B: Book>(
    book: &mut B,
    ask: &Reserve,
    limits: Limits,
    lease_ms: u64,
    now: Timestamp,
) -> Result<Reserved, B::Error> {
    let now = tick(book, now)?;
    let expected_ms = book.expected(ask.size, ask.quality)?;
    let standing = standing(book, &ask.visitor, limits, now)?;
    if let Some(known) = book.by_key(&ask.key)? {
        return Ok(Reserved::Known {
            same: known.fingerprint == ask.fingerprint,
            job: known.job,
            lease_ends: known.lease_ends,
            expected_ms,
            allowance: standing.allowance(limits, now),
        });
    }
    match refuse(book, ask, standing, limits, now)? {
        Pass::Free => {}
        Pass::Probe(why) => return Ok(Reserved::Probe(why)),
        Pass::Stopped(refused) => {
            book.count(&count::problem(refused.kind), 1)?;
            return Ok(Reserved::Refused(refused));
        }
    }
    let reservation = Reservation {
        job: ask.job.clone(),
        key: ask.key.clone(),
        fingerprint: ask.fingerprint.clone(),
        visitor: ask.visitor.clone(),
        at: now,
        lease_ends: now.plus(lease_ms),
        worst: ask.worst,
        counted: ask.pictures,
        size: ask.size,
        quality: ask.quality,
        model: String::new(),
        closed: None,
    };
    book.put(&reservation)?;
    hold(book, now.day(), ask.worst)?;
    let allowance = standing.granted(ask.pictures, now).allowance(limits, now);
    Ok(Reserved::Granted { lease_ends: reservation.lease_ends, expected_ms, allowance })
}

/// What stands in the way, the most general first: switch, breaker, limits, caps.
fn refuse<B: Book>(
    book: &mut B,
    ask: &Reserve,
    standing: Standing,
    limits: Limits,
    now: Timestamp,
) -> Result<Pass, B::Error> {
    if book.is_closed()? {
        let kind = ProblemKind::SiteClosed;
        return Ok(Pass::Stopped(Refused { kind, resets_at: None }));
    }
    let pass = breaker::pass(book, now)?;
    if pass != Pass::Free {
        return Ok(pass);
    }
    let refused = match standing.refuses(ask.pictures, limits, now) {
        Some(refused) => Some(refused),
        None => over_cap(book, now.day(), ask.worst, limits.budget)?,
    };
    Ok(refused.map_or(Pass::Free, Pass::Stopped))
}

/// Asks for more for a job that is open, on the day and month that granted it, also after midnight.
pub fn raise<B: Book>(
    book: &mut B,
    ask: &Raise,
    budget: Budget,
    now: Timestamp,
) -> Result<Raised, B::Error> {
    tick(book, now)?;
    let Some(reservation) =
        book.by_job(&ask.job)?.filter(|reservation| reservation.closed.is_none())
    else {
        return Ok(Raised::Refused);
    };
    let Some(more) = ask.worst.checked_sub(reservation.worst) else { return Ok(Raised::Granted) };
    let day = reservation.at.day();
    if over_cap(book, day, more, budget)?.is_some() {
        return Ok(Raised::Refused);
    }
    let raised = Reservation { worst: ask.worst, ..reservation };
    book.put(&raised)?;
    hold(book, day, more)?;
    Ok(Raised::Granted)
}

/// Why so much more on that day would pass a cap; nothing if it would not.
fn over_cap<B: Book>(
    book: &B,
    day: Day,
    more: Nano,
    budget: Budget,
) -> Result<Option<Refused>, B::Error> {
    let (month, month_end) = month(day);
    let fits = |held: Option<Nano>, cap: Nano| {
        held.and_then(|held| held.checked_add(more)).is_some_and(|all| all <= cap)
    };
    if !fits(book.held(month, month_end)?, budget.month_usd) {
        return Ok(Some(spent(month_end.start())));
    }
    if !fits(book.day(day)?.held(), budget.day_usd) {
        return Ok(Some(spent(day.end())));
    }
    Ok(None)
}

fn spent(resets_at: Timestamp) -> Refused {
    Refused { kind: ProblemKind::BudgetSpent, resets_at: Some(resets_at) }
}

/// Holds so much more on that day. It fits: it was found to be within a cap.
fn hold<B: Book>(book: &mut B, day: Day, more: Nano) -> Result<(), B::Error> {
    let sums = book.day(day)?;
    let reserved = Nano(sums.reserved.0.saturating_add(more.0));
    book.put_day(day, &DayBook { reserved, ..sums })
}

/// The first day of the UTC month that a day lies in, and that of the next.
pub fn month(day: Day) -> (Day, Day) {
    let (year, month, _) = day.civil();
    let next =
        if month == 12 { (year.saturating_add(1), 1) } else { (year, month.saturating_add(1)) };
    let first = |(year, month)| Day::from_civil(year, month, 1).unwrap_or(day);
    (first((year, month)), first(next))
}
