//! Money as whole nano-dollars, with checked arithmetic and without floats.
//!
//! Owns parsing, printing, adding and the price of tokens. Must not know caps, sites or models.

use crate::text::serde_as_text;
use core::{fmt, str::FromStr};

/// An amount of US dollars, in nano-dollars (10⁹ are one dollar). In JSON it is a decimal string of dollars.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Nano(pub u64);

/// The text is not a valid amount: it is negative, not a number, or above 18 billion dollars.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidAmount;

impl Nano {
    /// No money.
    pub const ZERO: Self = Self(0);
    /// One dollar.
    pub const USD: Self = Self(1_000_000_000);

    /// The sum; `None` if it overflows.
    pub const fn checked_add(self, other: Self) -> Option<Self> {
        match self.0.checked_add(other.0) {
            Some(sum) => Some(Self(sum)),
            None => None,
        }
    }

    /// The difference; `None` if it is negative.
    pub const fn checked_sub(self, other: Self) -> Option<Self> {
        match self.0.checked_sub(other.0) {
            Some(difference) => Some(Self(difference)),
            None => None,
        }
    }

    /// This amount `count` times; `None` if it overflows.
    pub const fn checked_mul(self, count: u64) -> Option<Self> {
        match self.0.checked_mul(count) {
            Some(product) => Some(Self(product)),
            None => None,
        }
    }
}

/// A price per million tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PerMillion(pub Nano);

impl PerMillion {
    /// The price of `tokens`, rounded up to a whole nano-dollar; `None` if it overflows.
    pub fn cost(self, tokens: u64) -> Option<Nano> {
        let nano = (u128::from(self.0.0) * u128::from(tokens)).div_ceil(1_000_000);
        u64::try_from(nano).ok().map(Nano)
    }
}

impl fmt::Display for Nano {
    /// Writes dollars as the shortest decimal: `0.00221`, `1`, `12.5`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, mut fraction) = (self.0 / Self::USD.0, self.0 % Self::USD.0);
        write!(f, "{whole}")?;
        if fraction == 0 {
            return Ok(());
        }
        let mut width = 9;
        while fraction.is_multiple_of(10) {
            fraction /= 10;
            width -= 1;
        }
        write!(f, ".{fraction:0width$}")
    }
}

impl FromStr for Nano {
    type Err = InvalidAmount;

    /// Reads dollars as a JSON number writes them: `0.00221`, `2.21e-3`. Fractions of a nano-dollar are rounded up, so
    /// that a price is never too low.
    fn from_str(text: &str) -> Result<Self, InvalidAmount> {
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, read_exponent(exponent)?),
            None => (text, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
        if whole.is_empty() || fraction.is_empty() {
            return Err(InvalidAmount);
        }
        // The value is `digits` × 10^scale nano-dollars.
        let mut digits: u128 = 0;
        let mut scale = 9i64.saturating_add(exponent);
        let mut dropped = false;
        for (byte, fractional) in
            whole.bytes().map(|b| (b, false)).chain(fraction.bytes().map(|b| (b, true)))
        {
            if !byte.is_ascii_digit() {
                return Err(InvalidAmount);
            }
            let digit = u128::from(byte - b'0');
            if digits > u128::MAX / 100 {
                // After 36 digits, a further digit matters only for rounding: was anything nonzero dropped?
                dropped |= digit != 0;
                scale = scale.saturating_add(i64::from(!fractional));
            } else {
                digits = digits * 10 + digit;
                scale = scale.saturating_sub(i64::from(fractional));
            }
        }
        if digits == 0 {
            return Ok(Self::ZERO);
        }
        while scale > 0 {
            digits = digits.checked_mul(10).ok_or(InvalidAmount)?;
            scale -= 1;
        }
        while scale < 0 && digits != 0 {
            dropped |= !digits.is_multiple_of(10);
            digits /= 10;
            scale += 1;
        }
        u64::try_from(digits + u128::from(dropped)).map(Self).map_err(|_| InvalidAmount)
    }
}

/// Reads an exponent. One that does not fit `i64` is replaced by a large one with the same effect.
fn read_exponent(text: &str) -> Result<i64, InvalidAmount> {
    let (negative, digits) = match text.as_bytes() {
        [b'-', ..] => (true, text.get(1..)),
        [b'+', ..] => (false, text.get(1..)),
        _ => (false, Some(text)),
    };
    let digits = digits
        .filter(|d| !d.is_empty() && d.bytes().all(|b| b.is_ascii_digit()))
        .ok_or(InvalidAmount)?;
    let size = digits.parse().unwrap_or(i64::from(i32::MAX));
    Ok(if negative { -size } else { size })
}

serde_as_text!(Nano);

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<u64>) {
        assert_eq!(text.parse::<Nano>().ok(), expected.map(Nano), "{text}");
    }

    #[test]
    fn amounts_are_read_without_floats() {
        check("0", Some(0));
        check("1", Some(1_000_000_000));
        check("0.00221", Some(2_210_000));
        check("0.168555", Some(168_555_000));
        check("2.21e-3", Some(2_210_000));
        check("221E-5", Some(2_210_000));
        check("1e+1", Some(10_000_000_000));
        check("0.1e1", Some(1_000_000_000));
        check("18446744073.709551615", Some(u64::MAX));
    }

    #[test]
    fn what_is_finer_than_a_nano_dollar_rounds_up() {
        check("0.0000000001", Some(1));
        check("0.0000000010", Some(1));
        check("0.00000000101", Some(2));
        check("1e-400", Some(1));
        check("0e-400", Some(0));
        check("0.0000000000000000000000000000000000000000000000000000000001", Some(1));
    }

    #[test]
    fn what_is_no_amount_is_refused() {
        for bad in [
            "",
            "-1",
            "-0",
            "+1",
            ".5",
            "5.",
            "1.2.3",
            "1e",
            "1e+",
            "NaN",
            "inf",
            "1_0",
            " 1",
            "0x1",
            "18446744073.709551616",
            "1e400",
            "1e99999999999999999999",
        ] {
            check(bad, None);
        }
    }

    #[test]
    fn amounts_are_written_as_the_shortest_decimal() {
        for (nano, text) in [
            (0, "0"),
            (1, "0.000000001"),
            (2_210_000, "0.00221"),
            (1_000_000_000, "1"),
            (12_500_000_000, "12.5"),
        ] {
            assert_eq!(Nano(nano).to_string(), text);
        }
    }

    #[test]
    fn tokens_times_price_is_what_the_gateway_books() {
        // A recorded edit of a picture: 4160 × $40/M + 194 × $10/M + 43 × $5/M.
        let price = |usd: &str, tokens| PerMillion(usd.parse().unwrap()).cost(tokens).unwrap().0;
        assert_eq!(
            Nano(price("40", 4160) + price("10", 194) + price("5", 43)).to_string(),
            "0.168555"
        );
        assert_eq!(price("0.0000001", 1), 1, "a part of a nano-dollar is a whole one");
    }
}
