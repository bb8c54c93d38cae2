//! The one place that reads the calendar.

use contract::time::{Day, Timestamp};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Now; the first moment of 1970 on a machine without a clock.
pub fn now() -> Timestamp {
    Timestamp(u64::try_from(since_1970().as_millis()).unwrap_or(0))
}

/// The same, as exactly as the machine tells it.
#[expect(
    clippy::disallowed_methods,
    reason = "a host tool; days and warnings depend on the real date"
)]
pub fn since_1970() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}

/// Today, in UTC.
pub fn today() -> Day {
    now().day()
}
