//! Looks at the gateway and at the key, each one free request: whether the gateway is back after the breaker opened, and
//! whether a 403 that does not say so is about the key.
//!
//! Owns these requests and the patience with them. Must not spend anything, and must not decide what follows.

use super::inner::Inner;
use crate::{clock, upstream};
use engine::{
    gateway::{catalogue, refusal::ForbiddenCause},
    ledger::{
        breaker::Why,
        forbidden::{self, Finding, Key},
    },
};
use std::time::Duration;
use worker::{Delay, Result};

/// Patience with it: the visitor whose request it was waits as long.
const PATIENCE_MS: u32 = 5_000;
/// Between two questions whether somebody's look at the key is over.
const AGAIN_MS: u64 = 200;

/// Whether the gateway answers; after it refused the key or the account, whether there is money behind it.
pub(super) async fn gateway(inner: &Inner, why: Why) -> bool {
    if why == Why::Refused {
        return key(inner).await == Key::Alive;
    }
    let Some(setup) = inner.setup() else { return false };
    let gateway = &setup.config.gateway;
    let (path, with_key) = gateway.dialect.probe;
    let told = upstream::get_text(inner.env(), gateway, path, with_key, PATIENCE_MS).await;
    matches!(told, Some((200, _)))
}

/// What a 403 that does not say what it is about comes to, for a job that has met it.
pub(super) async fn forbidden(inner: &Inner, job: &str) -> Result<ForbiddenCause> {
    loop {
        match inner.step(|book| forbidden::met(book, job, clock::now()))? {
            Finding::Decided(verdict) => return Ok(verdict),
            Finding::Look => {
                let key = key(inner).await;
                return inner.step(|book| forbidden::looked(book, key, clock::now()));
            }
            // The book bounds this: a look that is lost is not waited for.
            Finding::Wait => Delay::from(Duration::from_millis(AGAIN_MS)).await,
        }
    }
}

/// Whether the key is good and there is money behind it, by the call that tells of credits where there is one.
async fn key(inner: &Inner) -> Key {
    let Some(setup) = inner.setup() else { return Key::Unknown };
    let gateway = &setup.config.gateway;
    let credits = gateway.dialect.credits;
    let path = credits.unwrap_or(catalogue::MODELS);
    match upstream::get_text(inner.env(), gateway, path, true, PATIENCE_MS).await {
        Some((status, body)) => Key::read(status, &body, credits.is_some()),
        None => Key::Unknown,
    }
}
