//! What the Worker and the Jobs ask of a Ledger, and what it answers.
//!
//! Owns the messages between the objects. Must not hold rules.

use super::breaker::Why;
use crate::wire::{reads, variants, writes};
use contract::{
    money::Nano,
    options::{Quality, Size},
    problem::ProblemKind,
    session::Allowance,
    time::Timestamp,
};

/// Who is counted: a session and the network that it comes from.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Visitor {
    /// The session's subject.
    pub subject: String,
    /// See [`crate::network::of`].
    pub network: String,
}

/// Asks for the worst case of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reserve {
    /// The job's id.
    pub job: String,
    /// The idempotency key within its scope.
    pub key: String,
    /// Tells requests apart.
    pub fingerprint: String,
    /// Who asks.
    pub visitor: Visitor,
    /// Pictures of the job.
    pub pictures: u32,
    /// The most that all of them may cost.
    pub worst: Nano,
    /// What is made, for the times that it takes.
    pub size: Size,
    /// See `size`.
    pub quality: Quality,
}

/// What a reservation came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reserved {
    /// Go ahead.
    Granted {
        /// Nothing may start after it.
        lease_ends: Timestamp,
        /// What such a job has taken.
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
            Self::Refused(refused) if refused.kind == ProblemKind::BudgetSpent => ask.worst,
            _ => Nano::ZERO,
        }
    }
}

/// Why a reservation is refused, and when one may be granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refused {
    /// Whose limit it is.
    pub kind: ProblemKind,
    /// When at least one more picture becomes possible, if that can be told.
    pub resets_at: Option<Timestamp>,
}

/// What opening a session came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opened {
    /// It is counted; what the visitor may do.
    Counted(Allowance),
    /// The network has opened too many.
    Refused(Refused),
}

/// What taking a challenge's token came to, before anybody is asked about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// Nobody has shown it before.
    Fresh,
    /// Somebody has: it opens nothing.
    Spent,
    /// The network has opened too many sessions.
    Refused(Refused),
}

/// Asks for more than was reserved, before a dearer model is tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Raise {
    /// The job's id.
    pub job: String,
    /// The most that all of its pictures may now cost.
    pub worst: Nano,
}

/// What a raise came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Raised {
    /// It is reserved.
    Granted,
    /// It would pass a cap; the reservation stays as it was.
    Refused,
}

/// What a job came to. Sent until it is confirmed; only the first one counts.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
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
    /// The model that was asked last.
    pub model: String,
    /// Whether the description was refused: that counts towards the visitor's pause.
    pub strike: bool,
    /// Pictures that count against the visitor.
    pub counted: u32,
    /// How long it took, if it may serve as an expectation.
    pub took_ms: Option<u64>,
}

/// A bill that is booked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
            strike: false,
            counted: 0,
            took_ms: None,
        }
    }
}

reads!(Visitor { subject, network });
writes!(Visitor { subject, network });
reads!(Reserve { job, key, fingerprint, visitor, pictures, worst, size, quality });
writes!(Reserve { job, key, fingerprint, visitor, pictures, worst, size, quality });
variants!(Reserved {
    Granted { lease_ends, expected_ms, allowance },
    Known { job, same, lease_ends, expected_ms, allowance },
    Refused(refused),
    Probe(why),
});
reads!(Refused { kind, resets_at });
writes!(Refused { kind, resets_at });
variants!(Opened { Counted(allowance), Refused(refused) });
variants!(Taken { Fresh, Spent, Refused(refused) });
reads!(Raise { job, worst });
writes!(Raise { job, worst });
variants!(Raised { Granted, Refused });
reads!(Bill {
    job,
    charged,
    unknown,
    pictures,
    failed,
    faults,
    cancelled,
    model,
    strike,
    counted,
    took_ms
});
writes!(Bill {
    job,
    charged,
    unknown,
    pictures,
    failed,
    faults,
    cancelled,
    model,
    strike,
    counted,
    took_ms
});
reads!(Booked { charged, allowance });
writes!(Booked { charged, allowance });
