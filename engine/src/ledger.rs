//! The ledger's rules: who may spend how much, decided before anything is spent.
//!
//! Owns what stands between a request and the operator's money: [`reserve`], [`raise`], [`settle`] and the lease's end.
//! Each is one synchronous step on a [`Book`], whose keeper runs it in one transaction. Must not store, wait, or read a
//! clock: the same steps run on SQLite at the edge and on a map in the model that checks them.

pub mod alert;
mod allowance;
mod book;
pub mod breaker;
mod choice;
pub mod count;
pub mod forbidden;
mod lease;
mod messages;
mod reserve;
mod session;
mod settle;

pub use allowance::{Limits, allowance};
pub use book::{Book, Closed, DayBook, Reservation, Since, Standing};
pub use choice::{estimate, is_marked, mark};
pub use lease::{lapsed, next_lapse, prune};
pub use messages::{
    Bill, Booked, Closing, Estimated, Opened, PictureKind, Raise, Raised, Refused, Reserve,
    Reserved, Taken, Visitor,
};
pub use reserve::{month, raise, reserve};
pub use session::{open, take};
pub use settle::{Settled, settle, unreadable};

/// A reservation outlives its job's time by this, so that a job that is ending is not taken for lost.
pub const LEASE_SLACK_MS: u64 = 60_000;
/// The window of a visitor's hour.
pub const HOUR_MS: u64 = 60 * 60 * 1000;
/// Times from which an expectation is made.
pub const TIMES: u32 = 20;

use contract::time::Timestamp;

/// The book's own time: never before what it has seen.
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
