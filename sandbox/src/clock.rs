//! The time of day; no other module of this crate reads it.
//!
//! Owns reading the system clock. Must not be used to measure durations: use `tokio::time::Instant`.

use contract::time::Timestamp;
use std::time::{SystemTime, UNIX_EPOCH};

/// The time now.
#[expect(
    clippy::disallowed_methods,
    reason = "the gateway stamps its answers with the time of day, and this crate never runs in wasm"
)]
pub(crate) fn now() -> Timestamp {
    let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp(u64::try_from(since_1970.as_millis()).unwrap_or(u64::MAX))
}
