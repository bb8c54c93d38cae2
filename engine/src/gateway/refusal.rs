//! The meaning of a response that is not a 200: who caused the failure, and whether the request must be paid.
//!
//! Owns the table from statuses and error codes to outcomes. Must not keep upstream's text: a [`Reason`] is a word of our
//! own.
//!
//! Decision: docs/decisions/2026-11-29-a-refusal-after-previews-is-spent.md.

mod error_body;
mod model_gone;
mod table;

use contract::problem::ProblemKind;
use error_body::ErrorFacts;
use serde::{Deserialize, Serialize};
use std::fmt;

/// How many bytes of an error's body are read: the codes and messages are at its beginning.
pub const BODY_BYTES: usize = 64 * 1024;

/// Who caused a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Blame {
    /// The visitor, whose prompt was refused. It counts towards the pause of visitors with many refusals.
    Description,
    /// Upstream. It counts towards the circuit breaker.
    Upstream,
    /// Neither of them: the failure is not counted.
    Nobody,
}

/// Why a request ended without a picture, for the log: one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// Moderation refused the prompt or the picture.
    Moderation,
    /// A provider's terms of service forbid the prompt.
    Terms,
    /// The key is invalid, or no longer valid.
    Key,
    /// The account has no credits left.
    Credits,
    /// The account has no permission for this.
    Account,
    /// Upstream has no such model, or no longer.
    ModelGone,
    /// A 403 that does not say whether it is about the prompt or about the key.
    Forbidden,
    /// A 404 that is not about the model: the URL is wrong.
    NotFound,
    /// Upstream finds the request invalid.
    Request,
    /// Upstream is overloaded and asks to try again later.
    Later,
    /// Upstream failed.
    Fault,
}

impl Reason {
    /// Its word in the log.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Moderation => "moderation",
            Self::Terms => "terms",
            Self::Key => "key",
            Self::Credits => "credits",
            Self::Account => "account",
            Self::ModelGone => "model-gone",
            Self::Forbidden => "forbidden",
            Self::NotFound => "not-found",
            Self::Request => "request",
            Self::Later => "later",
            Self::Fault => "fault",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// The outcome of a request that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is an independent property of the outcome")]
pub struct Refusal {
    /// The problem that the visitor sees.
    pub kind: ProblemKind,
    /// Whether the reservation is released, because upstream's response proves that it did no work.
    pub refund: bool,
    /// Whether the same request may be sent again.
    pub retryable: bool,
    /// Who caused it.
    pub blame: Blame,
    /// Whether upstream has no such model, so that the next configured one may be used.
    pub model_gone: bool,
    /// Whether it is unknown who caused it. The site's Ledger then decides (see [`Refusal::decided`]); the other members
    /// hold the outcome if the Ledger does not respond.
    pub undecided: bool,
    /// The reason, for the log.
    pub reason: Reason,
}

/// The Ledger's decision about a 403 that does not say whether it is about the prompt or about the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ForbiddenCause {
    /// The key works, so that the 403 is about the prompt.
    Description,
    /// The key does not work any more.
    Key,
    /// Unknown: too many other requests failed in the same way, or the test had no result.
    Nobody,
}

const fn refunded(kind: ProblemKind, reason: Reason) -> Refusal {
    Refusal {
        kind,
        refund: true,
        retryable: false,
        blame: Blame::Nobody,
        model_gone: false,
        undecided: false,
        reason,
    }
}

/// The prompt was refused, and nothing was charged.
const fn refused(reason: Reason) -> Refusal {
    Refusal { blame: Blame::Description, ..refunded(ProblemKind::PromptRefused, reason) }
}

impl Refusal {
    /// This outcome after the Ledger's decision about an undecided 403; `None` if the Ledger did not respond.
    #[must_use]
    pub fn decided(self, verdict: Option<ForbiddenCause>) -> Self {
        match verdict {
            _ if !self.undecided => self,
            Some(ForbiddenCause::Description) => refused(self.reason),
            Some(ForbiddenCause::Key) => refunded(ProblemKind::GatewayRefused, Reason::Key),
            Some(ForbiddenCause::Nobody) | None => Self { undecided: false, ..self },
        }
    }
}

/// Reads a response by its status and the beginning of its body; `model` is the model's name as the request wrote it.
/// Only an HTTP response can prove that no work was done: a status that is not listed here counts as spent.
pub fn read(status: u16, body: &[u8], model: &str) -> Refusal {
    use ProblemKind::{Busy, GatewayFailed, GatewayRefused, Misconfigured};
    let facts = ErrorFacts::of(body, model);
    match status {
        400 | 403 | 422 if facts.moderation => {
            refused(if facts.terms { Reason::Terms } else { Reason::Moderation })
        }
        400 | 403 | 404 | 422 if facts.model_gone => {
            Refusal { model_gone: true, ..refunded(Misconfigured, Reason::ModelGone) }
        }
        400 | 403 | 422 if facts.is_bare_user_error() => refused(Reason::Moderation),
        // This comes before the account: if several providers were tried, one of them has read the prompt.
        403 if facts.terms => refused(Reason::Terms),
        400 | 403 | 429 if facts.billing => refunded(GatewayRefused, Reason::Credits),
        401 => refunded(GatewayRefused, Reason::Key),
        402 => refunded(GatewayRefused, Reason::Credits),
        403 if facts.account => refunded(GatewayRefused, Reason::Account),
        403 => Refusal { undecided: true, ..refunded(GatewayFailed, Reason::Forbidden) },
        // Easel writes all of the request but the prompt, so that the prompt is the likeliest cause.
        400 | 413 | 415 | 422 => {
            Refusal { blame: Blame::Description, ..refunded(GatewayFailed, Reason::Request) }
        }
        404 => refunded(Misconfigured, Reason::NotFound),
        405 => refunded(GatewayFailed, Reason::Request),
        429 => Refusal { retryable: true, ..refunded(Busy, Reason::Later) },
        503 => Refusal { retryable: true, blame: Blame::Upstream, ..refunded(Busy, Reason::Later) },
        500.. => {
            let fault = refunded(GatewayFailed, Reason::Fault);
            Refusal { refund: false, blame: Blame::Upstream, ..fault }
        }
        _ => Refusal { refund: false, ..refunded(GatewayFailed, Reason::Fault) },
    }
}

/// Reads an error in a stream of events, after a status of 200. It does not prove that no work was done, so that the
/// request counts as spent, unless moderation refused it before the first picture.
pub(super) fn in_stream(text: &[u8], saw_picture: bool) -> Refusal {
    let facts = ErrorFacts::of(text, "");
    if facts.moderation || facts.is_bare_user_error() {
        return Refusal { refund: !saw_picture, ..refused(Reason::Moderation) };
    }
    let spent = |kind, reason| Refusal { refund: false, ..refunded(kind, reason) };
    if facts.billing {
        return spent(ProblemKind::GatewayRefused, Reason::Credits);
    }
    Refusal { blame: Blame::Upstream, ..spent(ProblemKind::GatewayFailed, Reason::Fault) }
}

#[cfg(test)]
mod tests;
