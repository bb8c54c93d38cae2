//! The counters for metrics: each has a name and never falls. And the two sums of money that a cap is compared with.
//!
//! Owns the names. Must not decide anything by the counters.

use super::{Bill, Book, ceiling};
use contract::{money::Nano, options::Quality, problem::ProblemKind};
use serde::{Deserialize, Serialize};

/// Upper bounds of the histogram of the time that a picture takes, in seconds.
pub const SECONDS: [u64; 9] = [1, 2, 5, 10, 20, 40, 80, 160, 320];
/// The sum of all charges, in nano-dollars.
pub const CHARGED: &str = "charged";

/// The name of a problem's counter.
pub fn problem(kind: ProblemKind) -> String {
    ["problem ", kind.word()].concat()
}

/// The name of the counter of pictures with that quality and outcome.
fn picture(quality: Quality, outcome: &str) -> String {
    ["picture ", quality.word(), " ", outcome].concat()
}

/// The word in metrics for the outcome of a picture that failed with this problem.
fn outcome(kind: ProblemKind) -> &'static str {
    match kind {
        ProblemKind::PromptRefused => "refused",
        ProblemKind::Interrupted => "interrupted",
        _ => "failed",
    }
}

/// Adds a bill to the counters.
pub(super) fn bill<B: Book>(book: &mut B, bill: &Bill, quality: Quality) -> Result<(), B::Error> {
    let mut add = |name: String, by: u64| if by == 0 { Ok(()) } else { book.count(&name, by) };
    add(CHARGED.to_owned(), bill.charged.0)?;
    add(picture(quality, "ready"), u64::from(bill.came()))?;
    add(picture(quality, "cancelled"), u64::from(bill.cancelled))?;
    for &(kind, count) in &bill.failed {
        add(picture(quality, outcome(kind)), u64::from(count))?;
        add(problem(kind), u64::from(count))?;
    }
    for &ms in &bill.pictures {
        let bound = SECONDS.iter().find(|&&seconds| ms <= seconds.saturating_mul(1000));
        let bound = bound.map_or_else(|| "+Inf".to_owned(), u64::to_string);
        add(["seconds ", quality.word(), " ", &bound].concat(), 1)?;
        add(["ms ", quality.word()].concat(), ms)?;
    }
    Ok(())
}

/// A counter's name, parsed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counter<'a> {
    /// Pictures of a quality with an outcome.
    Picture(&'a str, &'a str),
    /// Problems of a kind.
    Problem(&'a str),
    /// Pictures of a quality whose time was above the previous bound and at most this bound.
    Seconds(&'a str, &'a str),
    /// The total time of the pictures of a quality, in milliseconds.
    Ms(&'a str),
    /// See [`CHARGED`].
    Charged,
}

impl<'a> Counter<'a> {
    /// Parses a name; `None` if another version wrote it.
    pub fn read(name: &'a str) -> Option<Self> {
        let mut words = name.split(' ');
        let mut next = || words.next();
        match (next()?, next(), next(), next()) {
            (CHARGED, None, ..) => Some(Self::Charged),
            ("problem", Some(kind), None, _) => Some(Self::Problem(kind)),
            ("ms", Some(quality), None, _) => Some(Self::Ms(quality)),
            ("picture", Some(quality), Some(outcome), None) => {
                Some(Self::Picture(quality, outcome))
            }
            ("seconds", Some(quality), Some(bound), None) => Some(Self::Seconds(quality, bound)),
            _ => None,
        }
    }
}

/// Sums of money towards a cap: those of a site's day or month, or those of a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Held {
    /// The sum of the open reservations.
    pub reserved: Nano,
    /// The sum that is spent.
    pub charged: Nano,
}

impl Held {
    /// The amount that counts towards a cap. `None` if it overflows, which is above every cap.
    pub const fn all(self) -> Option<Nano> {
        self.reserved.checked_add(self.charged)
    }

    /// Both sums with another's. `None` if one overflows.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        Some(Self {
            reserved: self.reserved.checked_add(other.reserved)?,
            charged: self.charged.checked_add(other.charged)?,
        })
    }

    /// Replaces a part of both sums by another.
    pub(super) fn replace(self, before: Self, after: Self) -> Self {
        let replace = |sum: Nano, less: Nano, more: Nano| {
            ceiling::sum(Nano(sum.0.saturating_sub(less.0)), more)
        };
        Self {
            reserved: replace(self.reserved, before.reserved, after.reserved),
            charged: replace(self.charged, before.charged, after.charged),
        }
    }
}
