//! What went wrong, as far as the visitor can do something about it.
//!
//! Owns the reading of a problem document. Must not hold texts: `texts` does.

use contract::{
    problem::{Limit, Problem, ProblemKind},
    time::Timestamp,
};

/// The media type of a problem document.
const PROBLEM: &str = "application/problem+json";
/// The rest that the limit on requests wants, where the edge does not say.
const RATE_SECONDS: u32 = 60;

/// Why a call, a job or a picture failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StudioError {
    /// The browser says that there is no network.
    Offline,
    /// The edge could not be reached.
    Unreachable,
    /// Something answered that was not the edge: a proxy, a firewall, a broken deploy.
    Unreadable,
    /// Too many requests came from this network: the edge has not looked at this one, and wants so many seconds of rest.
    Rate(u32),
    /// Several descriptions of this visitor, or of others on the same network, were refused: there is a pause.
    Refusals {
        /// When it is over; `None` if only a picture that is being made stands before the next one.
        resets_at: Option<Timestamp>,
    },
    /// The visitor has as many jobs at once as the site allows, in other tabs too: the next one has to wait.
    Concurrent,
    /// The challenge could not be shown, or its own side failed.
    Unchecked,
    /// The edge said what.
    Problem {
        /// Which kind.
        kind: ProblemKind,
        /// When at least one more picture becomes possible.
        resets_at: Option<Timestamp>,
    },
}

impl StudioError {
    /// The error that a problem document tells.
    pub(crate) fn read(problem: &Problem) -> Self {
        let (kind, resets_at) = (problem.kind, problem.resets_at);
        match problem.limit.filter(|_| kind == ProblemKind::VisitorLimit) {
            Some(Limit::Rate) => {
                let seconds = problem.retry_after_seconds.unwrap_or(RATE_SECONDS.into());
                Self::Rate(seconds.try_into().unwrap_or(u32::MAX))
            }
            Some(Limit::Refusals) => Self::Refusals { resets_at },
            Some(Limit::Concurrent) => Self::Concurrent,
            _ => Self::Problem { kind, resets_at },
        }
    }

    /// The error of an answer that is no success. Only a problem document is the edge's own word: whatever else has its
    /// status comes from something in between.
    pub(crate) fn of_answer(media_type: &str, body: &str) -> Self {
        let own =
            media_type.get(..PROBLEM.len()).is_some_and(|it| it.eq_ignore_ascii_case(PROBLEM));
        let problem = own.then(|| serde_json::from_str::<Problem>(body).ok()).flatten();
        problem.map_or(Self::Unreadable, |problem| Self::read(&problem))
    }

    /// An error of this kind, with nothing else known.
    pub(crate) const fn of(kind: ProblemKind) -> Self {
        Self::Problem { kind, resets_at: None }
    }

    /// Whether the edge itself has said so.
    pub(crate) const fn is_the_edges(self) -> bool {
        matches!(
            self,
            Self::Problem { .. } | Self::Rate(_) | Self::Refusals { .. } | Self::Concurrent
        )
    }

    /// Whether it is of this kind.
    pub(crate) fn is(self, wanted: ProblemKind) -> bool {
        match self {
            Self::Problem { kind, .. } => kind == wanted,
            Self::Refusals { .. } | Self::Concurrent => wanted == ProblemKind::VisitorLimit,
            _ => false,
        }
    }

    /// When at least one more picture becomes possible, if that is known.
    pub(crate) const fn resets_at(self) -> Option<Timestamp> {
        match self {
            Self::Problem { resets_at, .. } | Self::Refusals { resets_at } => resets_at,
            _ => None,
        }
    }

    /// Whether nobody gets a picture here for now.
    pub(crate) fn closes(self) -> bool {
        self.is(ProblemKind::SiteClosed) || self.is(ProblemKind::BudgetSpent)
    }

    /// Whether there have been pictures enough, which no other words would change.
    pub(crate) fn is_limit(self) -> bool {
        self.closes() || self.is(ProblemKind::VisitorLimit)
    }

    /// Whether the same request may succeed a moment later.
    pub(crate) fn passes(self) -> bool {
        matches!(self, Self::Offline | Self::Unreachable | Self::Unreadable | Self::Rate(_))
            || self.is(ProblemKind::Busy)
    }

