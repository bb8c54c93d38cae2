//! What went wrong, as far as the visitor can do something about it.
//!
//! Owns reading a problem document. Must not hold words: those are in `words`.

use super::json::Json;
use contract::{problem::ProblemKind, time::Timestamp};

/// Why a call, a job or a picture failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// The browser says that there is no network.
    Offline,
    /// The edge could not be reached.
    Unreachable,
    /// The edge answered something that nobody understands.
    Unreadable,
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

impl Trouble {
    /// The trouble that a problem document tells.
    pub(crate) fn read(json: &Json) -> Option<Self> {
        Some(Self::Problem {
            kind: json.get("kind").text()?.parse().ok()?,
            resets_at: json.get("resets_at").text().and_then(|text| text.parse().ok()),
        })
    }

    /// The trouble of an answer that is no success.
    pub(crate) fn of_answer(body: &str) -> Self {
        Json::read(body).as_ref().and_then(Self::read).unwrap_or(Self::Unreadable)
    }

    /// Trouble of this kind, with nothing else known.
    pub(crate) const fn of(kind: ProblemKind) -> Self {
        Self::Problem { kind, resets_at: None }
    }

    /// Whether it is of this kind.
    pub(crate) fn is(self, wanted: ProblemKind) -> bool {
        matches!(self, Self::Problem { kind, .. } if kind == wanted)
    }

    /// When at least one more picture becomes possible, if that is known.
    pub(crate) const fn resets_at(self) -> Option<Timestamp> {
        match self {
            Self::Problem { resets_at, .. } => resets_at,
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
        matches!(self, Self::Offline | Self::Unreachable) || self.is(ProblemKind::Busy)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use contract::problem::Problem;

    #[test]
    fn a_problem_document_is_read() {
        for kind in ProblemKind::ALL {
            let mut problem = Problem::new(*kind, "r");
            problem.resets_at = Some(Timestamp(1_795_343_999_000));
            let text = serde_json::to_string(&problem).unwrap();
            let read = Trouble::Problem { kind: *kind, resets_at: problem.resets_at };
            assert_eq!(Trouble::of_answer(&text), read);
        }
        assert_eq!(Trouble::of_answer("<html>"), Trouble::Unreadable);
        assert_eq!(Trouble::of_answer(r#"{"kind":"unheard-of"}"#), Trouble::Unreadable);
    }
}
