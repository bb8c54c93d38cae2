//! The messages that the Worker and the Jobs send to a Ledger, and its answers.
//!
//! Owns the messages between the objects. Must not hold rules.

use super::breaker::Why;
use crate::{
    candidates::{Candidate, Candidates},
    gateway::cause::Cause,
};
use contract::{
    money::Nano,
    options::{Quality, Size},
    problem::{Limit, ProblemKind},
    session::Allowance,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

/// Whom the limits count: a session, and the network that it comes from.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Visitor {
    /// The session's subject.
    pub subject: String,
    /// See [`crate::network::of`].
    pub network: String,
    /// See [`crate::network::prefix_of`]. Earlier versions send none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prefix: Option<String>,
}

/// Asks for a reservation of a job's worst case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reserve {
    /// The job's id.
    pub job: String,
    /// The idempotency key within its scope.
    pub key: String,
    /// A hash of the request: two requests with the same key and different fingerprints are a conflict.
    pub fingerprint: String,
    /// The fingerprint in the form of version 0.1, where it differs: see [`crate::idempotency::fingerprints`].
    pub fingerprint_0_1: Option<String>,
    /// The visitor who asks.
    pub visitor: Visitor,
    /// The number of pictures of the job.
    pub pictures: u32,
    /// The models that may make the pictures, and the most that each picture may cost with them.
    pub candidates: Candidates,
    /// The size of the pictures: the expected time depends on it.
    pub size: Size,
    /// The quality of the pictures: the expected time depends on it.
    pub quality: Quality,
    /// The number of pictures to edit: what was learned of prices depends on it.
    #[serde(default)]
    pub inputs: u32,
}

/// The answer to [`Reserve`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reserved {
    /// The worst case is reserved.
    Granted {
        /// No picture may start after this time.
        lease_ends: Timestamp,
        /// The model that is asked, and what was reserved for each picture.
        candidate: Candidate,
        /// The expected time of such a job with that model.
        expected_ms: Option<u64>,
        /// What the visitor has left after this job.
        allowance: Allowance,
    },
    /// The key has a job already. Its reservation is unchanged.
    Known {
        /// That job's id.
        job: String,
        /// Whether this request is the same as the one that created the job.
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
    /// The reservation is refused.
    Refused(Refused),
    /// The caller has to probe the gateway first, and then ask again.
    Probe(Why),
}

impl Reserved {
    /// The amount that was refused because it does not fit beside what the day or the month has charged; zero if neither
    /// is the reason.
    pub fn refused_by_cap(&self, ask: &Reserve) -> Nano {
        match self {
            Self::Refused(Refused { limit: Some(Limit::SiteDay | Limit::SiteMonth), .. }) => {
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
    /// Which limit refuses it.
    pub kind: ProblemKind,
    /// The limit that was reached, if it is one of the visitor, the network or the site's money.
    #[serde(default)]
    pub limit: Option<Limit>,
    /// When at least one more picture becomes possible, if that is known.
    pub resets_at: Option<Timestamp>,
}

/// The answer when a session is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Opened {
    /// The session is counted; this is the visitor's allowance.
    Counted(Allowance),
    /// The network has opened too many sessions.
    Refused(Refused),
}

/// The answer when a challenge's token is claimed, before the verifier is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Claimed {
    /// The token was not claimed before.
    Fresh,
    /// The token was claimed before, so it opens no session and lifts no bound.
    Spent,
    /// Too many tokens of the network have failed.
    Refused(Refused),
}

/// Reports that a model is gone, and asks for the next one. Its worst case is reserved before the model is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Raise {
    /// The job's id.
    pub job: String,
    /// The number of pictures of the job.
    pub pictures: u32,
    /// The number of pictures to edit.
    #[serde(default)]
    pub inputs: u32,
    /// The model that upstream no longer has.
    pub gone: String,
    /// The models that are configured after the gone one and can make the order.
    pub candidates: Vec<Candidate>,
}

/// The answer to [`Raise`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Raised {
    /// The worst case of the next model is reserved.
    Granted {
        /// The model that is asked next.
        candidate: Candidate,
        /// The expected time of such a job with that model.
        expected_ms: Option<u64>,
    },
    /// Every candidate would exceed a cap, or the reservation is closed. The reservation stays as it was.
    Refused,
    /// There is no candidate.
    NoModel,
}

