//! The calendar: the only module that reads the machine's clock for a date. Must not format anything.

use contract::time::{Day, Timestamp};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The current time; the first moment of 1970 if the machine's clock is before that.
pub fn now() -> Timestamp {
    Timestamp(u64::try_from(since_1970().as_millis()).unwrap_or(0))
}

/// The current time at the full resolution of the machine's clock.
#[expect(
    clippy::disallowed_methods,
    reason = "a host tool; days and warnings depend on the real date"
)]
pub fn since_1970() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}

/// The current day in UTC.
pub fn today() -> Day {
    now().day()
}
