//! The ledger's rules: who may spend how much, decided before anything is spent.
//!
//! Owns what stands between a request and the operator's money. Must not store: the edge's Ledger keeps the rows in
//! one transaction and asks here. This is the simple book: caps in money and a visitor's pictures, settled once.

use contract::{
    money::Nano,
    options::{Quality, Size},
    problem::ProblemKind,
    session::Allowance,
    time::{Day, Timestamp},
};
use serde::{Deserialize, Serialize};

/// A reservation outlives its job's time by this, so that a job that is ending is not taken for lost.
pub const LEASE_SLACK_MS: u64 = 60_000;
/// The window of a visitor's hour.
pub const HOUR_MS: u64 = 60 * 60 * 1000;
/// Times from which an expectation is made.
pub const TIMES: u32 = 20;

/// Asks for the worst case of a job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reserve {
    /// The job's id.
    pub job: String,
    /// The idempotency key within its scope.
    pub key: String,
    /// Tells requests apart.
    pub fingerprint: String,
    /// The session's subject.
    pub subject: String,
    /// Pictures of the job.
    pub pictures: u32,
    /// The most that all of them may cost.
    pub worst: Nano,
    /// What is made, for the times that it takes.
    pub size: Size,
    /// See `size`.
    pub quality: Quality,
}

/// What a reservation came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reserved {
    /// Go ahead.
    Granted {
        /// Nothing may start after it.
        lease_ends: Timestamp,
        /// What such a job has taken.
        expected_ms: Option<u64>,
        /// What the visitor has left after it.
        allowance: Allowance,
    },
    /// This key has a job already; it stands as it was granted.
    Known {
        /// That job's id.
        job: String,
        /// Whether the request was the same.
        same: bool,
        /// See `Granted`.
        lease_ends: Timestamp,
        /// See `Granted`.
        expected_ms: Option<u64>,
        /// See `Granted`.
        allowance: Allowance,
    },
    /// Not now.
    Refused(Refused),
}

/// Why a reservation is refused, and when one may be granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// Whose limit it is.
    pub kind: ProblemKind,
    /// When at least one more picture becomes possible.
    pub resets_at: Timestamp,
}

/// What a job came to. Sent until it is confirmed; only the first one counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bill {
    /// The job's id.
    pub job: String,
    /// All that is spent.
    pub charged: Nano,
    /// The part of it that is booked at its reservation, for want of a price.
    pub unknown: Nano,
    /// Pictures that came.
    pub pictures: u32,
    /// Pictures that count against the visitor.
    pub counted: u32,
    /// How long it took, if it may serve as an expectation.
    pub took_ms: Option<u64>,
}

/// A bill that is booked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Booked {
    /// What was charged.
    pub charged: Nano,
    /// What the visitor has left.
    pub allowance: Allowance,
}

/// What the book holds when a reservation is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Book {
    /// Reserved and charged of this UTC day.
    pub day: Nano,
    /// Reserved and charged of this UTC month.
    pub month: Nano,
    /// The visitor's pictures of the last 60 minutes.
    pub hour_pictures: u32,
    /// When the oldest of them was granted.
    pub hour_oldest: Option<Timestamp>,
    /// The visitor's pictures of this UTC day.
    pub day_pictures: u32,
    /// The visitor's jobs that are not settled.
    pub jobs: u32,
}

/// A site's limits, as its configuration has them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Caps in money.
    pub budget: crate::config::site::Budget,
    /// Limits on one visitor.
    pub visitor: crate::config::site::Visitor,
}

/// Grants if and only if reserved + charged + worst ≤ cap, for day and month, and the visitor has pictures left.
pub fn decide(book: &Book, ask: &Reserve, limits: Limits, now: Timestamp) -> Result<(), Refused> {
    let visitor = |resets_at| Err(Refused { kind: ProblemKind::VisitorLimit, resets_at });
    let fits = |counted: u32, limit: u32| {
        counted.checked_add(ask.pictures).is_some_and(|all| all <= limit)
    };
    if book.jobs >= limits.visitor.concurrent {
        return visitor(now);
    }
    if !fits(book.hour_pictures, limits.visitor.per_hour) {
        return visitor(book.hour_oldest.unwrap_or(now).plus(HOUR_MS));
    }
    if !fits(book.day_pictures, limits.visitor.per_day) {
        return visitor(now.day().end());
    }
    let affords =
        |spent: Nano, cap: Nano| spent.checked_add(ask.worst).is_some_and(|all| all <= cap);
    let spent = |resets_at| Err(Refused { kind: ProblemKind::BudgetSpent, resets_at });
    if !affords(book.month, limits.budget.month_usd) {
        return spent(month_end(now.day()).start());
    }
    if !affords(book.day, limits.budget.day_usd) {
        return spent(now.day().end());
    }
    Ok(())
}

