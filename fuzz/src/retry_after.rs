//! `Retry-After`.
//!
//! Owns the promises: nobody is asked again too soon or too late, and dates say what they were written for.

use contract::time::{Day, Timestamp};
use engine::gateway::retry;

/// Holds for any bytes: how often, now, the deadline, a header.
pub fn check(data: &[u8]) {
    let Some((&[before, when @ ..], header)) = data.split_first_chunk::<13>() else { return };
    let number = |bytes: &[u8]| bytes.iter().fold(0u64, |n, &b| n << 8 | u64::from(b));
    // Until the year 9999, which is the last that HTTP can write.
    let now = Timestamp(number(&when[..6]) % 253_402_300_800_000);
    let deadline = now.plus(number(&when[6..9]));
    let header = str::from_utf8(header).ok();
    let next = retry::retry_at(before, header, now, deadline);
    if let Some(at) = next {
        assert!(before < 2, "at most twice");
        assert!(at.since(now) >= 1_000, "not too soon");
        assert!(at < deadline, "not too late");
    }
    let padded = header.map(|text| format!(" {text}\t"));
    assert_eq!(
        retry::retry_at(before, padded.as_deref(), now, deadline),
        next,
        "space means nothing"
    );
    dates(now, Timestamp(now.0.saturating_add(number(&when[9..])) / 1000 * 1000));
}

/// A date in each form leads to its time.
fn dates(now: Timestamp, at: Timestamp) {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    const DAYS: [&str; 7] =
        ["Thursday", "Friday", "Saturday", "Sunday", "Monday", "Tuesday", "Wednesday"];
    let day: Day = at.day();
    let (year, month, date) = day.civil();
    if year > 9999 {
        return;
    }
    let (month, name) = (MONTHS[month as usize - 1], DAYS[day.number() as usize % 7]);
    let short = &name[..3];
    let seconds = at.since(day.start()) / 1000;
    let clock = format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    let forms = [
        format!("{short}, {date:02} {month} {year:04} {clock} GMT"),
        format!("{name}, {date:02}-{month}-{:02} {clock} GMT", year % 100),
        format!("{short} {month} {date:2} {clock} {year:04}"),
    ];
    let expected = now.plus(at.since(now).max(1_000));
    for form in forms {
        let found = retry::retry_at(0, Some(&form), now, Timestamp(u64::MAX));
        assert_eq!(found, Some(expected), "{form}");
    }
}
