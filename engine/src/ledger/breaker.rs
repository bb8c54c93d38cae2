//! The breaker: while the gateway only fails, nobody is let through to it.
//!
//! Owns when it opens, and that one probe decides whether it closes. Must not probe: the edge does.

use super::{
    Bill, Book, Refused,
    forbidden::{self, Key},
};
use contract::{health, problem::ProblemKind, time::Timestamp};
use serde::{Deserialize, Serialize};

/// Pictures in a row that end by upstream's fault before it opens.
const FAULTS: u32 = 5;
/// How long it is open before somebody looks.
const OPEN_MS: u64 = 30_000;

/// Where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Breaker {
    /// All may pass; so many pictures in a row have ended by upstream's fault.
    Closed {
        /// See above.
        faults: u32,
    },
    /// Nobody may pass until then.
    Open {
        /// Then one probe is made.
        until: Timestamp,
        /// Why it opened.
        why: Why,
    },
    /// A probe was sent then, and has not answered.
    Probing {
        /// A probe that has been lost is sent again after a while.
        since: Timestamp,
        /// Why it opened.
        why: Why,
    },
}

/// Why it opened, and so what has to be found out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Why {
    /// The gateway failed again and again: does it answer at all?
    Faults,
    /// The gateway refused the key or the account: is there money behind it?
    Refused,
}

impl Default for Breaker {
    fn default() -> Self {
        Self::Closed { faults: 0 }
    }
}

impl Breaker {
    /// As `/healthz` tells it.
    pub const fn told(self) -> health::Breaker {
        match self {
            Self::Closed { .. } => health::Breaker::Closed,
            Self::Open { .. } => health::Breaker::Open,
            Self::Probing { .. } => health::Breaker::Probing,
        }
    }
}

/// Whether a visitor may pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pass {
    Free,
    /// Not now.
    Stopped(Refused),
    /// Whoever asked has to probe first.
    Probe(Why),
}

/// Asks the breaker. Of all who ask after its time one is sent to probe.
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
    Ok(Pass::Stopped(Refused { kind, resets_at: Some(ready_at) }))
}

/// What a probe has found out.
pub fn probed<B: Book>(book: &mut B, good: bool, now: Timestamp) -> Result<(), B::Error> {
    let Breaker::Probing { why, .. } = book.breaker()? else { return Ok(()) };
    let now = super::tick(book, now)?;
    if good && why == Why::Refused {
        // It was found dead less than a minute ago, perhaps: that is over.
        forbidden::heard(book, Key::Alive, now)?;
    }
    book.set_breaker(if good {
        Breaker::default()
    } else {
        Breaker::Open { until: now.plus(OPEN_MS), why }
    })
}

/// Whether a job tells that the gateway refuses the key or the account. One that a picture came of does not: whatever
/// was refused beside it, the key works.
pub(super) fn refuses(bill: &Bill) -> bool {
    bill.came() == 0 && bill.failed_as(ProblemKind::GatewayRefused) > 0
}

/// What a job came to, as far as it tells of the gateway. One that is open stays so: its probe decides.
pub(super) fn heed<B: Book>(book: &mut B, bill: &Bill, now: Timestamp) -> Result<(), B::Error> {
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
