//! Warnings for the operator in `/healthz`.
//!
//! Owns the cache, which holds the gateway's answers for ten minutes, and the timeouts. Must not spend money, and must
//! not fail: without the gateway's answer there is no warning from it.
//!
//! Decision: docs/decisions/2026-11-29-warnings-are-fetched-rarely.md.

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

/// All warnings.
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
    // Requests during the fetch use this entry instead of asking the gateway too.
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
    // One request after the other: if the gateway does not answer the first, the second is not sent.
    let models = upstream::get_text(call.env, gateway, catalogue::MODELS, false, PATIENCE_MS).await;
    if let Some((200, body)) = models {
        status.ends = catalogue::ends(&body);
        let credits = upstream::get_text(call.env, gateway, credits, true, PATIENCE_MS).await;
        status.balance = credits.and_then(|(_, body)| catalogue::balance(&body));
    }
    status
}
