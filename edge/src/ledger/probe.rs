//! The breaker's probe: one free request that tells whether the gateway is back.
//!
//! Owns what counts as back. Must not spend anything.

use super::inner::Inner;
use crate::upstream;
use engine::{gateway::catalogue, ledger::breaker::Why};

/// Patience with it: the visitor whose request it was waits as long.
const PATIENCE_MS: u32 = 5_000;

/// Whether the gateway answers; after it refused the key or the account, whether there is money behind it.
pub(super) async fn gateway(inner: &Inner, why: Why) -> bool {
    let Some(setup) = inner.setup() else { return false };
    let gateway = &setup.config.gateway;
    let credits = gateway.dialect.credits.filter(|_| why == Why::Refused);
    let (path, with_key) = credits.map_or(gateway.dialect.probe, |path| (path, true));
    match upstream::look(inner.env(), gateway, path, with_key, PATIENCE_MS).await {
        Some((200, body)) if credits.is_some() => {
            catalogue::balance(&body).is_some_and(|balance| balance.0 > 0)
        }
        Some((200, _)) => true,
        _ => false,
    }
}
