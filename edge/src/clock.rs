//! The edge's clock.
//!
//! Owns the only reading of time. In production it stands still between I/O.

use contract::time::Timestamp;

/// A time as the runtime wants it.
#[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970 are far below 2^53")]
pub(crate) const fn number(at: Timestamp) -> f64 {
    at.0 as f64
}

/// Now.
pub(crate) fn now() -> Timestamp {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "whole milliseconds"
    )]
    Timestamp(js_sys::Date::now() as u64)
}
