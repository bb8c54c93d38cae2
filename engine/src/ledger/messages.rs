//! What the Worker and the Jobs ask of a Ledger, and what it answers.
//!
//! Owns the messages between the objects. Must not hold rules.

use super::breaker::Why;
use crate::candidates::{Candidate, Candidates};
use contract::{
    money::Nano,
    options::{Quality, Size},
    problem::ProblemKind,
    session::Allowance,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

/// Who is counted: a session and the network that it comes from.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Visitor {
    /// The session's subject.
    pub subject: String,
    /// See [`crate::network::of`].
    pub network: String,
}

/// Asks for the worst case of a job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reserve {
    /// The job's id.
    pub job: String,
    /// The idempotency key within its scope.
    pub key: String,
    /// Tells requests apart.
    pub fingerprint: String,
    /// The same as 0.1 told it, where that differs: see [`crate::idempotency::fingerprints`].
    pub fingerprint_0_1: Option<String>,
    /// Who asks.
    pub visitor: Visitor,
    /// Pictures of the job.
    pub pictures: u32,
    /// The models that may make them, and the most that each picture may cost there.
    pub candidates: Candidates,
    /// What is made, for the times that it takes.
    pub size: Size,
    /// See `size`.
    pub quality: Quality,
}

/// What a reservation came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reserved {
    /// Go ahead.
    Granted {
        /// Nothing may start after it.
        lease_ends: Timestamp,
        /// The model that is asked, and what was reserved for each picture.
        candidate: Candidate,
        /// What such a job has taken with that model.
        expected_ms: Option<u64>,
        /// What the visitor has left after it.
        allowance: Allowance,
    },
    /// This key has a job already; it stands as it was granted.
    Known {
        /// That job's id.
        job: String,
        /// Whether the request was the same.
        same: bool,
        /// See `Granted`.
        lease_ends: Timestamp,
        /// See `Granted`.
        candidate: Candidate,
        /// See `Granted`.
        expected_ms: Option<u64>,
        /// See `Granted`.
        allowance: Allowance,
    },
    /// Not now.
    Refused(Refused),
    /// The gateway has to be probed first; then it is asked again.
    Probe(Why),
}

impl Reserved {
    /// What was asked for in vain, because a cap has no room for it.
    pub fn in_vain(&self, ask: &Reserve) -> Nano {
        match self {
            Self::Refused(refused) if refused.kind == ProblemKind::BudgetSpent => {
                let first = ask.candidates.living.first().unwrap_or(&ask.candidates.last_resort);
                first.worst_each.checked_mul(u64::from(ask.pictures)).unwrap_or_default()
            }
            _ => Nano::ZERO,
        }
    }
}

/// Why a reservation is refused, and when one may be granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// Whose limit it is.
    pub kind: ProblemKind,
    /// When at least one more picture becomes possible, if that can be told.
    pub resets_at: Option<Timestamp>,
}

/// What opening a session came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Opened {
    /// It is counted; what the visitor may do.
    Counted(Allowance),
    /// The network has opened too many.
    Refused(Refused),
}

/// What taking a challenge's token came to, before anybody is asked about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Taken {
    /// Nobody has shown it before.
    Fresh,
    /// Somebody has: it opens nothing.
    Spent,
    /// The network has opened too many sessions.
    Refused(Refused),
}

/// Says that a model turned out to be gone, and asks for the next one; its worst case is reserved before it is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Raise {
    /// The job's id.
    pub job: String,
    /// Pictures of the job.
    pub pictures: u32,
    /// The model that upstream no longer has.
    pub gone: String,
    /// Those that are configured behind it and can make what was ordered.
    pub candidates: Vec<Candidate>,
}

/// What a raise came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Raised {
    /// It is reserved.
    Granted {
        /// The model that is asked next.
        candidate: Candidate,
        /// What such a job has taken with that model.
        expected_ms: Option<u64>,
    },
    /// Each candidate would pass a cap, or the reservation is closed; it stays as it was.
    Refused,
    /// There is no candidate.
    NoModel,
}

/// A kind of picture that is to be estimated: which models could be asked for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PictureKind {
    /// Its size.
    pub size: Size,
    /// Its quality.
    pub quality: Quality,
    /// As in [`Candidates`], by id.
    pub models: Vec<String>,
    /// As in [`Candidates`], by id.
    pub last_resort: String,
}

/// What is known of such a picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Estimated {
    /// The model that would be asked.
    pub model: String,
    /// What such a job has taken with it.
    pub expected_ms: Option<u64>,
}

/// What a job came to. Sent until it is confirmed; only the first one counts.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Bill {
    /// The job's id.
    pub job: String,
    /// All that is spent.
    pub charged: Nano,
    /// The part of it that is booked at its reservation, for want of a price.
    pub unknown: Nano,
    /// How long each picture took that came, in milliseconds.
    pub pictures: Vec<u64>,
    /// Pictures that did not come, by their problem.
    pub failed: Vec<(ProblemKind, u32)>,
    /// Pictures that did not come by upstream's fault.
    pub faults: u32,
    /// Pictures that the visitor ended.
    pub cancelled: u32,
    /// The model that was asked last, or the one that made the pictures if upstream took another.
    pub model: String,
    /// Whether upstream took another model than the one that was asked.
    pub other_model: bool,
    /// Whether the description was refused: that counts towards the visitor's pause.
    pub strike: bool,
    /// Pictures that count against the visitor.
    pub counted: u32,
    /// How long it took, if it may serve as an expectation.
    pub took_ms: Option<u64>,
}

/// What a Job answers when its lease has ended and it is asked to close.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Closing {
    /// What it came to.
    Bill(Bill),
    /// It has a record that it cannot read: nobody knows what it came to.
    Unreadable,
}

/// A bill that is booked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Booked {
    /// What was charged.
    pub charged: Nano,
    /// What the visitor has left.
    pub allowance: Allowance,
}

impl Booked {
    /// What a Job takes for booked when the Ledger has forgotten it: its own bill, and no pictures left to promise.
    pub fn forgotten(bill: &Bill, now: Timestamp) -> Self {
        Self {
            charged: bill.charged,
            allowance: Allowance { remaining: 0, limit: 0, resets_at: now },
        }
    }
}

impl Bill {
    /// Pictures that came.
    pub fn came(&self) -> u32 {
        u32::try_from(self.pictures.len()).unwrap_or(u32::MAX)
    }

    /// Pictures that did not come because of this.
    pub fn failed_as(&self, kind: ProblemKind) -> u32 {
        self.failed.iter().find(|(other, _)| *other == kind).map_or(0, |(_, count)| *count)
    }

    /// The bill of a job that was never created, and now never will be.
    pub fn nothing(job: String) -> Self {
        Self {
            job,
            charged: Nano::ZERO,
            unknown: Nano::ZERO,
            pictures: Vec::new(),
            failed: Vec::new(),
            faults: 0,
            cancelled: 0,
            model: String::new(),
            other_model: false,
            strike: false,
            counted: 0,
            took_ms: None,
        }
    }
}
