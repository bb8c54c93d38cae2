//! The outcome of a picture's request.
//!
//! Owns its forms. Must not book anything: the record does.

use crate::gateway::{cause::Cause, refusal::Blame};
use contract::{money::Nano, problem::ProblemKind};

/// How the request of one picture ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The picture is ready, and the response is over. The price is `None` if upstream named none.
    Ready(Option<Nano>),
    /// The picture failed.
    Failed {
        /// The problem that the visitor sees.
        kind: ProblemKind,
        /// Whether upstream proved that it did no work.
        refund: bool,
        /// Who caused the failure.
        blame: Blame,
        /// What upstream did, for the operator.
        cause: Option<Cause>,
    },
}

impl Outcome {
    /// A failure that upstream caused.
    pub const fn fault(kind: ProblemKind, cause: Cause) -> Self {
        Self::Failed { kind, refund: false, blame: Blame::Upstream, cause: Some(cause) }
    }

    /// A failure without cost that nobody is blamed for.
    pub const fn refunded(kind: ProblemKind) -> Self {
        Self::Failed { kind, refund: true, blame: Blame::Nobody, cause: None }
    }
}
