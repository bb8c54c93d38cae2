//! What a visitor has left, and what stands in the way of a reservation.
//!
//! Owns the limits on one visitor and one network. Must not know money.

use super::{Book, HOUR_MS, Refused, Visitor, Who};
use crate::config::site;
use contract::{problem::ProblemKind, session::Allowance, time::Timestamp};

/// A site's limits, as its configuration has them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Caps in money.
    pub budget: site::Budget,
    /// Limits on one visitor.
    pub visitor: site::Visitor,
    /// Limits on one network.
    pub network: site::Network,
}

/// A limit and how far it is used.
#[derive(Debug, Clone, Copy)]
struct Used {
    pictures: u32,
    limit: u32,
    resets_at: Timestamp,
}

impl Used {
    fn left(&self) -> u32 {
        self.limit.saturating_sub(self.pictures)
    }
}

/// Every limit in pictures: the visitor's hour and day, the network's day, and the pause after refusals, which leaves
/// nothing.
fn used<B: Book>(
    book: &B,
    who: &Visitor,
    limits: Limits,
    now: Timestamp,
) -> Result<Vec<Used>, B::Error> {
    let site::Visitor { per_hour, per_day, refusals_per_hour, .. } = limits.visitor;
    // An hour is the last 60 minutes: what was granted exactly that long ago counts no more.
    let hour_ago = Timestamp(now.0.saturating_sub(HOUR_MS));
    let (since, today) = (hour_ago.plus(1), now.day());
    let hour = book.window(Who::Subject(&who.subject), since)?;
    let day = book.window(Who::Subject(&who.subject), today.start())?;
    let network = book.window(Who::Network(&who.network), today.start())?;
    let resets_at = hour.oldest.unwrap_or(now).plus(HOUR_MS);
    let mut all = vec![
        Used { pictures: hour.pictures, limit: per_hour, resets_at },
        Used { pictures: day.pictures, limit: per_day, resets_at: today.end() },
        Used { pictures: network.pictures, limit: limits.network.per_day, resets_at: today.end() },
    ];
    if let Some(struck) = book.struck(&who.subject, hour_ago, refusals_per_hour)? {
        all.push(Used { pictures: per_hour, limit: per_hour, resets_at: struck.plus(HOUR_MS) });
    }
    Ok(all)
}

/// The tightest of the limits; of equals the one that lasts longest.
pub fn allowance<B: Book>(
    book: &B,
    who: &Visitor,
    limits: Limits,
    now: Timestamp,
) -> Result<Allowance, B::Error> {
    let now = now.max(book.clock()?);
    let used = used(book, who, limits, now)?;
    let tightest = used.iter().min_by_key(|used| (used.left(), std::cmp::Reverse(used.resets_at)));
    Ok(tightest.map_or(Allowance { remaining: 0, limit: 0, resets_at: now }, |used| Allowance {
        remaining: used.left(),
        limit: used.limit,
        resets_at: used.resets_at,
    }))
}

/// Whether a visitor may have so many pictures more.
pub(super) fn visitor_limit<B: Book>(
    book: &B,
    who: &Visitor,
    pictures: u32,
    limits: Limits,
    now: Timestamp,
) -> Result<Option<Refused>, B::Error> {
    let kind = ProblemKind::VisitorLimit;
    if book.open(&who.subject)? >= limits.visitor.concurrent {
        // A job ends when it ends: nobody can tell the time.
        return Ok(Some(Refused { kind, resets_at: None }));
    }
    let used = used(book, who, limits, now)?;
    let reached = used.iter().filter(|used| pictures > used.left()).map(|used| used.resets_at);
    Ok(reached.max().map(|resets_at| Refused { kind, resets_at: Some(resets_at) }))
}