/// The tightest of the visitor's limits.
pub fn allowance(book: &Book, limits: Limits, now: Timestamp) -> Allowance {
    let hour = Allowance {
        remaining: limits.visitor.per_hour.saturating_sub(book.hour_pictures),
        limit: limits.visitor.per_hour,
        resets_at: book.hour_oldest.unwrap_or(now).plus(HOUR_MS),
    };
    let day = Allowance {
        remaining: limits.visitor.per_day.saturating_sub(book.day_pictures),
        limit: limits.visitor.per_day,
        resets_at: now.day().end(),
    };
    if day.remaining < hour.remaining { day } else { hour }
}

/// What such a job may be expected to take: the median of what was seen.
pub fn expectation(mut times: Vec<u64>) -> Option<u64> {
    times.sort_unstable();
    times.get(times.len() / 2).copied()
}

/// The first day of the UTC month that a day lies in.
pub fn month_start(day: Day) -> Day {
    let (year, month, _) = day.civil();
    Day::from_civil(year, month, 1).unwrap_or(day)
}

/// The first day of the next UTC month.
fn month_end(day: Day) -> Day {
    let (year, month, _) = day.civil();
    let (year, month) =
        if month == 12 { (year.saturating_add(1), 1) } else { (year, month.saturating_add(1)) };
    Day::from_civil(year, month, 1).unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{site::Visitor, tests_support::site};

    const NOW: Timestamp = Timestamp(1_795_343_999_000); // 2026-11-22

    fn limits() -> Limits {
        let budget = site().budget; // a dollar a day, ten a month
        Limits {
            budget,
            visitor: Visitor { per_hour: 10, per_day: 12, concurrent: 2, refusals_per_hour: 3 },
        }
    }

    fn ask(pictures: u32, worst: u64) -> Reserve {
        let (size, quality) = ("1024x1024".parse().unwrap(), Quality::Low);
        Reserve {
            job: String::new(),
            key: String::new(),
            fingerprint: String::new(),
            subject: String::new(),
            pictures,
            worst: Nano(worst),
            size,
            quality,
        }
    }

    #[track_caller]
    fn check(book: Book, ask: &Reserve, expected: Option<(ProblemKind, &str)>) {
        let refused =
            decide(&book, ask, limits(), NOW).err().map(|r| (r.kind, r.resets_at.to_string()));
        assert_eq!(refused, expected.map(|(kind, at)| (kind, at.to_owned())));
    }

    #[test]
    fn a_cap_can_be_met_and_not_passed() {
        let day = |spent| Book { day: Nano(spent), month: Nano(spent), ..Book::default() };
        check(day(995_000_000), &ask(1, 5_000_000), None);
        check(
            day(995_000_000),
            &ask(1, 5_000_001),
            Some((ProblemKind::BudgetSpent, "2026-11-23T00:00:00.000Z")),
        );
        check(
            day(995_000_001),
            &ask(1, 5_000_000),
            Some((ProblemKind::BudgetSpent, "2026-11-23T00:00:00.000Z")),
        );
        check(
            day(u64::MAX),
            &ask(1, 1),
            Some((ProblemKind::BudgetSpent, "2026-12-01T00:00:00.000Z")),
        );
        let month = Book { month: Nano(9_999_000_000), ..Book::default() };
        check(month, &ask(1, 1_000_000), None);
        check(
            month,
            &ask(1, 1_000_001),
            Some((ProblemKind::BudgetSpent, "2026-12-01T00:00:00.000Z")),
        );
    }

    #[test]
    fn a_visitor_has_an_hour_a_day_and_jobs_at_once() {
        let oldest = Timestamp(NOW.0 - 600_000);
        let hour = |pictures| Book {
            hour_pictures: pictures,
            hour_oldest: Some(oldest),
            day_pictures: pictures,
            ..Book::default()
        };
        check(hour(8), &ask(2, 1), None);
        check(hour(9), &ask(2, 1), Some((ProblemKind::VisitorLimit, "2026-11-22T11:29:59.000Z")));
        check(
            Book { day_pictures: 11, ..Book::default() },
            &ask(2, 1),
            Some((ProblemKind::VisitorLimit, "2026-11-23T00:00:00.000Z")),
        );
        check(
            Book { jobs: 2, ..Book::default() },
            &ask(1, 1),
            Some((ProblemKind::VisitorLimit, "2026-11-22T10:39:59.000Z")),
        );
        assert_eq!(allowance(&hour(8), limits(), NOW).remaining, 2);
        let tight_day = Book { day_pictures: 11, ..Book::default() };
        assert_eq!(
            allowance(&tight_day, limits(), NOW),
            Allowance { remaining: 1, limit: 12, resets_at: NOW.day().end() }
        );
    }

    #[test]
    fn an_expectation_is_the_median_of_what_was_seen() {
        assert_eq!(expectation(vec![]), None);
        assert_eq!(expectation(vec![9, 1, 5]), Some(5));
    }

    #[test]
    fn months_have_ends() {
        for (day, start, end) in
            [("2026-12-31", "2026-12-01", "2027-01-01"), ("2028-02-29", "2028-02-01", "2028-03-01")]
        {
            let day: Day = day.parse().unwrap();
            assert_eq!(
                (month_start(day).to_string(), month_end(day).to_string()),
                (start.to_owned(), end.to_owned())
            );
        }
    }
}
