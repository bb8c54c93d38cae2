//! The one place that reads the calendar.

use contract::time::{Day, Timestamp};
use std::time::{SystemTime, UNIX_EPOCH};

/// Now; the first moment of 1970 on a machine without a clock.
#[expect(
    clippy::disallowed_methods,
    reason = "a host tool; days and warnings depend on the real date"
)]
pub fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp(u64::try_from(since.as_millis()).unwrap_or(0))
}

/// Today, in UTC.
pub fn today() -> Day {
    now().day()
}
