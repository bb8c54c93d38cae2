//! What is counted for metrics: counters that never fall, each under a name.
//!
//! Owns the names. Must not decide anything by them: money is in the sums of the days.

use super::{Bill, Book};
use contract::{money::Nano, options::Quality, problem::ProblemKind};
use serde::{Deserialize, Serialize};

/// Upper bounds of the histogram of a picture's time, in seconds.
pub const SECONDS: [u64; 9] = [1, 2, 5, 10, 20, 40, 80, 160, 320];
/// All that was charged, in nano-dollars.
pub const CHARGED: &str = "charged";

/// The name of a problem's counter.
pub fn problem(kind: ProblemKind) -> String {
    ["problem ", kind.word()].concat()
}

/// The name of the counter of pictures that ended so.
fn picture(quality: Quality, outcome: &str) -> String {
    ["picture ", quality.word(), " ", outcome].concat()
}

/// The outcome that a picture's problem is, as metrics tell it.
fn outcome(kind: ProblemKind) -> &'static str {
    match kind {
        ProblemKind::PromptRefused => "refused",
        ProblemKind::Interrupted => "interrupted",
        _ => "failed",
    }
}

/// Counts what a bill tells.
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

/// A counter's name, read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counter<'a> {
    /// Pictures of a quality that ended so.
    Picture(&'a str, &'a str),
    /// Problems of a kind.
    Problem(&'a str),
    /// Pictures of a quality that took longer than the bound before, and not longer than this one.
    Seconds(&'a str, &'a str),
    /// What the pictures of a quality took in all, in milliseconds.
    Ms(&'a str),
    /// See [`CHARGED`].
    Charged,
}

impl<'a> Counter<'a> {
    /// Nothing if it is a name of another version.
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

/// A site's sums of today and this month, for metrics and alerts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Held {
    /// Open now.
    pub reserved: Nano,
    /// Spent.
    pub charged: Nano,
}
