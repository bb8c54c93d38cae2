//! Why a picture failed, in words that the operator may read.
//!
//! Owns a closed list: it reaches the log and the alerts. Must not hold anything that upstream wrote.

use super::refusal::Reason;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Why a picture failed by upstream's fault, or because the key or the account was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Cause {
    /// An answer that is not a picture.
    Answer {
        /// Its HTTP status.
        status: u16,
        /// What it means.
        reason: Reason,
    },
    /// An error inside a stream of events, whose status of 200 says nothing.
    InStream {
        /// What it means.
        reason: Reason,
    },
    /// The request had no answer.
    NoAnswer,
    /// The answer was cut off.
    Cut,
    /// The answer is not one that this program can read, or its picture is invalid.
    Unreadable,
    /// No byte came for too long.
    Stalled,
    /// The job's time was over.
    Late,
    /// The picture could not be stored: the fault is the platform's.
    NotStored,
}

impl Cause {
    /// The HTTP status, if there was one that is not a success.
    pub const fn status(self) -> Option<u16> {
        match self {
            Self::Answer { status, .. } => Some(status),
            _ => None,
        }
    }

    /// Its word in the log.
    pub const fn word(self) -> &'static str {
        match self {
            Self::InStream { reason: Reason::Fault } => "stream-error",
            Self::Answer { reason, .. } | Self::InStream { reason } => reason.word(),
            Self::NoAnswer => "no-answer",
            Self::Cut => "cut",
            Self::Unreadable => "unreadable",
            Self::Stalled => "stalled",
            Self::Late => "late",
            Self::NotStored => "not-stored",
        }
    }
}

/// For a person: the status, if there was one, and the word.
impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(status) = self.status() {
            write!(f, "HTTP {status}, ")?;
        }
        f.write_str(self.word())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_in_a_stream_has_a_word_and_no_status() {
        let told = |cause: Cause| (cause.status(), cause.word(), cause.to_string());
        let (fault, credits) = (Reason::Fault, Reason::Credits);
        assert_eq!(
            told(Cause::Answer { status: 502, reason: fault }),
            (Some(502), "fault", "HTTP 502, fault".to_owned())
        );
        assert_eq!(
            told(Cause::InStream { reason: fault }),
            (None, "stream-error", "stream-error".to_owned())
        );
        assert_eq!(
            told(Cause::InStream { reason: credits }),
            (None, "credits", "credits".to_owned())
        );
    }
}
