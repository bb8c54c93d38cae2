//! Whether a visitor may order at all: asked before a form with pictures is read, so that what would be refused anyway
//! costs no memory.
//!
//! Owns the order of these checks, which is that of [`reserve()`](super::reserve()). Must not book anything, and must not
//! probe: only a reservation does.

use super::{
    Book, Limits, Refused, Visitor,
    allowance::{Wanted, standing},
    breaker, count, refusals,
};
use contract::{problem::ProblemKind, time::Timestamp};
use serde::{Deserialize, Serialize};

/// Asks whether one more picture would be refused, whatever it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MayOrder {
    /// The idempotency key within its scope.
    pub key: String,
    /// The visitor who asks.
    pub visitor: Visitor,
}

/// The refusal that a reservation of one picture would get now; `None` if it may be granted. A known key passes, so that
/// a form that is sent again after a lost answer finds its job. A refusal counts for the metrics, as that of a
/// reservation does.
pub fn may_order<B: Book>(
    book: &mut B,
    ask: &MayOrder,
    limits: Limits,
    now: Timestamp,
) -> Result<Option<Refused>, B::Error> {
    let refused = refusal(book, ask, limits, now)?;
    if let Some(refused) = refused {
        book.count(&count::problem(refused.kind), 1)?;
    }
    Ok(refused)
}

fn refusal<B: Book>(
    book: &B,
    ask: &MayOrder,
    limits: Limits,
    now: Timestamp,
) -> Result<Option<Refused>, B::Error> {
    let now = now.max(book.clock()?);
    if book.by_key(&ask.key)?.is_some() {
        return Ok(None);
    }
    if book.is_closed()? {
        let kind = ProblemKind::SiteClosed;
        return Ok(Some(Refused { kind, limit: None, resets_at: None }));
    }
    if let Some(refused) = breaker::refusal(book, now)? {
        return Ok(Some(refused));
    }
    let cheapest = Wanted { pictures: 1, each: limits.least };
    match standing(book, &ask.visitor, limits, now)?.refuses(book, cheapest, limits)? {
        Some(refused) => Ok(Some(refused)),
        None => refusals::refused(book, &ask.visitor, limits, now),
    }
}
