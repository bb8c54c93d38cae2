//! Probes of the gateway and checks of the key, one free request each: whether the gateway works again after the
//! breaker opened, and whether an undecided 403 is about the key.
//!
//! Owns these requests and their timeout. Must not spend money, and must not decide what follows.

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

/// How long a probe waits. The visitor whose request triggered it waits for as long.
const PATIENCE_MS: u32 = 5_000;
/// The interval at which a job asks whether another job's check of the key is over.
const AGAIN_MS: u64 = 200;

/// Whether the gateway answers; if it had refused the key or the account, whether the account has credits.
pub(super) async fn gateway(inner: &Inner, why: Why) -> bool {
    if why == Why::Refused {
        return key(inner).await == Key::Alive;
    }
    let Some(setup) = inner.setup() else { return false };
    let gateway = &setup.config.gateway;
    let (path, with_key) = gateway.dialect.probe;
    let response = upstream::get_text(inner.env(), gateway, path, with_key, PATIENCE_MS).await;
    matches!(response, Some((200, _)))
}

/// The cause of an undecided 403, for a job that has met one.
pub(super) async fn forbidden(inner: &Inner, job: &str) -> Result<ForbiddenCause> {
    loop {
        match inner.step(|book| forbidden::met(book, job, clock::now()))? {
            Finding::Decided(verdict) => return Ok(verdict),
            Finding::Look => {
                let key = key(inner).await;
                return inner.step(|book| forbidden::looked(book, key, clock::now()));
            }
            // The engine bounds the loop: a check that is lost is not waited for.
            Finding::Wait => Delay::from(Duration::from_millis(AGAIN_MS)).await,
        }
    }
}

/// Checks the key by the call that returns the remaining credits, or by the list of models if the gateway has no such
/// call.
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
