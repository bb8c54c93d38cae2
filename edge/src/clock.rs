//! The edge's clock.
//!
//! Owns the only reading of time. In production it stands still between I/O.

use contract::time::Timestamp;

/// A time as the runtime wants it.
pub(crate) fn date(at: Timestamp) -> js_sys::Date {
    #[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970 are far below 2^53")]
    js_sys::Date::new(&(at.0 as f64).into())
}

/// Now.
pub(crate) fn now() -> Timestamp {
    Timestamp(worker::Date::now().as_millis())
}
