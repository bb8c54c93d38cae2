//! The edge's clock.
//!
//! Owns the only reading of time. In production it stands still between I/O.

use contract::time::Timestamp;

/// Now.
pub(crate) fn now() -> Timestamp {
    Timestamp(worker::Date::now().as_millis())
}
