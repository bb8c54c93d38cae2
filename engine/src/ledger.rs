//! The ledger's rules: they decide who may spend how much, before any money is spent.
//!
//! Owns the steps between a visitor's request and the operator's money: [`reserve()`], [`raise()`], [`settle()`] and the end
//! of a lease. Each is one synchronous step on a [`Book`], and the caller runs it in one transaction. Must not store,
//! wait, or read a clock: the same steps run on SQLite at the edge and on a map in the model that checks them.

pub mod alert;
mod allowance;
mod book;
pub mod breaker;
mod caps;
pub mod ceiling;
mod choice;
mod claim;
pub mod count;
pub mod forbidden;
pub mod learned;
mod lease;
mod may_order;
mod messages;
mod refusals;
mod reserve;
mod session;
mod settle;
pub mod usage;
pub mod window;

pub use allowance::{Limits, allowance};
pub use book::{Book, Closed, DayBook, Reservation};
pub use choice::{estimate, is_marked, least, mark};
pub use claim::{CLAIM_MS, challenge_passed, claim_challenge};
pub use lease::{lapsed, next_alarm, next_lapse, prune};
pub use may_order::{MayOrder, may_order};
pub use messages::{
    Bill, Booked, Claimed, Closing, Estimated, Opened, Overrun, PictureKind, Raise, Raised,
    Refused, Reserve, Reserved, Visitor,
};
pub use refusals::lift_bound;
pub use reserve::{month, raise, reserve};
pub use session::open;
pub use settle::{Settled, settle, unreadable};

/// A lease ends this long after the job's own time limit, so that a job that is just ending is not treated as lost.
pub const LEASE_SLACK_MS: u64 = 60_000;
/// The window of the visitor's hourly limit.
pub const HOUR_MS: u64 = 60 * 60 * 1000;
/// The expected time of a job is the median of this many recent jobs.
pub const TIMES: u32 = 20;

use contract::time::Timestamp;

/// The book's own time, which never runs backwards: the given time, or the latest time seen if that is later.
fn tick<B: Book>(book: &mut B, now: Timestamp) -> Result<Timestamp, B::Error> {
    let seen = book.clock()?;
    let latest = now.max(seen);
    if latest != seen {
        book.set_clock(latest)?;
    }
    Ok(latest)
}

#[cfg(any(test, feature = "cases"))]
pub mod cases;
#[cfg(any(test, feature = "cases"))]
pub mod memory;
#[cfg(test)]
mod model;
#[cfg(test)]
mod tests;
