//! What a visitor has left, and what stands in the way of a reservation.
//!
//! Owns the limits on one visitor. Must not know money.

use super::{Book, HOUR_MS, Refused};
use crate::config::site::{Budget, Visitor};
use contract::{problem::ProblemKind, session::Allowance, time::Timestamp};

/// A site's limits, as its configuration has them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Caps in money.
    pub budget: Budget,
    /// Limits on one visitor.
    pub visitor: Visitor,
}

/// A limit and how far it is used.
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

/// The visitor's hour and day.
fn used<B: Book>(
    book: &B,
    subject: &str,
    visitor: Visitor,
    now: Timestamp,
) -> Result<[Used; 2], B::Error> {
    // An hour is the last 60 minutes: what was granted exactly that long ago counts no more.
    let since = Timestamp(now.0.saturating_sub(HOUR_MS).saturating_add(1));
    let hour = book.window(subject, since)?;
    let day = book.window(subject, now.day().start())?;
    Ok([
        Used {
            pictures: hour.pictures,
            limit: visitor.per_hour,
            resets_at: hour.oldest.unwrap_or(now).plus(HOUR_MS),
        },
        Used { pictures: day.pictures, limit: visitor.per_day, resets_at: now.day().end() },
    ])
}

/// The tightest of the visitor's limits.
pub fn allowance<B: Book>(
    book: &B,
    subject: &str,
    limits: Limits,
    now: Timestamp,
) -> Result<Allowance, B::Error> {
    let now = now.max(book.clock()?);
    let [hour, day] = used(book, subject, limits.visitor, now)?;
    let tightest = if day.left() < hour.left() { day } else { hour };
    Ok(Allowance {
        remaining: tightest.left(),
        limit: tightest.limit,
        resets_at: tightest.resets_at,
    })
}

/// Whether a visitor may have so many pictures more.
pub(super) fn visitor_limit<B: Book>(
    book: &B,
    subject: &str,
    pictures: u32,
    visitor: Visitor,
    now: Timestamp,
) -> Result<Option<Refused>, B::Error> {
    let kind = ProblemKind::VisitorLimit;
    if book.open(subject)? >= visitor.concurrent {
        // A job ends when it ends: nobody can tell the time.
        return Ok(Some(Refused { kind, resets_at: None }));
    }
    let used = used(book, subject, visitor, now)?;
    let reached = used.into_iter().find(|used| pictures > used.left());
    Ok(reached.map(|used| Refused { kind, resets_at: Some(used.resets_at) }))
}
