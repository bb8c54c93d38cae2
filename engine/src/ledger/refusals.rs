//! Refused descriptions of a network: how many of its pictures upstream refused for them on a UTC day, and what follows at
//! the bound.
//!
//! Owns that count, the challenge, the pause and the single trial job after it. Must not know a visitor's own refusals:
//! those pause the visitor alone, by order, also after a passed challenge.
//!
//! Why: `docs/decisions/2026-11-29-refusals-of-a-network.md`.

use super::{Bill, Book, HOUR_MS, Limits, Refused, Reservation, Visitor, tick};
use contract::{
    problem::{Limit, ProblemKind},
    time::{Day, Timestamp},
};

/// With a challenge, the pause begins at this multiple of the bound: whoever solves challenges by the hundred is paused
/// too.
const BOUNDS_WITH_CHALLENGE: u32 = 2;

/// A pause is doubled at most so often: it is longer than a day then.
const MOST_DOUBLED: u32 = 5;

/// What a network with this many refused pictures may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum NetworkStanding {
    /// Everything: it is below its bound.
    Free,
    /// Its visitors may order once they have passed a challenge.
    Challenged,
    /// It is paused after each refusal, and then may run one job at a time.
    Paused,
}

fn standing<B: Book>(
    book: &B,
    network: &str,
    limits: Limits,
    day: Day,
) -> Result<NetworkStanding, B::Error> {
    let bound = limits.network.refusals_per_day;
    let refused = book.tallied(&refused_of(network), day)?;
    Ok(if refused < bound {
        NetworkStanding::Free
    } else if limits.challenged && refused < bound.saturating_mul(BOUNDS_WITH_CHALLENGE) {
        NetworkStanding::Challenged
    } else {
        NetworkStanding::Paused
    })
}

/// Until when the network is paused; `None` if it is not. The first pause lasts an hour, and each trial job that is refused
/// doubles it. The next day begins without a pause.
pub(super) fn paused<B: Book>(
    book: &B,
    network: &str,
    limits: Limits,
    now: Timestamp,
) -> Result<Option<Timestamp>, B::Error> {
    let day = now.day();
    if standing(book, network, limits, day)? != NetworkStanding::Paused {
        return Ok(None);
    }
    let trials = book.tallied(&trial_of(network), day)?.min(MOST_DOUBLED);
    let pause_ms = HOUR_MS.saturating_mul(1 << trials);
    let newest = book.moment(&refused_of(network))?;
    let until = newest.map(|at| at.plus(pause_ms).min(day.end()));
    Ok(until.filter(|&until| until > now))
}

/// The refusal of an order that passed every other check, if its network is at its bound. The first order after a pause
/// becomes the network's trial job: until it has ended, no other one starts, so that the next refusal pauses the network
/// before a second job goes upstream.
pub(super) fn admit<B: Book>(
    book: &mut B,
    who: &Visitor,
    limits: Limits,
    lease_ends: Timestamp,
    now: Timestamp,
) -> Result<Option<Refused>, B::Error> {
    let refused = refused(book, who, limits, now)?;
    let standing = standing(book, &who.network, limits, now.day())?;
    if standing == NetworkStanding::Paused && refused.is_none() {
        book.set_moment(&trial_of(&who.network), lease_ends)?;
    }
    Ok(refused)
}

/// The refusal of an order whose network is at its bound.
pub(super) fn refused<B: Book>(
    book: &B,
    who: &Visitor,
    limits: Limits,
    now: Timestamp,
) -> Result<Option<Refused>, B::Error> {
    let standing = standing(book, &who.network, limits, now.day())?;
    let stop = |kind, limit| Ok(Some(Refused { kind, limit, resets_at: None }));
    match standing {
        NetworkStanding::Challenged if !has_passed(book, &who.subject, now)? => {
            stop(ProblemKind::ChallengeFailed, None)
        }
        // The trial job ends at a time that is not known.
        NetworkStanding::Paused
            if book.moment(&trial_of(&who.network))?.is_some_and(|end| end > now) =>
        {
            stop(ProblemKind::VisitorLimit, Some(Limit::Refusals))
        }
        _ => Ok(None),
    }
}

/// The pictures that upstream refused for their description: by moderation, or with a 4xx that says nothing else.
fn refused_pictures(bill: &Bill) -> u32 {
    let moderated = bill.failed_as(ProblemKind::PromptRefused);
    if !bill.strike {
        return moderated;
    }
    moderated.saturating_add(bill.failed_as(ProblemKind::GatewayFailed).saturating_sub(bill.faults))
}

/// Counts the pictures of a bill that were refused for their description, on the day on which the job was granted: a network
/// has another hash the next day.
pub(super) fn settled<B: Book>(
    book: &mut B,
    reservation: &Reservation,
    bill: &Bill,
    now: Timestamp,
) -> Result<(), B::Error> {
    let (network, day) = (&reservation.visitor.network, reservation.at.day());
    let refused = refused_pictures(bill);
    let count = refused_of(network);
    for _ in 0..refused {
        book.tally(&count, day)?;
    }
    if refused > 0 {
        book.set_moment(&refused_of(network), now)?;
    }
    // Most networks have no refusal, and so no trial job.
    if book.tallied(&count, day)? > 0 {
        let trial = trial_of(network);
        if book.moment(&trial)? == Some(reservation.lease_ends) {
            book.set_moment(&trial, now)?;
            if refused > 0 {
                book.tally(&trial, day)?;
            }
        }
    }
    Ok(())
}

/// The visitor has passed a challenge: for an hour its network's bound does not stop it.
pub fn lift_bound<B: Book>(book: &mut B, who: &Visitor, now: Timestamp) -> Result<(), B::Error> {
    let now = tick(book, now)?;
    book.set_moment(&pass_of(&who.subject), now)
}

/// A session was opened, on a site with a challenge after one was passed. If the network was at its bound by then, this
/// passed challenge counts, so that a new visitor takes one and not two.
pub(super) fn opened<B: Book>(
    book: &mut B,
    who: &Visitor,
    limits: Limits,
    now: Timestamp,
) -> Result<(), B::Error> {
    match standing(book, &who.network, limits, now.day())? {
        NetworkStanding::Challenged => book.set_moment(&pass_of(&who.subject), now),
        NetworkStanding::Free | NetworkStanding::Paused => Ok(()),
    }
}

fn has_passed<B: Book>(book: &B, subject: &str, now: Timestamp) -> Result<bool, B::Error> {
    Ok(book.moment(&pass_of(subject))?.is_some_and(|at| at.plus(HOUR_MS) > now))
}

/// The tally of a network's refused pictures, and the moment of the newest one.
fn refused_of(network: &str) -> String {
    ["refused ", network].concat()
}

/// The moment at which the lease of a network's trial job ends, or at which that job ended; and the tally of the trial jobs
/// of a day that were refused.
fn trial_of(network: &str) -> String {
    ["trial ", network].concat()
}

/// The moment at which a visitor passed a challenge.
fn pass_of(subject: &str) -> String {
    ["passed ", subject].concat()
}
