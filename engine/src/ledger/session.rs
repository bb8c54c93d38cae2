//! The limits on sessions: new sessions per network and day, and one session per challenge token.
//!
//! Owns those two limits. Must not know how a session or a token is made.

use super::{Book, Claimed, Limits, Opened, Refused, Visitor, allowance, refusals, tick};
use contract::{
    problem::{Limit, ProblemKind},
    time::{Day, Timestamp},
};

/// Counts a new session, and returns the visitor's allowance.
pub fn open<B: Book>(
    book: &mut B,
    who: &Visitor,
    limits: Limits,
    now: Timestamp,
) -> Result<Opened, B::Error> {
    let now = tick(book, now)?;
    let day = now.day();
    if let Some(refused) = network_limit(book, &who.network, limits, day)? {
        return Ok(Opened::Refused(refused));
    }
    book.tally(&sessions_of(&who.network), day)?;
    refusals::opened(book, who, limits, now)?;
    allowance(book, who, limits, now).map(Opened::Counted)
}

/// Claims a challenge's token before the verifier is asked, so that only the first of several concurrent requests with
/// the same token goes on. A claim is stored for this day and the next; the verifier itself rejects a token after some
/// minutes.
pub fn claim_challenge<B: Book>(
    book: &mut B,
    token: &str,
    network: &str,
    limits: Limits,
    now: Timestamp,
) -> Result<Claimed, B::Error> {
    let day = tick(book, now)?.day();
    if let Some(refused) = network_limit(book, network, limits, day)? {
        return Ok(Claimed::Refused(refused));
    }
    let name = ["token ", token].concat();
    let yesterday = Day::from_number(day.number().saturating_sub(1));
    if book.tallied(&name, yesterday)? > 0 || book.tally(&name, day)? > 1 {
        return Ok(Claimed::Spent);
    }
    Ok(Claimed::Fresh)
}

fn network_limit<B: Book>(
    book: &mut B,
    network: &str,
    limits: Limits,
    day: Day,
) -> Result<Option<Refused>, B::Error> {
    if book.tallied(&sessions_of(network), day)? < limits.network.sessions_per_day {
        return Ok(None);
    }
    let kind = ProblemKind::VisitorLimit;
    book.count(&super::count::problem(kind), 1)?;
    Ok(Some(Refused { kind, limit: Some(Limit::NetworkSessions), resets_at: Some(day.end()) }))
}

fn sessions_of(network: &str) -> String {
    ["sessions ", network].concat()
}
