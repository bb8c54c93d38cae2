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
    let (path, with_key) = match why {
        Why::Faults => (catalogue::MODELS, false),
        Why::Refused => (catalogue::CREDITS, true),
    };
    let base_url = &setup.config.gateway.base_url;
    let answer = upstream::look(inner.env(), base_url, path, with_key, PATIENCE_MS).await;
    match (answer, why) {
        (Some((200, _)), Why::Faults) => true,
        (Some((200, body)), Why::Refused) => {
            catalogue::balance(&body).is_some_and(|balance| balance.0 > 0)
        }
        _ => false,
    }
}
