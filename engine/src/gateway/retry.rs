//! When a request that upstream put off is sent again.
//!
//! Owns `Retry-After` and the number of tries. Must not wait.

use contract::time::Timestamp;
use std::time::UNIX_EPOCH;

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
    let wait = retry_after.and_then(|text| said(text.trim(), now)).unwrap_or(unsaid);
    let at = now.plus(wait.max(LEAST_MS));
    (at < deadline).then_some(at)
}

/// Milliseconds to wait, from whole seconds or a date.
fn said(text: &str, now: Timestamp) -> Option<u64> {
    if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
        return text.parse::<u64>().ok().map(|seconds| seconds.saturating_mul(1000));
    }
    let at = httpdate::parse_http_date(text).ok()?.duration_since(UNIX_EPOCH).ok()?;
    Some(Timestamp(at.as_millis().try_into().ok()?).since(now))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-22T10:39:59Z.
    const NOW: Timestamp = Timestamp(1_795_343_999_000);

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
    fn upstream_may_say_when_instead() {
        for (header, ms) in [
            ("Sun, 22 Nov 2026 10:40:09 GMT", 10_000),
            ("Sunday, 22-Nov-26 10:40:09 GMT", 10_000),
            ("Sun Nov 22 10:40:09 2026", 10_000),
            ("Sun, 22 Nov 2026 10:39:59 GMT", 1_000),
            ("Sun, 06 Nov 1994 08:49:37 GMT", 1_000),
        ] {
            assert_eq!(wait(0, Some(header)), Some(ms), "{header}");
        }
        assert_eq!(wait(0, Some("Fri, 31 Dec 9999 23:59:59 GMT")), None);
    }

    #[test]
    fn what_is_missing_or_unreadable_is_5_then_15_seconds() {
        for header in [
            None,
            Some(""),
            Some("soon"),
            Some("-1"),
            Some("1.5"),
            Some("99999999999999999999"),
            Some("Sun, 22 Nov 2026 10:40:09 CET"),
            Some("Mon, 22 Nov 2026 10:40:09 GMT"),
            Some("Wed, 31 Dec 1969 23:59:59 GMT"),
            Some("Sat, 01 Jan 0000 00:00:00 GMT"),
            Some("Sun Nov 32 10:40:09 2026"),
            Some("Sonntag, 22-Nov-26 10:40:09 GMT"),
            Some("Sün, 22 Nov 2026 10:40:09 GMT"),
        ] {
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
