//! What an operator should do something about.
//!
//! Owns the ten minutes for which an instance keeps what the gateway has told, and the patience with it. Must not spend
//! anything, and must not fail: what is not told is not warned of.

use super::Call;
use crate::{clock, upstream};
use contract::time::Timestamp;
use engine::gateway::catalogue::{self, GatewayStatus};
use std::cell::RefCell;

const KEPT_MS: u64 = 600_000;
const PATIENCE_MS: u32 = 3_000;

thread_local! {
    static KEPT: RefCell<Option<(Timestamp, GatewayStatus)>> = const { RefCell::new(None) };
}

/// All of them, in the operator's words.
pub(super) async fn all(call: &Call<'_>) -> Vec<String> {
    let now = clock::now();
    let warnings = |status: &GatewayStatus| call.setup.config.warnings(now.day(), status);
    let fresh = |kept: &Option<(Timestamp, GatewayStatus)>| match kept {
        Some((at, status)) if now.since(*at) < KEPT_MS => Some(warnings(status)),
        _ => None,
    };
    if let Some(warnings) = KEPT.with_borrow(fresh) {
        return warnings;
    }
    // Whoever asks meanwhile does not ask once more.
    KEPT.set(Some((now, GatewayStatus::default())));
    let status = fetch_status(call).await;
    let warnings = warnings(&status);
    KEPT.set(Some((now, status)));
    warnings
}

async fn fetch_status(call: &Call<'_>) -> GatewayStatus {
    let gateway = &call.setup.config.gateway;
    let Some(credits) = gateway.dialect.credits else { return GatewayStatus::default() };
    let mut status = GatewayStatus::default();
    // One after the other: a gateway that does not answer the first is not asked the second.
    let models = upstream::get_text(call.env, gateway, catalogue::MODELS, false, PATIENCE_MS).await;
    if let Some((200, body)) = models {
        status.ends = catalogue::ends(&body);
        let credits = upstream::get_text(call.env, gateway, credits, true, PATIENCE_MS).await;
        status.balance = credits.and_then(|(_, body)| catalogue::balance(&body));
    }
    status
}
