//! What an answer that is no 200 means: whose fault it is, and whether it costs.
//!
//! Owns the table of "Money and outcomes". Must not keep a word of what upstream said: a [`Reason`] is a word of ours.

mod gone;
mod table;
mod words;

use contract::problem::ProblemKind;
use serde::{Deserialize, Serialize};
use std::fmt;
use words::Words;

/// Bytes of an error's body that are read; what matters stands at its beginning.
pub const BODY_BYTES: usize = 64 * 1024;

/// Whose doing a failure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Blame {
    /// The visitor's description, which was refused: it counts towards a pause.
    Description,
    /// Upstream's: it counts towards the breaker.
    Upstream,
    /// Nobody's whom anything follows for.
    Nobody,
}

/// Why a request ended without a picture, for the log: one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// Moderation refused the description, or the picture that came of it.
    Moderation,
    /// A provider's terms forbid the description.
    Terms,
    /// The key is not valid (any more).
    Key,
    /// No money is left.
    Credits,
    /// The account is not allowed to do this.
    Account,
    /// Upstream has no such model (any more).
    ModelGone,
    /// A 403 that does not tell whether it is about the description or about the key.
    Forbidden,
    /// There is nothing at the address.
    NotFound,
    /// Upstream cannot read the request.
    Request,
    /// Upstream asks for patience.
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

/// What became of one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is asked for by itself")]
pub struct Refusal {
    /// What the visitor is told.
    pub kind: ProblemKind,
    /// Whether upstream proved that it did no work.
    pub refund: bool,
    /// Whether the same request may be sent again.
    pub again: bool,
    /// Whose doing it is.
    pub blame: Blame,
    /// Whether upstream has no such model: the next configured one may be asked.
    pub model_gone: bool,
    /// Whether it is not yet known whose doing it is: the site's Ledger is asked (see [`Refusal::decided`]), and this is
    /// what it comes to if the Ledger does not answer.
    pub undecided: bool,
    /// Why.
    pub reason: Reason,
}

/// What the site's Ledger found out about a 403 that does not say what it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Verdict {
    /// The key works, so the 403 was about this description.
    Description,
    /// The key is dead.
    Key,
    /// Too many others met the same, or nothing was found out: it blames nobody.
    Nobody,
}

const fn refunded(kind: ProblemKind, reason: Reason) -> Refusal {
    Refusal {
        kind,
        refund: true,
        again: false,
        blame: Blame::Nobody,
        model_gone: false,
        undecided: false,
        reason,
    }
}

/// The description was refused.
const fn refused(reason: Reason) -> Refusal {
    Refusal { blame: Blame::Description, ..refunded(ProblemKind::PromptRefused, reason) }
}

impl Refusal {
    /// The same once the Ledger has answered about a 403 that was undecided; nothing: it did not.
    #[must_use]
    pub fn decided(self, verdict: Option<Verdict>) -> Self {
        match verdict {
            _ if !self.undecided => self,
            Some(Verdict::Description) => refused(self.reason),
            Some(Verdict::Key) => refunded(ProblemKind::GatewayRefused, Reason::Key),
            Some(Verdict::Nobody) | None => Self { undecided: false, ..self },
        }
    }
}

/// Reads an answer by its status and the beginning of its body; `model` is the name that was asked for, as it stood on
/// the wire. Only an HTTP answer that says so proves that no work was done: every status that is not named here is spent.
pub fn read(status: u16, body: &[u8], model: &str) -> Refusal {
    use ProblemKind::{Busy, GatewayFailed, GatewayRefused, Misconfigured};
    let words = Words::of(body, model);
    match status {
        400 | 403 | 422 if words.moderation => {
            refused(if words.terms { Reason::Terms } else { Reason::Moderation })
        }
        400 | 403 | 404 | 422 if words.model_gone => {
            Refusal { model_gone: true, ..refunded(Misconfigured, Reason::ModelGone) }
        }
        400 | 403 | 422 if words.is_bare_user_error() => refused(Reason::Moderation),
        // Before the account: where several providers were tried, one of them has read the description.
        403 if words.terms => refused(Reason::Terms),
        400 | 403 | 429 if words.billing => refunded(GatewayRefused, Reason::Credits),
        401 => refunded(GatewayRefused, Reason::Key),
        402 => refunded(GatewayRefused, Reason::Credits),
        403 if words.account => refunded(GatewayRefused, Reason::Account),
        403 => Refusal { undecided: true, ..refunded(GatewayFailed, Reason::Forbidden) },
        // What upstream cannot read is the description, as far as anybody can tell.
        400 | 413 | 415 | 422 => {
            Refusal { blame: Blame::Description, ..refunded(GatewayFailed, Reason::Request) }
        }
        404 => refunded(Misconfigured, Reason::NotFound),
        405 => refunded(GatewayFailed, Reason::Request),
        429 => Refusal { again: true, ..refunded(Busy, Reason::Later) },
        503 => Refusal { again: true, blame: Blame::Upstream, ..refunded(Busy, Reason::Later) },
        500.. => {
            let fault = refunded(GatewayFailed, Reason::Fault);
            Refusal { refund: false, blame: Blame::Upstream, ..fault }
        }
        _ => Refusal { refund: false, ..refunded(GatewayFailed, Reason::Fault) },
    }
}

/// Reads an error that came in the middle of a stream, behind a 200. That is no proof of no work; only moderation that
/// spoke before the first picture is taken as the refusal that it is.
pub(super) fn in_stream(text: &[u8], saw_picture: bool) -> Refusal {
    let words = Words::of(text, "");
    if words.moderation || words.is_bare_user_error() {
        return Refusal { refund: !saw_picture, ..refused(Reason::Moderation) };
    }
    let spent = |kind, reason| Refusal { refund: false, ..refunded(kind, reason) };
    if words.billing {
        return spent(ProblemKind::GatewayRefused, Reason::Credits);
    }
    Refusal { blame: Blame::Upstream, ..spent(ProblemKind::GatewayFailed, Reason::Fault) }
}

#[cfg(test)]
mod tests;
