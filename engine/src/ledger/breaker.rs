//! The breaker: while the gateway only fails, no request of a visitor reaches it.
//!
//! Owns when the breaker opens, and that one probe decides whether it closes. Must not probe: the edge does.

use super::{
    Bill, Book, Refused, Visitor,
    forbidden::{self, Key, mark},
};
use crate::gateway::cause::Cause;
use contract::{health, problem::ProblemKind, time::Timestamp};
use serde::{Deserialize, Serialize};

/// The breaker opens after this many counted faults.
const FAULTS: usize = 5;
/// A network's faults count once within this time, so that no single network opens the breaker for the others.
const NETWORK_MS: u64 = 60_000;
/// A network is the only one if no other ordered within this time: then each of its jobs counts.
const ALONE_MS: u64 = 600_000;
/// How long the breaker is open before the gateway is probed.
const OPEN_MS: u64 = 30_000;

/// The state of the breaker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Breaker {
    /// All requests may pass.
    Closed(Faults),
    /// No request may pass.
    Open {
        /// After this time, one request is sent to probe.
        until: Timestamp,
        /// Why it opened.
        why: Why,
    },
    /// A probe was sent and has not reported yet.
    Probing {
        /// When the probe was sent. A probe that does not report is lost, and another one is sent after `OPEN_MS`.
        since: Timestamp,
        /// Why it opened.
        why: Why,
    },
}

/// The jobs that failed by upstream's fault since a picture last arrived. Every number is exact in JavaScript.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Faults {
    /// Jobs one after another that had such a failure and no picture.
    pub jobs: u32,
    /// The newest counted faults.
    pub counted: [Fault; FAULTS],
}

/// A counted fault of a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Fault {
    /// The network as a number; 0 is a free place.
    pub network: u64,
    /// When it was counted.
    pub at: Timestamp,
}

impl Faults {
    /// The same with one more failed job of this network.
    fn with(self, network: u64, now: Timestamp) -> Self {
        let Self { jobs, mut counted } = self;
        let is_recent =
            |fault: &Fault| fault.network == network && now.since(fault.at) < NETWORK_MS;
        if !counted.iter().any(is_recent) {
            counted.rotate_right(1);
            let [newest, ..] = &mut counted;
            *newest = Fault { network, at: now };
        }
        Self { jobs: jobs.saturating_add(1), counted }
    }

    /// Whether every place is taken, and not by one network alone.
    fn are_of_several_networks(&self) -> bool {
        self.counted.iter().all(|fault| fault.network != 0) && self.networks() > 1
    }

    /// The number of networks that have a counted fault.
    fn networks(&self) -> usize {
        let mut networks = self.counted.map(|fault| fault.network).to_vec();
        networks.sort_unstable();
        networks.dedup();
        networks.into_iter().filter(|&network| network != 0).count()
    }
}

/// Why the breaker opened, and so what the probe has to find out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Why {
    /// The gateway failed several times in a row. The probe finds out whether it answers at all.
    Faults,
    /// The gateway refused the key or the account. The probe finds out whether the account has credits.
    Refused,
}

/// What opened the breaker, for the log and the alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Opening {
    /// Why it opened.
    pub why: Why,
    /// The cause of the last failure. `None` if an earlier version sent the bill.
    pub cause: Option<Cause>,
    /// The number of networks that had a counted fault; 1 if the key was refused.
    pub networks: usize,
}

impl Opening {
    /// Its line in the log.
    pub fn line(&self) -> String {
        let why = match self.why {
            Why::Faults => "faults",
            Why::Refused => "refused",
        };
        let status = self.cause.and_then(Cause::status).unwrap_or(0);
        let word = self.cause.map_or("unknown", Cause::word);
        format!("breaker.opened why={why} status={status} reason={word} networks={}", self.networks)
    }
}

impl Default for Breaker {
    fn default() -> Self {
        Self::Closed(Faults::default())
    }
}

impl Breaker {
    /// The state in the form of `/healthz`.
    pub const fn health_state(self) -> health::Breaker {
        match self {
            Self::Closed(_) => health::Breaker::Closed,
            Self::Open { .. } => health::Breaker::Open,
            Self::Probing { .. } => health::Breaker::Probing,
        }
    }
}

