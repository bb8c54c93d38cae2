//! The ledger's rules: who may spend how much, decided before anything is spent.
//!
//! Owns what stands between a request and the operator's money: [`reserve`], [`raise`], [`settle`] and the lease's end.
//! Each is one synchronous step on a [`Book`], whose keeper runs it in one transaction. Must not store, wait, or read a
//! clock: the same steps run on SQLite at the edge and on a map in the model that checks them.

mod allowance;
mod book;
mod lease;
mod reserve;
mod settle;
mod wire;

pub use allowance::{Limits, allowance};
pub use book::{Book, Closed, DayBook, Reservation, Window};
pub use lease::{lapsed, next_lapse, prune};
pub use reserve::{raise, reserve};
pub use settle::{Settled, settle};
pub use wire::{Bill, Booked, Raise, Raised, Refused, Reserve, Reserved};

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
    if now > seen {
        book.set_clock(now)?;
    }
    Ok(now.max(seen))
}

#[cfg(test)]
mod memory;
#[cfg(test)]
mod model;
#[cfg(test)]
mod tests;
