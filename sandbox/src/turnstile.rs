//! A stand-in for Cloudflare Turnstile, beside the gateway: the widget's script, its tokens, and `siteverify`.
//!
//! Owns the tokens and how `siteverify` misbehaves. Must not know who asks, nor touch the gateway's books.

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

/// Where it lives, under the sandbox's origin.
pub(crate) const SITEVERIFY: &str = "/turnstile/v0/siteverify";
/// The widget's script.
pub(crate) const SCRIPT: &str = "/turnstile/v0/api.js";
/// Where the script fetches its tokens. The real one has no such address: its frames talk in secret.
pub(crate) const TOKEN: &str = "/turnstile/v0/token";

/// What the stand-in remembers.
#[derive(Debug)]
pub(crate) struct Turnstile {
    tokens: Mutex<Tokens>,
    fault: Mutex<Option<SiteverifyFault>>,
}

impl Turnstile {
    /// No tokens yet; each will be valid for `life`.
    pub(crate) fn new(life: Duration) -> Self {
        Self { tokens: Mutex::new(Tokens::new(life)), fault: Mutex::new(None) }
    }

    /// Mints a token that was solved `token.age` ago.
    pub(crate) fn mint(&self, token: ChallengeToken) -> String {
        self.tokens().mint(token)
    }

    /// From now on `siteverify` fails so, or not at all.
    pub(crate) fn fail(&self, fault: Option<SiteverifyFault>) {
        *self.fault.lock().unwrap_or_else(PoisonError::into_inner) = fault;
    }

    /// How this call fails. A fault that strikes once is over then.
    fn next_fault(&self) -> Option<SiteverifyFault> {
        let mut fault = self.fault.lock().unwrap_or_else(PoisonError::into_inner);
        let current = *fault;
        if current == Some(SiteverifyFault::InternalErrorOnce) {
            *fault = None;
        }
        current
    }

    fn tokens(&self) -> MutexGuard<'_, Tokens> {
        // Each change is one assignment: a panic elsewhere leaves nothing half-written.
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
