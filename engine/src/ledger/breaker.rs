//! The breaker: while the gateway only fails, no request of a visitor reaches it.
//!
//! Owns when the breaker opens, and that one probe decides whether it closes. Must not probe: the edge does.

use super::{
    Bill, Book, Refused,
    forbidden::{self, Key},
};
use contract::{health, problem::ProblemKind, time::Timestamp};
use serde::{Deserialize, Serialize};

/// The breaker opens after this many pictures in a row that failed by upstream's fault.
const FAULTS: u32 = 5;
/// How long the breaker is open before the gateway is probed.
const OPEN_MS: u64 = 30_000;

/// The state of the breaker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Breaker {
    /// All requests may pass.
    Closed {
        /// How many pictures in a row have failed by upstream's fault.
        faults: u32,
    },
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

/// Why the breaker opened, and so what the probe has to find out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Why {
    /// The gateway failed several times in a row. The probe finds out whether it answers at all.
    Faults,
    /// The gateway refused the key or the account. The probe finds out whether the account has credits.
    Refused,
}

impl Default for Breaker {
    fn default() -> Self {
        Self::Closed { faults: 0 }
    }
}

impl Breaker {
    /// The state in the form of `/healthz`.
    pub const fn health_state(self) -> health::Breaker {
        match self {
            Self::Closed { .. } => health::Breaker::Closed,
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
    let (ready_at, why) = match book.breaker()? {
        Breaker::Closed { .. } => return Ok(Pass::Free),
        Breaker::Open { until, why } => (until, why),
        Breaker::Probing { since, why } => (since.plus(OPEN_MS), why),
    };
    if now >= ready_at {
        book.set_breaker(Breaker::Probing { since: now, why })?;
        return Ok(Pass::Probe(why));
    }
    let kind = match why {
        Why::Faults => ProblemKind::Busy,
        Why::Refused => ProblemKind::GatewayRefused,
    };
    Ok(Pass::Stopped(Refused { kind, limit: None, resets_at: Some(ready_at) }))
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

/// Updates the breaker by a job's bill. An open breaker stays open: only its probe closes it.
pub(super) fn update<B: Book>(book: &mut B, bill: &Bill, now: Timestamp) -> Result<(), B::Error> {
    if bill.came() > 0 {
        forbidden::picture_came(book)?;
    }
    let Breaker::Closed { faults } = book.breaker()? else { return Ok(()) };
    let open = |why| Breaker::Open { until: now.plus(OPEN_MS), why };
    let so_far = if bill.came() > 0 { 0 } else { faults.saturating_add(bill.faults) };
    let next = if refuses(bill) {
        open(Why::Refused)
    } else if so_far >= FAULTS {
        open(Why::Faults)
    } else {
        Breaker::Closed { faults: so_far }
    };
    if next == (Breaker::Closed { faults }) { Ok(()) } else { book.set_breaker(next) }
}
