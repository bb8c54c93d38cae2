//! The one place that reads the calendar: which UTC day it is.

use contract::time::{DAY_MS, Day, Timestamp};
use std::time::{SystemTime, UNIX_EPOCH};

/// Today, in UTC; the first day of 1970 on a machine without a clock.
#[expect(clippy::disallowed_methods, reason = "a host tool; warnings depend on the real date")]
pub fn today() -> Day {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp(since.as_secs() * 1000 / DAY_MS * DAY_MS).day()
}
