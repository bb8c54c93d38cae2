//! What is left to the visitor, as far as the edge has told it.
//!
//! Owns how long that holds. Must not guess: once its time has passed, nothing is known until the edge says more.

use super::error::StudioError;
use contract::{session::Allowance, time::Timestamp};

/// What was told holds for so long at least, by whatever clock: one that is wrong makes nobody ask all the time.
const LEAST_MS: u64 = 60_000;

/// What is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AllowanceLeft {
    /// So many pictures of a limit.
    Pictures(Allowance),
    /// Nothing, as the session says at the start: it does not say whether the pictures are used up or there is a pause.
    Nothing(Timestamp),
    /// Nothing for a while: several descriptions were refused.
    Paused(Timestamp),
    /// Nothing, for anybody: the site is closed, or its budget is spent.
    Closed(StudioError),
}

/// Who has told an allowance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    /// A session: nothing left may mean a pause.
    Session,
    /// A job: nothing left means that the pictures are used up.
    Job,
    /// A job whose description was refused: nothing left after it means a pause.
    Refused,
}

impl AllowanceLeft {
    /// What an allowance says, by whoever has told it and by what was known.
    pub(crate) fn of(allowance: Allowance, source: Source, known: Option<Self>) -> Self {
        let end = allowance.resets_at;
        match (allowance.remaining, source, known) {
            (1.., _, _) => Self::Pictures(allowance),
            (_, Source::Refused, _) => Self::Paused(end),
            // What the studio has seen already is not forgotten because a session cannot say it.
            (_, Source::Session, Some(Self::Paused(_))) => Self::Paused(end),
            (_, Source::Session, Some(Self::Pictures(_))) => Self::Pictures(allowance),
            (_, Source::Session, _) => Self::Nothing(end),
            (_, Source::Job, _) => Self::Pictures(allowance),
        }
    }

    /// What a refusal says of all that comes after it, if it does.
    pub(crate) fn met(error: StudioError) -> Option<Self> {
        match error {
            StudioError::Refusals { resets_at: Some(end) } => Some(Self::Paused(end)),
            _ if error.closes() => Some(Self::Closed(error)),
            _ => None,
        }
    }

    /// Whether this, told at that time, is still so at `now`.
    pub(crate) fn holds(self, told: u64, now: u64) -> bool {
        let changes = match self {
            // Of a limit that is not touched there is nothing to come back.
            Self::Pictures(allowance) if allowance.remaining == allowance.limit => None,
            Self::Pictures(allowance) => Some(allowance.resets_at),
            Self::Nothing(end) | Self::Paused(end) => Some(end),
            Self::Closed(error) => error.resets_at(),
        };
        changes.is_none_or(|time| now < time.0.max(told.saturating_add(LEAST_MS)))
    }

    /// Whether there is no picture to be had.
    pub(crate) fn is_over(self) -> bool {
        !matches!(self, Self::Pictures(allowance) if allowance.remaining > 0)
    }

    /// The pictures left, if there are some, but fewer than `count`.
    pub(crate) fn fewer_than(self, count: u32) -> Option<u32> {
        match self {
            Self::Pictures(Allowance { remaining, .. }) if remaining > 0 && remaining < count => {
                Some(remaining)
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use contract::problem::ProblemKind;

    fn pictures(remaining: u32) -> AllowanceLeft {
        AllowanceLeft::Pictures(Allowance { remaining, limit: 10, resets_at: Timestamp(500_000) })
    }

    #[test]
    fn what_is_left_holds_until_its_time() {
        for left in [pictures(0), pictures(9)] {
            assert!(left.holds(0, 499_999) && !left.holds(0, 500_000), "{left:?}");
        }
        assert!(pictures(10).holds(0, 900_000), "nothing was used, so nothing comes back");
    }

    #[test]
    fn a_clock_that_is_wrong_makes_nobody_ask_all_the_time() {
        let left = pictures(7);
        assert!(left.holds(900_000, 959_999) && !left.holds(900_000, 960_000));
    }

    #[test]
    fn a_closed_site_is_closed_until_its_time_or_until_more_is_known() {
        let kind = ProblemKind::BudgetSpent;
        let until = StudioError::Problem { kind, resets_at: Some(Timestamp(500_000)) };
        let until = AllowanceLeft::Closed(until);
        assert!(until.holds(0, 499_999) && !until.holds(0, 500_000));
        assert!(AllowanceLeft::Closed(StudioError::of(ProblemKind::SiteClosed)).holds(0, u64::MAX));
    }

    #[test]
    fn none_and_too_few_are_told_apart() {
        let closed = AllowanceLeft::Closed(StudioError::of(ProblemKind::SiteClosed));
        assert!(pictures(0).is_over() && closed.is_over() && !pictures(1).is_over());
        assert_eq!([1, 2, 3].map(|count| pictures(2).fewer_than(count)), [None, None, Some(2)]);
        assert_eq!((pictures(0).fewer_than(1), closed.fewer_than(1)), (None, None));
    }
}
