//! An order to the bench's upstream: the prompt carries it there.
//!
//! Owns the words of that prompt. Must not know which contestant passes it on.

use std::{fmt, str::FromStr};

/// A picture to make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Order {
    /// A number that is unique in this run.
    pub(super) number: u64,
    /// The picture's exact length.
    pub(super) bytes: usize,
    /// How the answer arrives.
    pub(super) pace: Pace,
}

/// How an answer arrives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pace {
    /// As fast as it is read.
    AtOnce,
    /// In the pieces of a good connection: 16 KB each millisecond.
    Steady,
    /// In the pieces of a bad connection: 16 KB each 25 milliseconds.
    Trickle,
}

/// The text contains no order.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct NoOrder;

const MARK: &str = "bench";
const PACES: [(Pace, &str); 3] =
    [(Pace::AtOnce, "at-once"), (Pace::Steady, "steady"), (Pace::Trickle, "trickle")];

impl fmt::Display for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = PACES.iter().find(|(pace, _)| *pace == self.pace).map_or("", |(_, word)| word);
        write!(f, "{MARK} {} {} {word}", self.number, self.bytes)
    }
}

impl FromStr for Order {
    type Err = NoOrder;

    fn from_str(text: &str) -> Result<Self, NoOrder> {
        let words: Vec<&str> = text.split(' ').collect();
        let [MARK, number, bytes, word] = words.as_slice() else { return Err(NoOrder) };
        Ok(Self {
            number: number.parse().map_err(|_| NoOrder)?,
            bytes: bytes.parse().map_err(|_| NoOrder)?,
            pace: PACES.iter().find(|(_, it)| it == word).map(|(pace, _)| *pace).ok_or(NoOrder)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_survives_the_prompt() {
        for (pace, _) in PACES {
            let order = Order { number: 17, bytes: 2_000_000, pace };
            assert_eq!(order.to_string().parse(), Ok(order));
        }
    }

    #[test]
    fn another_prompt_is_no_order() {
        for text in ["", "a cat", "bench 1 2", "bench 1 2 soon", "bench one 2 steady"] {
            assert_eq!(text.parse::<Order>(), Err(NoOrder), "{text}");
        }
    }
}
