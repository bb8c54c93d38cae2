//! Money as people read it. `Display` tells every digit that a nano-dollar has.

use super::digits::digits;
use contract::money::Nano;

/// From here on an amount is told in whole cents.
const TEN_CENTS: u64 = 100_000_000;

/// An amount of dollars: cents from ten cents on, below that two figures, so that no price reads as nothing.
pub(crate) fn dollars(Nano(nano): Nano) -> String {
    let (mut unit, mut above) = (TEN_CENTS / 10, TEN_CENTS);
    while nano < above && unit > 1 {
        (unit, above) = (unit / 10, unit);
    }
    let rounded = nano.saturating_add(unit / 2) / unit * unit;
    // The 1 in front keeps the fraction's zeros.
    let mut fraction = digits(Nano::USD.0 + rounded % Nano::USD.0);
    while fraction.len() > "1.00".len() - 1 && fraction.ends_with('0') {
        fraction.pop();
    }
    fraction.replace_range(..1, ".");
    ["$", &digits(rounded / Nano::USD.0), &fraction].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_price_reads_as_what_it_is() {
        for (usd, text) in [
            ("0", "$0.00"),
            ("0.000000001", "$0.000000001"),
            ("0.0000123", "$0.000012"),
            ("0.00221", "$0.0022"),
            ("0.005", "$0.005"),
            ("0.011034", "$0.011"),
            ("0.0996", "$0.10"),
            ("0.168555", "$0.17"),
            ("0.2", "$0.20"),
            ("0.995", "$1.00"),
            ("12.5", "$12.50"),
            ("1234.567", "$1234.57"),
            ("18446744073.709551615", "$18446744073.70"),
        ] {
            assert_eq!(dollars(usd.parse().unwrap()), text, "{usd}");
        }
    }

    #[test]
    fn no_price_reads_as_nothing() {
        for nano in (1..2_000_000).step_by(77) {
            let text = dollars(Nano(nano));
            assert!(text.contains(|digit: char| ('1'..='9').contains(&digit)), "{nano}: {text}");
        }
    }
}
