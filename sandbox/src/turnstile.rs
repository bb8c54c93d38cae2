//! A stand-in for Cloudflare Turnstile: the widget's script, its tokens, and `siteverify`.
//!
//! Owns the tokens and the faults of `siteverify`. Must not know who calls, nor write to the gateway's books.

mod form_fields;
mod siteverify;
mod tokens;
mod widget;

pub use siteverify::SiteverifyFault;
pub use tokens::ChallengeToken;

pub(crate) use siteverify::siteverify;
pub(crate) use widget::{script, token};

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokens::Tokens;

/// The path of `siteverify`.
pub(crate) const SITEVERIFY: &str = "/turnstile/v0/siteverify";
/// The path of the widget's script.
pub(crate) const SCRIPT: &str = "/turnstile/v0/api.js";
/// The path from which the script fetches its tokens. Cloudflare has no such public path.
pub(crate) const TOKEN: &str = "/turnstile/v0/token";

/// The state of the stand-in.
#[derive(Debug)]
pub(crate) struct Turnstile {
    tokens: Mutex<Tokens>,
    fault: Mutex<Option<SiteverifyFault>>,
}

impl Turnstile {
    /// Without tokens. Each token will be valid for `life`.
    pub(crate) fn new(life: Duration) -> Self {
        Self { tokens: Mutex::new(Tokens::new(life)), fault: Mutex::new(None) }
    }

    /// Issues a token for a challenge that was solved `token.age` ago.
    pub(crate) fn mint(&self, token: ChallengeToken) -> String {
        self.tokens().mint(token)
    }

    /// Makes `siteverify` fail in this way, or no longer.
    pub(crate) fn fail(&self, fault: Option<SiteverifyFault>) {
        *self.fault.lock().unwrap_or_else(PoisonError::into_inner) = fault;
    }

    /// The fault of this call. A fault that applies once is removed.
    fn next_fault(&self) -> Option<SiteverifyFault> {
        let mut fault = self.fault.lock().unwrap_or_else(PoisonError::into_inner);
        let current = *fault;
        if current == Some(SiteverifyFault::InternalErrorOnce) {
            *fault = None;
        }
        current
    }

    fn tokens(&self) -> MutexGuard<'_, Tokens> {
        // A poisoned lock can be used: each change is one assignment, so that a panic leaves nothing half-written.
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
