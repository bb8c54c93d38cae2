//! Money: as the edge writes it, and as people read it.
//!
//! Owns both without what `contract`'s own reading and writing bring along: exponents, 128 bits, `fmt`.

use super::digits::digits;
use contract::money::Nano;

/// The amount that a text tells, if it is one as `Nano` writes them: at most nine digits after the point.
pub(crate) fn read(text: &str) -> Option<Nano> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let zeros = 9_usize.checked_sub(fraction.len())?;
    let mut digits = whole.bytes().chain(fraction.bytes()).chain(std::iter::repeat_n(b'0', zeros));
    let add = |nano: u64, byte: u8| {
        let digit = byte.is_ascii_digit().then(|| byte - b'0')?;
        nano.checked_mul(10)?.checked_add(digit.into())
    };
    digits.try_fold(0, add).map(Nano)
}

/// From here on an amount is told in whole cents.
const TEN_CENTS: u64 = 100_000_000;

/// An amount of dollars with this mark before the cents: cents from ten cents on, below that two figures, so that no price
/// reads as nothing.
pub(crate) fn dollars(Nano(nano): Nano, point: &str) -> String {
    let (mut unit, mut above) = (TEN_CENTS / 10, TEN_CENTS);
    while nano < above && unit > 1 {
        (unit, above) = (unit / 10, unit);
    }
    let rounded = nano.saturating_add(unit / 2) / unit * unit;
    let (mut fraction, mut one) = (rounded % Nano::USD.0, Nano::USD.0);
    while one > 100 && fraction.is_multiple_of(10) {
        (fraction, one) = (fraction / 10, one / 10);
    }
    // The 1 in front keeps the zeros behind it.
    let fraction = digits(one + fraction);
    [&digits(rounded / Nano::USD.0), point, fraction.get(1..).unwrap_or_default()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_price_reads_as_what_it_is() {
        for (usd, text) in [
            ("0", "0.00"),
            ("0.000000001", "0.000000001"),
            ("0.0000123", "0.000012"),
            ("0.00221", "0.0022"),
            ("0.005", "0.005"),
            ("0.011034", "0.011"),
            ("0.0996", "0.10"),
            ("0.168555", "0.17"),
            ("0.2", "0.20"),
            ("0.995", "1.00"),
            ("12.5", "12.50"),
            ("1234.567", "1234.57"),
            ("18446744073.709551615", "18446744073.70"),
        ] {
            assert_eq!(dollars(usd.parse().unwrap(), "."), text, "{usd}");
        }
    }

    #[test]
    fn what_the_edge_writes_is_read() {
        for nano in [0, 1, 2_210_000, 12_500_000_000, 1_000_000_000, u64::MAX] {
            assert_eq!(read(&Nano(nano).to_string()), Some(Nano(nano)));
        }
        for no_amount in ["1e-3", "-1", "0.1.2", "0.0000000001", "18446744073.709551616", "x"] {
            assert_eq!(read(no_amount), None, "{no_amount}");
        }
    }

    #[test]
    fn no_price_reads_as_nothing() {
        for nano in (1..2_000_000).step_by(77) {
            let text = dollars(Nano(nano), ".");
            assert!(text.contains(|digit: char| ('1'..='9').contains(&digit)), "{nano}: {text}");
        }
    }
}
