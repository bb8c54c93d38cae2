//! Challenge tokens: each opens one session or lifts one visitor's bound, and a network whose tokens fail too often has to
//! wait.
//!
//! Owns how long a claim is remembered. Must not know a verifier's answers, except that a token has passed.
//!
//! Decision: docs/decisions/2026-11-29-a-claimed-token-counts-as-failed.md.

use super::{Book, Claimed, Refused, tick};
use crate::challenge;
use contract::{
    problem::{Limit, ProblemKind},
    time::{DAY_MS, Day, Timestamp},
};

/// Claims are stored by the slot of time in which they were made, and are known in that slot and the next: longer than any
/// answer of a verifier about the token is accepted, and not much longer.
const SLOT_MS: u64 = challenge::ACCEPTED_MS;
/// Every claim can be deleted after this time.
pub const CLAIM_MS: u64 = SLOT_MS * 2;
// A slot belongs to one day.
const _: () = assert!(DAY_MS.is_multiple_of(SLOT_MS));

/// So many tokens of one network may fail, or be at the verifier, within two slots. The widget of our own page gives a
/// visitor a token that passes, so that honest visitors hardly ever fail; but each of them counts while the verifier is
/// asked, and this is far more than the rate limit lets in within that time. Who shares a network with somebody who
/// forges tokens waits for minutes, not for the rest of the day, and a renewal needs no token below the bound of refused
/// descriptions.
const FAILED: u32 = 100;

/// Before the names of these tallies.
const PREFIX: &str = "challenge ";
/// After every name that begins with [`PREFIX`].
const END: &str = "challenge!";

/// A slot, by its number since 1970.
#[derive(Debug, Clone, Copy)]
struct Slot(u64);

impl Slot {
    const fn at(now: Timestamp) -> Self {
        Self(now.0 / SLOT_MS)
    }

    const fn before(self) -> Self {
        Self(self.0.saturating_sub(1))
    }

    /// The end of the slot that is `slots` after this one.
    const fn end_of(self, slots: u64) -> Timestamp {
        Timestamp(self.0.saturating_add(slots).saturating_add(1).saturating_mul(SLOT_MS))
    }

    /// The beginning of the names of a slot. Names of later slots are greater.
    fn prefix(self) -> String {
        format!("{PREFIX}{:010} ", self.0)
    }

    fn tallied<B: Book>(self, book: &B, what: &str, of: &str) -> Result<u32, B::Error> {
        book.tallied(&self.name(what, of), Timestamp(self.0.saturating_mul(SLOT_MS)).day())
    }

    fn tally<B: Book>(self, book: &mut B, what: &str, of: &str) -> Result<u32, B::Error> {
        book.tally(&self.name(what, of), Timestamp(self.0.saturating_mul(SLOT_MS)).day())
    }

    fn name(self, what: &str, of: &str) -> String {
        [&self.prefix(), what, " ", of].concat()
    }

    /// How many claims of a network have not passed.
    fn failed<B: Book>(self, book: &B, network: &str) -> Result<u32, B::Error> {
        let claimed = self.tallied(book, CLAIMED, network)?;
        Ok(claimed.saturating_sub(self.tallied(book, PASSED, network)?))
    }
}

const TOKEN: &str = "token";
const CLAIMED: &str = "claimed";
const PASSED: &str = "passed";

/// Claims a challenge's token before the verifier is asked, so that only the first of several concurrent requests with
/// the same token goes on. It counts as failed until [`challenge_passed`] is called.
pub fn claim_challenge<B: Book>(
    book: &mut B,
    token: &str,
    network: &str,
    now: Timestamp,
) -> Result<Claimed, B::Error> {
    let now = tick(book, now)?;
    let slot = Slot::at(now);
    if let Some(refused) = failed_too_often(book, network, slot)? {
        return Ok(Claimed::Refused(refused));
    }
    if slot.before().tallied(book, TOKEN, token)? > 0 || slot.tally(book, TOKEN, token)? > 1 {
        return Ok(Claimed::Spent);
    }
    slot.tally(book, CLAIMED, network)?;
    Ok(Claimed::Fresh)
}

/// A claimed token of this network has passed, so that it does not count as failed.
pub fn challenge_passed<B: Book>(
    book: &mut B,
    network: &str,
    now: Timestamp,
) -> Result<(), B::Error> {
    let now = tick(book, now)?;
    Slot::at(now).tally(book, PASSED, network).map(drop)
}

fn failed_too_often<B: Book>(
    book: &mut B,
    network: &str,
    slot: Slot,
) -> Result<Option<Refused>, B::Error> {
    let (before, present) = (slot.before().failed(book, network)?, slot.failed(book, network)?);
    if before.saturating_add(present) < FAILED {
        return Ok(None);
    }
    let kind = ProblemKind::VisitorLimit;
    book.count(&super::count::problem(kind), 1)?;
    let resets_at = slot.end_of(u64::from(present >= FAILED));
    Ok(Some(Refused { kind, limit: Some(Limit::NetworkSessions), resets_at: Some(resets_at) }))
}

/// Deletes the claims that are no longer known.
pub(super) fn forget<B: Book>(book: &mut B, now: Timestamp) -> Result<(), B::Error> {
    // Earlier days' claims go with the other tallies of their day.
    for day in days(now) {
        book.forget_tallies(day, PREFIX, &Slot::at(now).before().prefix())?;
    }
    Ok(())
}

/// When every present claim can be deleted; `None` if there is none.
pub(super) fn next_forget<B: Book>(
    book: &B,
    now: Timestamp,
) -> Result<Option<Timestamp>, B::Error> {
    for day in days(now) {
        if book.has_tally(day, PREFIX, END)? {
            return Ok(Some(Slot::at(now).end_of(1)));
        }
    }
    Ok(None)
}

/// The days that can hold claims.
fn days(now: Timestamp) -> [Day; 2] {
    let today = now.day();
    [Day::from_number(today.number().saturating_sub(1)), today]
}
