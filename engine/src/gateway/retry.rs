//! When a request that upstream put off is sent again.
//!
//! Owns `Retry-After` and the number of tries. Must not wait.

use contract::time::Timestamp;

/// Times that a picture's request is sent again, at most.
const TRIES: u8 = 2;
/// Nobody is asked again sooner.
const LEAST_MS: u64 = 1_000;

/// When to send again, having been put off `before` times already. Nothing: no further try, or too late for the job.
pub fn next(
    before: u8,
    retry_after: Option<&str>,
    now: Timestamp,
    deadline: Timestamp,
) -> Option<Timestamp> {
    if before >= TRIES {
        return None;
    }
    let unsaid = if before == 0 { 5_000 } else { 15_000 };
    let wait = retry_after.and_then(seconds).map_or(unsaid, |seconds| seconds.saturating_mul(1000));
    let at = now.plus(wait.max(LEAST_MS));
    (at < deadline).then_some(at)
}

/// Whole seconds.
fn seconds(text: &str) -> Option<u64> {
    let text = text.trim();
    text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_000_000);

    fn wait(before: u8, header: Option<&str>) -> Option<u64> {
        next(before, header, NOW, NOW.plus(300_000)).map(|at| at.since(NOW))
    }

    #[test]
    fn upstream_says_how_long_and_at_most_twice() {
        assert_eq!(wait(0, Some("7")), Some(7_000));
        assert_eq!(wait(1, Some(" 7 ")), Some(7_000));
        assert_eq!(wait(2, Some("7")), None);
        assert_eq!(wait(0, Some("0")), Some(1_000));
    }

    #[test]
    fn what_is_missing_or_unreadable_is_5_then_15_seconds() {
        for header in
            [None, Some(""), Some("soon"), Some("-1"), Some("1.5"), Some("99999999999999999999")]
        {
            assert_eq!(
                (wait(0, header), wait(1, header)),
                (Some(5_000), Some(15_000)),
                "{header:?}"
            );
        }
    }

    #[test]
    fn what_would_pass_the_jobs_time_is_not_waited_for() {
        assert_eq!(wait(0, Some("299")), Some(299_000));
        assert_eq!(wait(0, Some("300")), None);
    }
}
