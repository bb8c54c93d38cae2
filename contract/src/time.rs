//! Points in time: RFC 3339 in UTC in JSON, milliseconds since 1970 in memory.
//!
//! Owns the calendar by which the days and months of a budget are counted. Must not read any clock.

use crate::{options::UnknownVariant, text::serde_as_text};
use core::{fmt, str::FromStr};

/// The milliseconds of a UTC day.
pub const DAY_MS: u64 = 86_400_000;

/// Milliseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp(pub u64);

/// A UTC day, in JSON `2026-11-22`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(u32);

impl Timestamp {
    /// The time `ms` milliseconds later; it saturates.
    #[must_use]
    pub const fn plus(self, ms: u64) -> Self {
        Self(self.0.saturating_add(ms))
    }

    /// Milliseconds from `earlier` to this; 0 if that is not earlier.
    pub const fn since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }

    /// The UTC day that contains this time.
    pub fn day(self) -> Day {
        // `u32::MAX` days are 11 million years. A later time counts as that last day.
        Day(u32::try_from(self.0 / DAY_MS).unwrap_or(u32::MAX))
    }
}

impl Day {
    /// The day `number` days after 1970-01-01.
    pub const fn from_number(number: u32) -> Self {
        Self(number)
    }

    /// Days since 1970-01-01.
    pub const fn number(self) -> u32 {
        self.0
    }

    /// The first moment of this day.
    pub const fn start(self) -> Timestamp {
        Timestamp(self.0 as u64 * DAY_MS)
    }

    /// The first moment of the next day.
    pub const fn end(self) -> Timestamp {
        Timestamp((self.0 as u64 + 1) * DAY_MS)
    }

    /// Year, month 1–12 and day 1–31 in the proleptic Gregorian calendar.
    #[expect(clippy::cast_possible_truncation, reason = "4 billion days are 11 million years")]
    pub const fn civil(self) -> (u32, u32, u32) {
        // Howard Hinnant's `civil_from_days`, on eras of 400 years that begin on 1 March.
        let shifted = self.0 as u64 + 719_468;
        let era = shifted / 146_097;
        let day_of_era = shifted % 146_097;
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
        let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
        let year = year_of_era + era * 400 + if month <= 2 { 1 } else { 0 };
        (year as u32, month as u32, day as u32)
    }

    /// The day with this date; `None` if the date does not exist or is before 1970.
    pub fn from_civil(year: u32, month: u32, day: u32) -> Option<Self> {
        let (shifted_year, shifted_month) =
            if month > 2 { (year, month - 3) } else { (year.checked_sub(1)?, month + 9) };
        let (era, year_of_era) = (u64::from(shifted_year / 400), u64::from(shifted_year % 400));
        let day_of_year = (153 * u64::from(shifted_month) + 2) / 5 + u64::from(day.checked_sub(1)?);
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        let found = Self(u32::try_from((era * 146_097 + day_of_era).checked_sub(719_468)?).ok()?);
        (found.civil() == (year, month, day)).then_some(found)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.civil();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (second, ms) = (self.0 / 1000, self.0 % 1000);
        let (hour, minute, second) = (second / 3600 % 24, second / 60 % 60, second % 60);
        write!(f, "{}T{hour:02}:{minute:02}:{second:02}.{ms:03}Z", self.day())
    }
}

/// Reads exactly this many digits.
fn digits(text: &str, length: usize) -> Option<u32> {
    (text.len() == length && text.bytes().all(|b| b.is_ascii_digit()))
        .then(|| text.parse().ok())
        .flatten()
}

impl FromStr for Day {
    type Err = UnknownVariant;

    fn from_str(text: &str) -> Result<Self, UnknownVariant> {
        let mut parts = text.split('-');
        let mut next =
            |length| parts.next().and_then(|part| digits(part, length)).ok_or(UnknownVariant);
        let (year, month, day) = (next(4)?, next(2)?, next(2)?);
        if parts.next().is_some() || !(1..=12).contains(&month) {
            return Err(UnknownVariant);
        }
        Self::from_civil(year, month, day).ok_or(UnknownVariant)
    }
}

impl FromStr for Timestamp {
    type Err = UnknownVariant;

    /// Reads the form that `Display` writes, with or without milliseconds, and no other form of RFC 3339.
    fn from_str(text: &str) -> Result<Self, UnknownVariant> {
        let (day, time) =
            text.strip_suffix('Z').and_then(|text| text.split_once('T')).ok_or(UnknownVariant)?;
        let (clock, ms) = time.split_once('.').unwrap_or((time, "000"));
        let mut parts = clock.split(':');
        let mut next = || parts.next().and_then(|part| digits(part, 2)).ok_or(UnknownVariant);
        let (hour, minute, second) = (next()?, next()?, next()?);
        let ms = digits(ms, 3).ok_or(UnknownVariant)?;
        if parts.next().is_some() || hour > 23 || minute > 59 || second > 59 {
            return Err(UnknownVariant);
        }
        let seconds = hour * 3600 + minute * 60 + second;
        Ok(day.parse::<Day>()?.start().plus(u64::from(seconds) * 1000 + u64::from(ms)))
    }
}

serde_as_text!(Timestamp);
serde_as_text!(Day);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_back() {
        for (ms, text) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (1_795_343_999_999, "2026-11-22T10:39:59.999Z"),
            (4_102_444_800_000, "2100-01-01T00:00:00.000Z"),
        ] {
            assert_eq!(Timestamp(ms).to_string(), text);
            assert_eq!(text.parse(), Ok(Timestamp(ms)));
        }
        assert_eq!("2026-11-22T10:39:59Z".parse(), Ok(Timestamp(1_795_343_999_000)));
    }

    #[test]
    fn every_day_of_four_centuries_reads_back() {
        for number in 0..146_097 {
            let day = Day::from_number(number);
            let (year, month, date) = day.civil();
            assert_eq!(Day::from_civil(year, month, date), Some(day));
        }
    }

    #[test]
    fn dates_that_do_not_exist_are_refused() {
        for bad in [
            "2026-02-29",
            "2026-13-01",
            "2026-00-10",
            "2026-04-31",
            "1969-12-31",
            "2026-1-1",
            "2026-11-22-1",
            "+026-11-22",
        ] {
            assert_eq!(bad.parse::<Day>(), Err(UnknownVariant), "{bad}");
        }
    }
}
