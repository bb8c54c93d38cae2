//! What later calls meet: a storm, a prompt that was seen before, a fault for everybody, what is said of the credits.
//!
//! Owns that memory. Must not know what the faults do.

use crate::{fault::Fault, scripted_response::ScriptedResponse, settings::Credits};
use hyper::StatusCode;
use std::{
    collections::HashSet,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
};

/// What a storm answers, in turn.
const STORM: [StatusCode; 3] =
    [StatusCode::INTERNAL_SERVER_ERROR, StatusCode::BAD_GATEWAY, StatusCode::GATEWAY_TIMEOUT];

/// What is remembered between calls.
#[derive(Debug, Default)]
pub(crate) struct FaultState {
    storm: AtomicU32,
    seen: Mutex<HashSet<String>>,
    global_fault: Mutex<Option<&'static Fault>>,
    credits: Mutex<Credits>,
}

impl FaultState {
    /// Lets a storm begin that lasts for so many calls, this one among them.
    pub(crate) fn begin_storm(&self, calls: u32) {
        self.storm.store(calls, Ordering::Relaxed);
    }

    /// What a call gets while there is a storm.
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

    /// Whether nobody has asked so before.
    pub(crate) fn is_first(&self, what: String) -> bool {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).insert(what)
    }

    /// Sets what strikes every call that names no fault of its own.
    pub(crate) fn set_global_fault(&self, fault: Option<&'static Fault>) {
        *self.global_fault.lock().unwrap_or_else(PoisonError::into_inner) = fault;
    }

    /// Sets what `GET /v1/credits` answers.
    pub(crate) fn answer_credits(&self, credits: Credits) {
        *self.credits.lock().unwrap_or_else(PoisonError::into_inner) = credits;
    }

    /// What `GET /v1/credits` answers.
    pub(crate) fn credits(&self) -> Credits {
        *self.credits.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What strikes a call with this prompt.
    pub(crate) fn fault(&self, prompt: &str) -> Option<&'static Fault> {
        let global_fault = || *self.global_fault.lock().unwrap_or_else(PoisonError::into_inner);
        Fault::in_prompt(prompt).or_else(global_fault)
    }
}
