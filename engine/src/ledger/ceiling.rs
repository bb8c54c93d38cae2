//! The largest amount of money that a book holds.
//!
//! Owns that amount, and what becomes of larger ones: a price that upstream states is booked whatever it is, so that its
//! job is settled once. Must not lower any other amount.

use super::Bill;
use contract::money::Nano;

/// Nine million dollars: the largest whole number of nano-dollars that SQLite behind JavaScript holds exactly.
pub const MOST: Nano = Nano((1 << 53) - 1);

/// The sum, or [`MOST`] where it would be larger.
pub(super) fn sum(one: Nano, other: Nano) -> Nano {
    Nano(one.0.saturating_add(other.0)).min(MOST)
}

impl Bill {
    /// Whether upstream stated more than a book holds.
    pub fn is_absurd(&self) -> bool {
        self.charged > MOST
    }

    /// The bill as it is booked: amounts above [`MOST`] become that. No cap is higher in practice, so the site makes no
    /// more pictures until the operator has looked.
    pub(super) fn bounded(&self) -> Self {
        Self { charged: self.charged.min(MOST), unknown: self.unknown.min(MOST), ..self.clone() }
    }
}