/// A kind of picture to estimate, with the models that could be asked for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PictureKind {
    /// Its size.
    pub size: Size,
    /// Its quality.
    pub quality: Quality,
    /// The living models, as in [`Candidates`], by id.
    pub models: Vec<String>,
    /// The last resort, as in [`Candidates`], by id.
    pub last_resort: String,
}

/// The estimate for a kind of picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Estimated {
    /// The model that would be asked now.
    pub model: String,
    /// The expected time of such a job with that model.
    pub expected_ms: Option<u64>,
    /// What is reserved on top of its configured worst case for each picture.
    #[serde(default)]
    pub excess: Nano,
}

/// A job's bill. It is sent until the Ledger confirms it; only the first one counts.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Bill {
    /// The job's id.
    pub job: String,
    /// The amount that is spent.
    pub charged: Nano,
    /// The part of `charged` for which upstream named no price, so that the reservation is booked instead.
    pub unknown: Nano,
    /// The time that each arrived picture took, in milliseconds.
    pub pictures: Vec<u64>,
    /// Pictures that failed, by their problem.
    pub failed: Vec<(ProblemKind, u32)>,
    /// Pictures that failed by upstream's fault.
    pub faults: u32,
    /// Why the first of those failed, or the first whose key or account was refused. Earlier versions send none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<Cause>,
    /// Pictures that the visitor cancelled.
    pub cancelled: u32,
    /// The model that was asked last, or the one that made the pictures if upstream used another.
    pub model: String,
    /// Whether upstream used another model than the one that was asked.
    pub other_model: bool,
    /// Whether the description was refused. It counts towards the visitor's pause after refusals.
    pub strike: bool,
    /// The number of pictures that count against the visitor's limits.
    pub counted: u32,
    /// How long the job took, if this is a valid sample for the expected time.
    pub took_ms: Option<u64>,
    /// The dearest picture, if it cost more than its configured worst case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overrun: Option<Overrun>,
}

/// A picture that cost more than its configured worst case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Overrun {
    /// The configured worst case, with the prompt and the pictures to edit.
    pub configured: Nano,
    /// What it cost.
    pub price: Nano,
    /// The number of pictures to edit.
    pub inputs: u32,
}

impl Overrun {
    /// The part of the price that is above the configured worst case.
    pub fn excess(self) -> Nano {
        Nano(self.price.0.saturating_sub(self.configured.0))
    }
}

/// The answer of a Job that is asked to close because its lease has ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Closing {
    /// The job's bill.
    Bill(Bill),
    /// The Job cannot read its record, so it does not know what it spent.
    Unreadable,
}

/// The confirmation of a bill.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Booked {
    /// The amount that was charged.
    pub charged: Nano,
    /// What the visitor has left.
    pub allowance: Allowance,
}

impl Booked {
    /// The confirmation that a Job assumes if the Ledger has deleted the reservation: its own charge, and an empty
    /// allowance.
    pub fn forgotten(bill: &Bill, now: Timestamp) -> Self {
        Self {
            charged: bill.charged,
            allowance: Allowance { remaining: 0, limit: 0, resets_at: now },
        }
    }
}

impl Bill {
    /// The number of pictures that arrived.
    pub fn came(&self) -> u32 {
        u32::try_from(self.pictures.len()).unwrap_or(u32::MAX)
    }

    /// The number of pictures that failed with this problem.
    pub fn failed_as(&self, kind: ProblemKind) -> u32 {
        self.failed.iter().find(|(other, _)| *other == kind).map_or(0, |(_, count)| *count)
    }

    /// The bill of a job that was never created and never will be.
    pub fn nothing(job: String) -> Self {
        Self {
            job,
            charged: Nano::ZERO,
            unknown: Nano::ZERO,
            pictures: Vec::new(),
            failed: Vec::new(),
            faults: 0,
            cause: None,
            cancelled: 0,
            model: String::new(),
            other_model: false,
            strike: false,
            counted: 0,
            took_ms: None,
            overrun: None,
        }
    }
}
