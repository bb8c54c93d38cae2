//! Undecided 403s: upstream's answer does not say whether it is about one description or about the key.
//!
//! Owns when the key is checked (at most once a minute), and which cause follows from the check. Must not send the
//! check: the edge does. The breaker is not opened here but by the job's bill, which knows whether another picture of
//! the job arrived.
//!
//! Why: `docs/decisions/2026-11-29-undecided-403.md`.

use super::{Book, Visitor, tick};
use crate::gateway::{catalogue, refusal::ForbiddenCause};
use contract::time::Timestamp;

/// The key is checked at most once within this time.
const LOOK_MS: u64 = 60_000;
/// How long other jobs wait for a check that is under way.
const WAIT_MS: u64 = 6_000;
/// When this many networks in a row met an undecided 403, their descriptions are unlikely to be the cause.
const NETWORKS: usize = 3;

/// The result of a check of the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Key {
    /// The check found nothing out.
    Unknown,
    /// The key works, and its account has credits.
    Alive,
    /// The key is refused, or its account has no credits.
    Dead,
}

impl Key {
    /// Reads the answer of the call that returns the remaining credits, or of another call that needs the key. Statuses
    /// other than these say nothing about the key: a filter may have answered instead of the gateway.
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

/// What is stored about undecided 403s.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Doubt {
    /// When the key was last checked.
    pub since: Timestamp,
    /// The result of the check; `None` while it is under way.
    pub key: Option<Key>,
    /// The networks that met an undecided 403 since the last picture arrived, each as a number that is not zero.
    pub networks: [u64; NETWORKS],
}

/// The answer to a Job that met an undecided 403.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finding {
    /// The cause is known.
    Decided(ForbiddenCause),
    /// The caller has to check the key and then call [`looked`].
    Look,
    /// Another caller is checking the key: ask again soon.
    Wait,
}

/// A job has met an undecided 403.
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

/// Records the check of the key that was made for a job with an undecided 403, and returns the cause.
pub fn looked<B: Book>(book: &mut B, key: Key, now: Timestamp) -> Result<ForbiddenCause, B::Error> {
    record_key(book, key, now)?;
    Ok(book.doubt()?.verdict())
}

/// Stores what a check or a probe found out about the key.
pub(super) fn record_key<B: Book>(book: &mut B, key: Key, now: Timestamp) -> Result<(), B::Error> {
    let now = tick(book, now)?;
    let known = book.doubt()?;
    keep(book, known, Doubt { since: now, key: Some(key), ..known })
}

/// A picture arrived, so the undecided 403s before it were not caused by something that affects every request.
pub(super) fn picture_came<B: Book>(book: &mut B) -> Result<(), B::Error> {
    let known = book.doubt()?;
    keep(book, known, Doubt { networks: [0; NETWORKS], ..known })
}

fn keep<B: Book>(book: &mut B, known: Doubt, doubt: Doubt) -> Result<(), B::Error> {
    if doubt == known { Ok(()) } else { book.set_doubt(doubt) }
}

impl Doubt {
    /// Adds the visitor's network to those that met an undecided 403.
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
            // A check that was lost is repeated only after its minute is over.
            Some(Key::Alive | Key::Unknown) | None => ForbiddenCause::Nobody,
        }
    }
}

/// A network's hash as a number that is not zero and that JavaScript stores exactly. It only tells networks apart
/// (FNV-1a).
pub(super) fn mark(network: &str) -> u64 {
    let hash = network.bytes().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    (hash >> 12) | 1
}
