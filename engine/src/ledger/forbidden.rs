//! A 403 that does not say whether it is about one description or about the key: what a site's Ledger makes of it.
//!
//! Owns when the key is looked at (at most once a minute), and what follows from that. Must not look: the edge does. The
//! breaker is not opened here but by the bill, which knows whether a picture of the same job came.
//! Why: `docs/decisions/2026-11-29-undecided-403.md`.

use super::{Book, Visitor, tick};
use crate::gateway::{catalogue, refusal::ForbiddenCause};
use contract::time::Timestamp;

/// The key is looked at once within this time.
const LOOK_MS: u64 = 60_000;
/// Somebody's look at the key is waited for this long.
const WAIT_MS: u64 = 6_000;
/// So many networks in a row that met it are too many for it to be about what each of them described.
const NETWORKS: usize = 3;

/// What a look at the key has told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Key {
    /// Nothing.
    Unknown,
    /// It works, and there is money behind it.
    Alive,
    /// It is refused, or there is no money behind it.
    Dead,
}

impl Key {
    /// Reads the answer of the call that tells what is left of the money, or of another that wants the key. Another
    /// status than these is no word on the key: a filter may stand before that call too.
    pub fn read(status: u16, body: &str, tells_credits: bool) -> Self {
        match status {
            200 if !tells_credits => Self::Alive,
            200 => match catalogue::is_funded(body) {
                Some(true) => Self::Alive,
                Some(false) => Self::Dead,
                None => Self::Unknown,
            },
            401 | 402 => Self::Dead,
            _ => Self::Unknown,
        }
    }
}

/// What is kept about such answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Doubt {
    /// When the key was last looked at.
    pub since: Timestamp,
    /// What that told; nothing yet, if somebody looks right now.
    pub key: Option<Key>,
    /// The networks that met such a 403 since the last picture came, each as a number that is not zero.
    pub networks: [u64; NETWORKS],
}

/// What a Job has to be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finding {
    /// This.
    Decided(ForbiddenCause),
    /// Whoever asked has to look at the key first, and then tell [`looked`].
    Look,
    /// Somebody looks right now: ask again soon.
    Wait,
}

/// A job has met such a 403.
pub fn met<B: Book>(book: &mut B, job: &str, now: Timestamp) -> Result<Finding, B::Error> {
    let now = tick(book, now)?;
    let Some(reservation) = book.by_job(job)? else {
        return Ok(Finding::Decided(ForbiddenCause::Nobody));
    };
    let known = book.doubt()?;
    let mut doubt = known.with(&reservation.visitor);
    let age = now.since(doubt.since);
    let finding = if age >= LOOK_MS || doubt.since == Timestamp::default() {
        doubt = Doubt { since: now, key: None, ..doubt };
        Finding::Look
    } else if doubt.key.is_none() && age < WAIT_MS {
        Finding::Wait
    } else {
        Finding::Decided(doubt.verdict())
    };
    keep(book, known, doubt)?;
    Ok(finding)
}

/// The key was looked at, for a job that has met such a 403.
pub fn looked<B: Book>(book: &mut B, key: Key, now: Timestamp) -> Result<ForbiddenCause, B::Error> {
    heard(book, key, now)?;
    Ok(book.doubt()?.verdict())
}

/// Something was learnt of the key.
pub(super) fn heard<B: Book>(book: &mut B, key: Key, now: Timestamp) -> Result<(), B::Error> {
    let now = tick(book, now)?;
    let known = book.doubt()?;
    keep(book, known, Doubt { since: now, key: Some(key), ..known })
}

/// A picture came: whatever met it before was not about all of them.
pub(super) fn picture_came<B: Book>(book: &mut B) -> Result<(), B::Error> {
    let known = book.doubt()?;
    keep(book, known, Doubt { networks: [0; NETWORKS], ..known })
}

fn keep<B: Book>(book: &mut B, known: Doubt, doubt: Doubt) -> Result<(), B::Error> {
    if doubt == known { Ok(()) } else { book.set_doubt(doubt) }
}

impl Doubt {
    /// The same, and this visitor's network has met it.
    fn with(mut self, who: &Visitor) -> Self {
        let network = mark(&who.network);
        if !self.networks.contains(&network)
            && let Some(free) = self.networks.iter_mut().find(|own| **own == 0)
        {
            *free = network;
        }
        self
    }

    fn verdict(self) -> ForbiddenCause {
        match self.key {
            Some(Key::Dead) => ForbiddenCause::Key,
            Some(Key::Alive) if self.networks.contains(&0) => ForbiddenCause::Description,
            // A look that was lost is not made again before its minute is over.
            Some(Key::Alive | Key::Unknown) | None => ForbiddenCause::Nobody,
        }
    }
}

/// A network's hash as a number that is not zero and is kept exactly: it only tells networks apart (FNV-1a).
fn mark(network: &str) -> u64 {
    let hash = network.bytes().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    (hash >> 12) | 1
}
