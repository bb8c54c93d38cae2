//! The state of faults between calls: a storm, the prompts seen so far, the fault of all calls, and the response of
//! `GET /v1/credits`.
//!
//! Owns that state. Must not know what the faults do.

use crate::{fault::Fault, scripted_response::ScriptedResponse, settings::Credits};
use hyper::StatusCode;
use std::{
    collections::HashSet,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
};

/// The statuses of a storm, which it sends in turn.
const STORM: [StatusCode; 3] =
    [StatusCode::INTERNAL_SERVER_ERROR, StatusCode::BAD_GATEWAY, StatusCode::GATEWAY_TIMEOUT];

/// The state of faults between calls.
#[derive(Debug, Default)]
pub(crate) struct FaultState {
    storm: AtomicU32,
    seen: Mutex<HashSet<String>>,
    global_fault: Mutex<Option<&'static Fault>>,
    credits: Mutex<Credits>,
}

impl FaultState {
    /// Begins a storm that lasts for this many calls, including the current one.
    pub(crate) fn begin_storm(&self, calls: u32) {
        self.storm.store(calls, Ordering::Relaxed);
    }

    /// The response to a call during a storm; `None` if there is no storm.
    pub(crate) fn storm(&self) -> Option<ScriptedResponse> {
        let calm = |left: u32| left.checked_sub(1);
        let left = self.storm.fetch_update(Ordering::Relaxed, Ordering::Relaxed, calm).ok()?;
        let status = STORM[left as usize % STORM.len()];
        Some(ScriptedResponse::new(
            status,
            "text/plain; charset=utf-8",
            "The upstream is not well.\n",
        ))
    }

    /// Whether this is the first call with this key; remembers the key.
    pub(crate) fn is_first(&self, what: String) -> bool {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).insert(what)
    }

    /// Sets the fault of all calls that name none in their prompt.
    pub(crate) fn set_global_fault(&self, fault: Option<&'static Fault>) {
        *self.global_fault.lock().unwrap_or_else(PoisonError::into_inner) = fault;
    }

    /// Sets the response of `GET /v1/credits`.
    pub(crate) fn answer_credits(&self, credits: Credits) {
        *self.credits.lock().unwrap_or_else(PoisonError::into_inner) = credits;
    }

    /// The response of `GET /v1/credits`.
    pub(crate) fn credits(&self) -> Credits {
        *self.credits.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The fault of a call with this prompt.
    pub(crate) fn fault(&self, prompt: &str) -> Option<&'static Fault> {
        let global_fault = || *self.global_fault.lock().unwrap_or_else(PoisonError::into_inner);
        Fault::in_prompt(prompt).or_else(global_fault)
    }
}
