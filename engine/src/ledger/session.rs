//! The limit on sessions: new sessions per network and day.
//!
//! Owns that limit. Must not know how a session is made.

use super::{Book, Limits, Opened, Refused, Visitor, allowance, refusals, tick};
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

/// The refusal, if a network has opened as many sessions as it may on a day.
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
