//! Numbers as people read them. `Display` would bring padding, signs and widths along.

/// A number in decimal digits.
pub(crate) fn digits(number: impl TryInto<u64>) -> String {
    decimal(number.try_into().unwrap_or(u64::MAX))
}

fn decimal(mut number: u64) -> String {
    let mut text = String::new();
    loop {
        let digit = char::from_digit((number % 10) as u32, 10);
        text.insert(0, digit.unwrap_or('0'));
        number /= 10;
        if number == 0 {
            return text;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_are_those_of_display() {
        for number in [0, 7, 10, 1_024, u64::MAX] {
            assert_eq!(digits(number), number.to_string());
        }
    }
}
