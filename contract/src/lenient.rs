//! Reading of words that only a newer edge sends.
//!
//! Owns what an old program in an open tab makes of them: a word that it does not know must not make the whole job
//! unreadable, because its pictures are paid for. Must not be used for what the edge itself reads.
//!
//! Decision: docs/decisions/2026-11-29-words-of-a-newer-edge.md.

use crate::{
    job::{JobState, PictureState},
    problem::{Limit, Problem, ProblemKind},
    time::Timestamp,
};
use alloc::string::String;
use core::str::FromStr;
use serde::{Deserialize, Deserializer};

/// Reads a word, and `None` where there is none or an unknown one.
pub fn known<'de, D: Deserializer<'de>, T: FromStr>(from: D) -> Result<Option<T>, D::Error> {
    Ok(Option::<String>::deserialize(from)?.and_then(|word| word.parse().ok()))
}

/// Reads an unknown state of a job as `running`: the job is asked for until it has a state that is known.
pub(crate) fn job_state<'de, D: Deserializer<'de>>(from: D) -> Result<JobState, D::Error> {
    Ok(known(from)?.unwrap_or(JobState::Running))
}

/// Reads an unknown state of a picture as `pending`. Whoever shows pictures shows one with a path all the same.
pub(crate) fn picture_state<'de, D: Deserializer<'de>>(from: D) -> Result<PictureState, D::Error> {
    Ok(known(from)?.unwrap_or(PictureState::Pending))
}

/// Reads the problem of a job or of a picture; one of an unknown kind as none.
pub(crate) fn problem<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Problem>, D::Error> {
    Ok(Option::<AnyProblem>::deserialize(from)?.and_then(AnyProblem::known))
}

/// A [`Problem`] of any kind.
#[derive(Deserialize)]
pub(crate) struct AnyProblem {
    #[serde(rename = "type")]
    uri: String,
    #[serde(deserialize_with = "known")]
    kind: Option<ProblemKind>,
    title: String,
    status: u16,
    detail: String,
    #[serde(default)]
    retry_after_seconds: Option<u64>,
    #[serde(default)]
    resets_at: Option<Timestamp>,
    #[serde(default, deserialize_with = "known")]
    limit: Option<Limit>,
    request_id: String,
}

impl TryFrom<AnyProblem> for Problem {
    type Error = &'static str;

    fn try_from(any: AnyProblem) -> Result<Self, &'static str> {
        any.known().ok_or("an unknown kind of problem")
    }
}

impl AnyProblem {
    fn known(self) -> Option<Problem> {
        Some(Problem {
            uri: self.uri,
            kind: self.kind?,
            title: self.title,
            status: self.status,
            detail: self.detail,
            retry_after_seconds: self.retry_after_seconds,
            resets_at: self.resets_at,
            limit: self.limit,
            request_id: self.request_id,
        })
    }
}
