//! The time of day; no other module of this crate reads it.
//!
//! Owns reading the system clock, or in wasm the time that the caller states. Must not be used to measure durations:
//! that is `runtime::Instant`.

use contract::time::Timestamp;

/// The time now.
#[cfg(not(target_arch = "wasm32"))]
#[expect(
    clippy::disallowed_methods,
    reason = "the gateway stamps its answers with the time of day"
)]
pub(crate) fn now() -> Timestamp {
    use std::time::{SystemTime, UNIX_EPOCH};
    let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp(u64::try_from(since_1970.as_millis()).unwrap_or(u64::MAX))
}

/// The time that the caller stated last.
#[cfg(target_arch = "wasm32")]
pub(crate) fn now() -> Timestamp {
    crate::runtime::stated_time()
}
