//! Keeps a test within one UTC day: limits, shares, hashes of networks and books count by it.
//!
//! Owns the wait for the next day. Must not set a clock: an edge whose clock a test sets has its own days.

use contract::time::{DAY_MS, Timestamp};
use std::time::Duration;
use tokio::time::sleep;
use xtask::clock;

/// How long a test runs at most, also on a machine that does much else, unless its [`Setup`](crate::studio::Setup) says
/// more.
pub const USUAL: Duration = Duration::from_mins(4);

/// Waits for the next day, if less than this time is left of the present one.
pub async fn has_left(time: Duration) {
    if let Some(wait) = until_next(clock::now(), time) {
        eprintln!(
            "waits for the next UTC day, which begins in {wait:?}: the test may run {time:?}"
        );
        sleep(wait).await;
    }
}

fn until_next(now: Timestamp, time: Duration) -> Option<Duration> {
    let left = Duration::from_millis(DAY_MS - now.0 % DAY_MS);
    (left < time).then_some(left)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_begins_on_the_day_on_which_it_ends() {
        let wait = |now: &str, seconds| {
            until_next(now.parse().expect("a time"), Duration::from_secs(seconds))
        };
        assert_eq!(wait("2028-02-29T23:58:00Z", 120), None);
        assert_eq!(wait("2028-02-29T23:58:00.001Z", 120), Some(Duration::from_millis(119_999)));
        assert_eq!(wait("2028-02-29T23:59:59.999Z", 1), Some(Duration::from_millis(1)));
        assert_eq!(wait("2028-03-01T00:00:00Z", 120), None);
    }
}
