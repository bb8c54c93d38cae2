//! What an operator should do something about.
//!
//! Owns the ten minutes for which an instance keeps what the gateway has told, and the patience with it. Must not spend
//! anything, and must not fail: what is not told is not warned of.

use super::Call;
use crate::{clock, upstream};
use contract::time::Timestamp;
use engine::gateway::catalogue::{self, Told};
use std::cell::RefCell;

const KEPT_MS: u64 = 600_000;
const PATIENCE_MS: u32 = 3_000;

thread_local! {
    static KEPT: RefCell<Option<(Timestamp, Told)>> = const { RefCell::new(None) };
}

/// All of them, in the operator's words.
pub(super) async fn all(call: &Call<'_>) -> Vec<String> {
    let now = clock::now();
    let warnings = |told: &Told| call.setup.config.warnings(now.day(), told);
    let fresh = |kept: &Option<(Timestamp, Told)>| match kept {
        Some((at, told)) if now.since(*at) < KEPT_MS => Some(warnings(told)),
        _ => None,
    };
    if let Some(warnings) = KEPT.with_borrow(fresh) {
        return warnings;
    }
    // Whoever asks meanwhile does not ask once more.
    KEPT.set(Some((now, Told::default())));
    let told = told(call).await;
    let warnings = warnings(&told);
    KEPT.set(Some((now, told)));
    warnings
}

async fn told(call: &Call<'_>) -> Told {
    let gateway = &call.setup.config.gateway;
    let Some(credits) = gateway.dialect.credits else { return Told::default() };
    let mut told = Told::default();
    // One after the other: a gateway that does not answer the first is not asked the second.
    let models = upstream::look(call.env, gateway, catalogue::MODELS, false, PATIENCE_MS).await;
    if let Some((200, body)) = models {
        told.ends = catalogue::ends(&body);
        let credits = upstream::look(call.env, gateway, credits, true, PATIENCE_MS).await;
        told.balance = credits.and_then(|(_, body)| catalogue::balance(&body));
    }
    told
}
