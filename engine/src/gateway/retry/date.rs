//! A point in time as HTTP writes it, in its three forms.
//!
//! Owns their grammar (RFC 9110, 5.6.7). Must not know what the time is for.

use contract::time::{Day, Timestamp};

const DAYS: [&str; 7] =
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Reads `Sun, 06 Nov 1994 08:49:37 GMT`, and the obsolete `Sunday, 06-Nov-94 08:49:37 GMT` and
/// `Sun Nov  6 08:49:37 1994`. A year of two digits is the one that lies at most 50 years ahead of `now`.
pub(super) fn read(text: &str, now: Timestamp) -> Option<Timestamp> {
    let Some((name, rest)) = text.split_once(',') else { return asctime(text) };
    let rest = rest.strip_prefix(' ')?.strip_suffix(" GMT")?;
    let (date, clock) = rest.rsplit_once(' ')?;
    let (separator, length) = if date.contains('-') { ('-', 2) } else { (' ', 4) };
    let mut parts = date.split(separator);
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let year = number(year, length)?;
    let year = if length == 2 {
        is_day(name, DAYS.iter().copied())?;
        full_year(year, now)?
    } else {
        is_day(name, short_days())?;
        year
    };
    point(year, month, number(day, 2)?, clock)
}

fn asctime(text: &str) -> Option<Timestamp> {
    let (name, rest) = text.split_once(' ')?;
    is_day(name, short_days())?;
    let (month, rest) = rest.split_once(' ')?;
    // A day of one digit has a second space before it.
    let (day, rest) = match rest.strip_prefix(' ') {
        Some(rest) => rest.split_once(' ').and_then(|(day, rest)| Some((number(day, 1)?, rest)))?,
        None => rest.split_once(' ').and_then(|(day, rest)| Some((number(day, 2)?, rest)))?,
    };
    let (clock, year) = rest.split_once(' ')?;
    point(number(year, 4)?, month, day, clock)
}

/// Whether it names a day of the week. Which one does not matter: the date says it.
fn is_day(name: &str, mut days: impl Iterator<Item = &'static str>) -> Option<()> {
    days.any(|day| day == name).then_some(())
}

fn short_days() -> impl Iterator<Item = &'static str> {
    DAYS.iter().filter_map(|day| day.get(..3))
}

/// The year that ends so and is at most 50 years ahead.
fn full_year(ending: u32, now: Timestamp) -> Option<u32> {
    let (this_year, _, _) = now.day().civil();
    let latest = this_year.checked_add(50)?;
    latest.checked_sub(latest.checked_sub(ending)?.checked_rem(100)?)
}

fn point(year: u32, month: &str, day: u32, clock: &str) -> Option<Timestamp> {
    let month = MONTHS.iter().zip(1..).find_map(|(&name, at)| (name == month).then_some(at))?;
    let mut parts = clock.split(':');
    let (hour, minute, second) =
        (number(parts.next()?, 2)?, number(parts.next()?, 2)?, number(parts.next()?, 2)?);
    // 60 is a leap second.
    if parts.next().is_some() || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let seconds = [(hour, 3600), (minute, 60), (second, 1)]
        .into_iter()
        .fold(0u64, |sum, (count, unit)| sum.saturating_add(u64::from(count).saturating_mul(unit)));
    Some(Day::from_civil(year, month, day)?.start().plus(seconds.saturating_mul(1000)))
}

/// Exactly so many digits.
fn number(text: &str, length: usize) -> Option<u32> {
    (text.len() == length && text.bytes().all(|b| b.is_ascii_digit()))
        .then(|| text.parse().ok())
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-22T10:39:59Z.
    const NOW: Timestamp = Timestamp(1_795_343_999_000);

    #[test]
    fn the_three_forms_say_the_same() {
        let expected = "1994-11-06T08:49:37Z".parse().ok();
        for text in [
            "Sun, 06 Nov 1994 08:49:37 GMT",
            "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun Nov  6 08:49:37 1994",
        ] {
            assert_eq!(read(text, NOW), expected, "{text}");
        }
        assert_eq!(read("Sun Nov 16 08:49:37 1994", NOW), "1994-11-16T08:49:37Z".parse().ok());
        assert_eq!(read("Sat, 31 Dec 2016 23:59:60 GMT", NOW), "2017-01-01T00:00:00Z".parse().ok());
        assert_eq!(read("Thu, 29 Feb 2024 00:00:00 GMT", NOW), "2024-02-29T00:00:00Z".parse().ok());
    }

    #[test]
    fn a_year_of_two_digits_lies_at_most_50_years_ahead() {
        for (ending, year) in
            [("26", 2026), ("27", 2027), ("76", 2076), ("77", 1977), ("99", 1999), ("00", 2000)]
        {
            let text = format!("Monday, 02-Feb-{ending} 00:00:00 GMT");
            let found = read(&text, NOW).map(|at| at.day().civil().0);
            assert_eq!(found, Some(year), "{text}");
        }
    }

    #[test]
    fn nothing_else_is_a_date() {
        for text in [
            "",
            ",",
            "Sun, 06 Nov 1994 08:49:37",
            "Sun, 06 Nov 1994 08:49:37 UTC",
            "Sun, 06 Nov 1994 08:49:37 +0000",
            "Sun,06 Nov 1994 08:49:37 GMT",
            "Sun, 6 Nov 1994 08:49:37 GMT",
            "Sun, 06 nov 1994 08:49:37 GMT",
            "Sunday, 06 Nov 1994 08:49:37 GMT",
            "Sun, 06-Nov-94 08:49:37 GMT",
            "Xyz, 06 Nov 1994 08:49:37 GMT",
            "Sun, 31 Nov 1994 08:49:37 GMT",
            "Sun, 00 Nov 1994 08:49:37 GMT",
            "Sun, 06 Nov 1969 08:49:37 GMT",
            "Sun, 06 Nov 1994 24:00:00 GMT",
            "Sun, 06 Nov 1994 08:60:00 GMT",
            "Sun, 06 Nov 1994 08:49:61 GMT",
            "Sun, 06 Nov 1994 08:49 GMT",
            "Sun, 06 Nov 1994 +8:49:37 GMT",
            "Sun, 06 Nov 19940 08:49:37 GMT",
            "Sun Nov 6 08:49:37 1994",
            "Sun Nov  06 08:49:37 1994",
            "Sun Nov  6 08:49:37 94",
            "2026-11-22T10:39:59Z",
        ] {
            assert_eq!(read(text, NOW), None, "{text}");
        }
    }
}
