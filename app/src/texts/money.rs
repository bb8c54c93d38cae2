//! Money as people read it: whole cents, rounded up.
//!
//! Owns the rounding. Must not hold a currency's sign: that is a text.

use contract::money::Nano;

/// A cent.
const CENT: u64 = 10_000_000;

/// The cents of an amount, rounded up; `None` for what is something, but less than one.
pub(super) fn cents(Nano(nano): Nano) -> Option<u64> {
    (nano == 0 || nano >= CENT).then(|| nano.div_ceil(CENT))
}

/// Cents as dollars, with this mark before the cents.
pub(super) fn dollars(cents: u64, point: &str) -> String {
    format!("{}{point}{:02}", cents / 100, cents % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_price_is_told_in_cents_and_never_as_less_than_it_is() {
        for (usd, text) in [
            ("0", Some("0.00")),
            ("0.000000001", None),
            ("0.00221", None),
            ("0.009999999", None),
            ("0.01", Some("0.01")),
            ("0.011034", Some("0.02")),
            ("0.0996", Some("0.10")),
            ("0.168555", Some("0.17")),
            ("0.2", Some("0.20")),
            ("0.995", Some("1.00")),
            ("12.5", Some("12.50")),
            ("1234.567", Some("1234.57")),
            ("18446744073.709551615", Some("18446744073.71")),
        ] {
            let told = cents(usd.parse().unwrap()).map(|cents| dollars(cents, "."));
            assert_eq!(told.as_deref(), text, "{usd}");
        }
    }
}
