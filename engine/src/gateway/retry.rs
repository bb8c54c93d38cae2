//! Computes when to retry a request after upstream asked to wait.
//!
//! Owns `Retry-After` and the number of retries. Must not wait.

use contract::time::Timestamp;
use std::time::UNIX_EPOCH;

/// The most retries of a picture's request.
const MAX_RETRIES: u8 = 2;
/// The shortest wait before a retry, in milliseconds.
const MIN_WAIT_MS: u64 = 1_000;

/// The time of the next try after `before` earlier retries. `None` if there is no further try, or if it would come after
/// the job's deadline.
pub fn retry_at(
    before: u8,
    retry_after: Option<&str>,
    now: Timestamp,
    deadline: Timestamp,
) -> Option<Timestamp> {
    if before >= MAX_RETRIES {
        return None;
    }
    let default_ms = if before == 0 { 5_000 } else { 15_000 };
    let wait_ms =
        retry_after.and_then(|text| parse_retry_after(text.trim(), now)).unwrap_or(default_ms);
    let at = now.plus(wait_ms.max(MIN_WAIT_MS));
    (at < deadline).then_some(at)
}

/// Reads `Retry-After`, which is a number of seconds or a date, as milliseconds to wait.
fn parse_retry_after(text: &str, now: Timestamp) -> Option<u64> {
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

    fn wait_ms(before: u8, header: Option<&str>) -> Option<u64> {
        retry_at(before, header, NOW, NOW.plus(300_000)).map(|at| at.since(NOW))
    }

    #[test]
    fn upstream_says_how_long_and_at_most_twice() {
        assert_eq!(wait_ms(0, Some("7")), Some(7_000));
        assert_eq!(wait_ms(1, Some(" 7 ")), Some(7_000));
        assert_eq!(wait_ms(2, Some("7")), None);
        assert_eq!(wait_ms(0, Some("0")), Some(1_000));
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
            assert_eq!(wait_ms(0, Some(header)), Some(ms), "{header}");
        }
        assert_eq!(wait_ms(0, Some("Fri, 31 Dec 9999 23:59:59 GMT")), None);
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
                (wait_ms(0, header), wait_ms(1, header)),
                (Some(5_000), Some(15_000)),
                "{header:?}"
            );
        }
    }

    #[test]
    fn what_would_pass_the_jobs_time_is_not_waited_for() {
        assert_eq!(wait_ms(0, Some("299")), Some(299_000));
        assert_eq!(wait_ms(0, Some("300")), None);
    }
}