    /// Whether an order that met this may have been granted all the same. `doubt`: so may it by an earlier attempt.
    pub(crate) fn leaves_open(self, doubt: bool) -> bool {
        use ProblemKind as Kind;
        match self {
            // The Ledger looks for the key before it says one of these, and the others are about the request itself.
            Self::Problem {
                kind:
                    Kind::SiteClosed
                    | Kind::BudgetSpent
                    | Kind::VisitorLimit
                    | Kind::ChallengeFailed
                    | Kind::GatewayRefused
                    | Kind::InvalidRequest
                    | Kind::TooLarge
                    | Kind::PromptRefused
                    | Kind::IdempotencyMismatch,
                ..
            }
            | Self::Refusals { .. }
            | Self::Concurrent => false,
            // The others are said before anybody looks for the key: they refuse this attempt, and no earlier one.
            _ => doubt || self.passes(),
        }
    }

    /// How long the edge wants to be left alone, in milliseconds.
    pub(crate) fn rest_ms(self) -> u32 {
        match self {
            Self::Rate(seconds) => seconds.saturating_mul(1000),
            _ => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A problem document of a limit with these members.
    fn document(members: &str) -> String {
        format!(
            r#"{{"type":"urn:easel:problem:visitor-limit","kind":"visitor-limit","title":"","status":429,"detail":"",{members},"request_id":"r"}}"#
        )
    }

    #[test]
    fn a_problem_document_is_read() {
        for kind in ProblemKind::ALL {
            let mut problem = Problem::new(*kind, "r");
            problem.resets_at = Some(Timestamp(1_795_343_999_000));
            let text = serde_json::to_string(&problem).unwrap();
            let read = StudioError::Problem { kind: *kind, resets_at: problem.resets_at };
            for media_type in [PROBLEM, "Application/Problem+JSON; charset=utf-8"] {
                assert_eq!(StudioError::of_answer(media_type, &text), read);
            }
            for media_type in
                ["", "text/html", "application/json", "text/html; application/problem+json"]
            {
                assert_eq!(
                    StudioError::of_answer(media_type, &text),
                    StudioError::Unreadable,
                    "{media_type}"
                );
            }
        }
        for body in ["", "<html>", r#"{"kind":"unheard-of"}"#] {
            assert_eq!(StudioError::of_answer(PROBLEM, body), StudioError::Unreadable);
        }
    }

    #[test]
    fn the_limit_on_requests_is_no_limit_on_pictures() {
        let rate = |rest: &str| {
            let body = document(&format!(r#""limit":"rate"{rest}"#));
            StudioError::of_answer(PROBLEM, &body)
        };
        assert_eq!(rate(r#","retry_after_seconds":7"#), StudioError::Rate(7));
        assert_eq!(rate(""), StudioError::Rate(60));
        for limit in ["visitor-day", "of-tomorrow"] {
            let other = document(&format!(r#""limit":"{limit}""#));
            assert!(StudioError::of_answer(PROBLEM, &other).is(ProblemKind::VisitorLimit));
        }
        let concurrent = StudioError::of_answer(PROBLEM, &document(r#""limit":"concurrent""#));
        assert_eq!(concurrent, StudioError::Concurrent);
    }

    #[test]
    fn a_pause_after_refusals_is_a_limit_with_words_of_its_own() {
        let read = |rest: &str| {
            let body = document(&format!(r#""limit":"refusals"{rest}"#));
            StudioError::of_answer(PROBLEM, &body)
        };
        let until = read(r#","resets_at":"2026-11-22T10:39:59.000Z""#);
        assert_eq!(until, StudioError::Refusals { resets_at: Some(Timestamp(1_795_343_999_000)) });
        assert_eq!(read(""), StudioError::Refusals { resets_at: None });
        assert!(until.is(ProblemKind::VisitorLimit) && until.is_limit() && !until.passes());
        assert!(!until.leaves_open(false) && !until.leaves_open(true), "the key was looked for");
    }

    #[test]
    fn only_the_edge_s_own_refusal_settles_what_became_of_an_order() {
        let strange = [
            StudioError::Offline,
            StudioError::Unreachable,
            StudioError::Unreadable,
            StudioError::Rate(1),
        ];
        for error in strange {
            assert!(error.leaves_open(false) && error.leaves_open(true), "{error:?}");
        }
        for (kind, first, later) in [
            (ProblemKind::Busy, true, true),
            (ProblemKind::Misconfigured, false, true),
            (ProblemKind::UnknownSite, false, true),
            (ProblemKind::OriginNotAllowed, false, true),
            (ProblemKind::SiteClosed, false, false),
            (ProblemKind::BudgetSpent, false, false),
            (ProblemKind::VisitorLimit, false, false),
            (ProblemKind::ChallengeFailed, false, false),
            (ProblemKind::GatewayRefused, false, false),
            (ProblemKind::InvalidRequest, false, false),
            (ProblemKind::IdempotencyMismatch, false, false),
        ] {
            let error = StudioError::of(kind);
            let open = (error.leaves_open(false), error.leaves_open(true));
            assert_eq!(open, (first, later), "{kind:?}");
        }
    }
}
