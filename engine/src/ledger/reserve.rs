//! Reserving the worst case of the model that is asked, and raising it when that model is gone.
//!
//! Owns the order of the checks before a grant, and what a grant writes. Must not know upstream.

use super::{
    Book, DayBook, Limits, Raise, Raised, Refused, Reservation, Reserve, Reserved,
    allowance::{Standing, Wanted, standing},
    breaker::{self, Pass},
    caps::Sums,
    choice, count, learned, refusals, tick,
    usage::record,
};
use crate::candidates::{Candidate, Candidates};
use contract::{
    money::Nano,
    problem::ProblemKind,
    session::Allowance,
    time::{Day, Timestamp},
};

/// Asks for a reservation of a job's worst case. The key is looked up first: a known key answers with its job and skips
/// every other check. Only a grant stores a key.
pub fn reserve<B: Book>(
    book: &mut B,
    ask: &Reserve,
    limits: Limits,
    lease_ms: u64,
    now: Timestamp,
) -> Result<Reserved, B::Error> {
    let now = tick(book, now)?;
    let standing = standing(book, &ask.visitor, limits, now)?;
    if let Some(known) = book.by_key(&ask.key)? {
        let allowance = standing.allowance(book, limits)?;
        return again(book, ask, known, allowance);
    }
    let candidate = choice::choose(book, &ask.candidates, now)?;
    let candidate = learned::raised(book, candidate, (ask.size, ask.quality, ask.inputs), now)?;
    let wanted = Wanted { pictures: ask.pictures, each: candidate.worst_each };
    let worst = wanted.worst();
    let mut pass = refuse(book, wanted, &standing, limits, now)?;
    // The last check, so that nobody takes a challenge for an order that is refused all the same.
    if pass == Pass::Free
        && let Some(refused) = refusals::admit(book, &ask.visitor, limits, now.plus(lease_ms), now)?
    {
        pass = Pass::Stopped(refused);
    }
    match pass {
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
        worst,
        counted: ask.pictures,
        size: ask.size,
        quality: ask.quality,
        model: candidate.model.clone(),
        closed: None,
    };
    let usage = record(book, None, &reservation, now)?;
    hold(book, now.day(), worst)?;
    let allowance = Standing::of(book, usage, limits, now)?.allowance(book, limits)?;
    let expected_ms = book.expected(&candidate.model, ask.size, ask.quality)?;
    Ok(Reserved::Granted { lease_ends: reservation.lease_ends, candidate, expected_ms, allowance })
}

/// The answer for a key that has a job already: its reservation is unchanged, with the model that was chosen then.
fn again<B: Book>(
    book: &B,
    ask: &Reserve,
    known: Reservation,
    allowance: Allowance,
) -> Result<Reserved, B::Error> {
    let same = known.fingerprint == ask.fingerprint
        || Some(&known.fingerprint) == ask.fingerprint_0_1.as_ref();
    let worst_each =
        Nano(known.worst.0.checked_div(u64::from(ask.pictures)).unwrap_or(known.worst.0));
    // Version 0.1 did not store the chosen model. The model that is asked now may not cost more than was reserved.
    let fits = |it: &&Candidate| it.worst_each <= worst_each;
    let Candidates { living, last_resort } = &ask.candidates;
    let model = match known.closed {
        _ if !known.model.is_empty() => Some(known.model),
        // The job is over and asks no model any more: the name is only shown.
        Some(_) => Some(last_resort.model.clone()),
        None => living.iter().find(fits).map(|it| it.model.clone()),
    };
    let Some(model) = model else {
        let refused =
            Refused { kind: ProblemKind::Busy, limit: None, resets_at: Some(known.lease_ends) };
        return Ok(Reserved::Refused(refused));
    };
    let expected_ms = book.expected(&model, ask.size, ask.quality)?;
    Ok(Reserved::Known {
        same,
        job: known.job,
        lease_ends: known.lease_ends,
        candidate: Candidate { model, worst_each },
        expected_ms,
        allowance,
    })
}

/// The first reason for a refusal, the most general first: switch, breaker, limits.
fn refuse<B: Book>(
    book: &mut B,
    wanted: Wanted,
    standing: &Standing,
    limits: Limits,
    now: Timestamp,
) -> Result<Pass, B::Error> {
    if book.is_closed()? {
        let kind = ProblemKind::SiteClosed;
        return Ok(Pass::Stopped(Refused { kind, limit: None, resets_at: None }));
    }
    let pass = breaker::pass(book, now)?;
    if pass != Pass::Free {
        return Ok(pass);
    }
    let refused = standing.refuses(book, wanted, limits)?;
    Ok(refused.map_or(Pass::Free, Pass::Stopped))
}

/// Reserves the worst case of the next model for an open job whose model is gone. It is booked on the day and month in
/// which the job was granted, also after midnight, and meets the same caps as a grant. A candidate that does not fit into
/// a cap is skipped, and the next cheaper one is tried.
pub fn raise<B: Book>(
    book: &mut B,
    ask: &Raise,
    limits: Limits,
    now: Timestamp,
) -> Result<Raised, B::Error> {
    let now = tick(book, now)?;
    let Some(reservation) =
        book.by_job(&ask.job)?.filter(|reservation| reservation.closed.is_none())
    else {
        return Ok(Raised::Refused);
    };
    if ask.candidates.is_empty() {
        return Ok(Raised::NoModel);
    }
    let day = reservation.at.day();
    let usage = book.usage(&reservation.visitor, day)?;
    let sums = Sums::of(book, &usage, 1, day, now)?;
    let mut refused: Option<Nano> = None;
    for candidate in choice::in_order(book, &ask.candidates, now)? {
        let kind = (reservation.size, reservation.quality, ask.inputs);
        let candidate = learned::raised(book, candidate, kind, now)?;
        if refused.is_some_and(|least| candidate.worst_each >= least) {
            continue;
        }
        // A reservation never falls: the amount may have been spent already.
        let each = candidate.worst_each;
        let worst = Wanted { pictures: ask.pictures, each }.worst().max(reservation.worst);
        let more = Nano(worst.0.saturating_sub(reservation.worst.0));
        if more > Nano::ZERO && !sums.caps(each, limits, day, now).all(|cap| cap.fits(more)) {
            refused = Some(candidate.worst_each);
            continue;
        }
        let model = candidate.model.clone();
        let expected_ms = book.expected(&model, reservation.size, reservation.quality)?;
        record(
            book,
            Some(&reservation),
            &Reservation { worst, model, ..reservation.clone() },
            now,
        )?;
        hold(book, day, more)?;
        return Ok(Raised::Granted { candidate, expected_ms });
    }
    Ok(Raised::Refused)
}

/// Adds an amount to the day's reserved sum. It cannot overflow, because it was found to be within a cap.
fn hold<B: Book>(book: &mut B, day: Day, more: Nano) -> Result<(), B::Error> {
    let sums = book.day(day)?;
    let reserved = Nano(sums.reserved.0.saturating_add(more.0));
    book.put_day(day, &DayBook { reserved, ..sums })
}

/// The first day of the UTC month of a day, and the first day of the next month.
pub fn month(day: Day) -> (Day, Day) {
    let (year, month, _) = day.civil();
    let next =
        if month == 12 { (year.saturating_add(1), 1) } else { (year, month.saturating_add(1)) };
    let first = |(year, month)| Day::from_civil(year, month, 1).unwrap_or(day);
    (first((year, month)), first(next))
}