/// Whether a visitor's request may pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pass {
    Free,
    /// The request is refused.
    Stopped(Refused),
    /// The caller has to probe the gateway first.
    Probe(Why),
}

/// Asks the breaker. After the open time, one of the callers is told to probe; the others are refused until it reports.
pub(super) fn pass<B: Book>(book: &mut B, now: Timestamp) -> Result<Pass, B::Error> {
    let Some((ready_at, why)) = open_until(book.breaker()?) else { return Ok(Pass::Free) };
    if now >= ready_at {
        book.set_breaker(Breaker::Probing { since: now, why })?;
        return Ok(Pass::Probe(why));
    }
    Ok(Pass::Stopped(stopped(ready_at, why)))
}

/// The refusal while the breaker is open, for a caller who reserves nothing yet and so must not probe.
pub(super) fn refusal<B: Book>(book: &B, now: Timestamp) -> Result<Option<Refused>, B::Error> {
    let open = open_until(book.breaker()?).filter(|(ready_at, _)| now < *ready_at);
    Ok(open.map(|(ready_at, why)| stopped(ready_at, why)))
}

/// When the next probe may be sent, and why the breaker opened; `None` if it is closed.
fn open_until(breaker: Breaker) -> Option<(Timestamp, Why)> {
    match breaker {
        Breaker::Closed(_) => None,
        Breaker::Open { until, why } => Some((until, why)),
        Breaker::Probing { since, why } => Some((since.plus(OPEN_MS), why)),
    }
}

fn stopped(ready_at: Timestamp, why: Why) -> Refused {
    let kind = match why {
        Why::Faults => ProblemKind::Busy,
        Why::Refused => ProblemKind::GatewayRefused,
    };
    Refused { kind, limit: None, resets_at: Some(ready_at) }
}

/// Records what the probe found out.
pub fn probed<B: Book>(book: &mut B, good: bool, now: Timestamp) -> Result<(), B::Error> {
    let Breaker::Probing { why, .. } = book.breaker()? else { return Ok(()) };
    let now = super::tick(book, now)?;
    if good && why == Why::Refused {
        // The stored finding may be "dead" from less than a minute ago; the probe is newer.
        forbidden::record_key(book, Key::Alive, now)?;
    }
    book.set_breaker(if good {
        Breaker::default()
    } else {
        Breaker::Open { until: now.plus(OPEN_MS), why }
    })
}

/// Whether a job shows that the gateway refuses the key or the account. A job of which a picture arrived does not: the
/// key works, although another picture of the job was refused.
pub(super) fn refuses(bill: &Bill) -> bool {
    bill.came() == 0 && bill.failed_as(ProblemKind::GatewayRefused) > 0
}

/// Updates the breaker by the bill of a visitor's job. An open breaker stays open: only its probe closes it. It opens by
/// faults of at least two networks, so that nobody can close the site for the others; where only one network orders, by as
/// many jobs one after another. All networks of a /48 count as one here. A bill without a fault never opens it. Returns what
/// opened it, if this bill did.
pub(super) fn update<B: Book>(
    book: &mut B,
    bill: &Bill,
    who: &Visitor,
    now: Timestamp,
) -> Result<Option<Opening>, B::Error> {
    if bill.came() > 0 {
        forbidden::picture_came(book)?;
    }
    let Breaker::Closed(known) = book.breaker()? else { return Ok(None) };
    let faults = match (bill.came(), bill.faults) {
        (0, 0) => known,
        (0, _) => known.with(mark(who.party()), now),
        _ => Faults::default(),
    };
    let alone = Timestamp(now.0.saturating_sub(ALONE_MS));
    let opening = |why, networks| Some(Opening { why, cause: bill.cause, networks });
    let opened = if refuses(bill) {
        opening(Why::Refused, 1)
    } else if faults != known
        && (faults.are_of_several_networks()
            || (faults.jobs as usize >= FAULTS && !book.others_ordered(who.party(), alone)?))
    {
        opening(Why::Faults, faults.networks())
    } else {
        None
    };
    match opened {
        Some(Opening { why, .. }) => {
            book.set_breaker(Breaker::Open { until: now.plus(OPEN_MS), why })?;
        }
        None if faults != known => book.set_breaker(Breaker::Closed(faults))?,
        None => {}
    }
    Ok(opened)
}
