//! The studio's words: what happened, whose side it is on, what to do now.
//!
//! Owns every sentence that the app says; those of the form stand in the document. Must not decide anything.

use crate::model::{
    digits::digits, dollars::dollars, draft::Note, left::Left, progress::Progress, studio::Said,
    trouble::Trouble,
};
use contract::{
    money::Nano,
    problem::ProblemKind,
    session::Allowance,
    time::{DAY_MS, Timestamp},
};

/// A problem as a card says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Card {
    /// What happened.
    pub headline: &'static str,
    /// Whose side it is on, and what to do now.
    pub text: String,
    /// The one button, if one helps.
    pub action: Option<Action>,
}

/// What a card's button does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Action {
    /// The same once more.
    Retry,
    /// Back to the description.
    Edit,
}

/// The words of links and labels.
pub(crate) const DOWNLOAD: &str = "Download";
/// What a picture can become the start of.
pub(crate) const CHANGE: &str = "Change this picture";
/// What hands a picture to the page round the studio.
pub(crate) const CHOOSE: &str = "Use this picture";
/// What stands before the description of a picture that is still being made.
pub(crate) const PREVIEW: &str = "Preview, still being made: ";
/// The wall's name.
pub(crate) const PICTURES: &str = "Pictures";
/// What every picture is marked with.
pub(crate) const AI: &str = "AI";

impl Action {
    /// The button's word.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Retry => "Try again",
            Self::Edit => "Edit the description",
        }
    }
}

/// The card of a problem. `of_day` tells hour and minute of a time in the visitor's zone.
pub(crate) fn card(trouble: Trouble, now: u64, of_day: impl Fn(Timestamp) -> (u32, u32)) -> Card {
    use ProblemKind as Kind;
    let (text, action) = match trouble {
        Trouble::Offline => {
            ("Your description is kept. Try again when you are back.", Some(Action::Retry))
        }
        Trouble::Unreachable => ("Check your connection, then try again.", Some(Action::Retry)),
        Trouble::Unreadable => ("The fault is not yours. Try again.", Some(Action::Retry)),
        Trouble::Unchecked => {
            ("A content blocker may be in its way: allow it, then try again.", Some(Action::Retry))
        }
        Trouble::Problem { kind, resets_at } => match kind {
            Kind::PromptRefused => ("Try other words. Nothing was counted.", Some(Action::Edit)),
            Kind::InvalidRequest | Kind::TooLarge => {
                ("Change the description, then try again.", Some(Action::Edit))
            }
            Kind::GatewayFailed | Kind::Interrupted => {
                ("The fault is not yours, and nothing was counted.", Some(Action::Retry))
            }
            Kind::Busy => ("Nothing was counted. Try again in a moment.", Some(Action::Retry)),
            Kind::GatewayRefused
            | Kind::Misconfigured
            | Kind::UnknownSite
            | Kind::OriginNotAllowed => ("Its owner has to act. Nothing was counted.", None),
            Kind::SiteClosed | Kind::BudgetSpent => ("Come back later.", None),
            // One that does not say when it ends is that of jobs at once.
            Kind::VisitorLimit => (
                "Another one is still being made. Try again when it is done.",
                resets_at.is_none().then_some(Action::Retry),
            ),
            Kind::PictureGone | Kind::UnknownJob => {
                ("Make it again with the same description.", Some(Action::Retry))
            }
            Kind::SessionRequired | Kind::ChallengeFailed => {
                ("Try again: a new one begins.", Some(Action::Retry))
            }
            _ => ("The fault is not yours. Try again.", Some(Action::Retry)),
        },
    };
    let text = match trouble.resets_at() {
        Some(end) => new_ones(end, now, of_day),
        None => text.to_owned(),
    };
    Card { headline: headline(trouble), text, action }
}

/// How many pictures are left, and when more come.
pub(crate) fn left(left: Left, now: u64, of_day: impl Fn(Timestamp) -> (u32, u32)) -> String {
    match left {
        Left::Closed(trouble) => {
            let end = trouble.resets_at().map(|end| [" ", &new_ones(end, now, of_day)].concat());
            [headline(trouble), ".", &end.unwrap_or_default()].concat()
        }
        Left::Pictures(Allowance { remaining: 0, resets_at, .. }) => {
            ["None left. ", &new_ones(resets_at, now, of_day)].concat()
        }
        Left::Pictures(Allowance { remaining, limit, resets_at }) => {
            let more =
                (remaining < limit).then(|| [", more", &when(resets_at, now, of_day)].concat());
            [&digits(remaining), " left", &more.unwrap_or_default()].concat()
        }
    }
}

fn new_ones(end: Timestamp, now: u64, of_day: impl Fn(Timestamp) -> (u32, u32)) -> String {
    ["New ones", &when(end, now, of_day), "."].concat()
}

/// When a limit ends: by the clock within a day, else by days. The minute that is told is never too early.
fn when(end: Timestamp, now: u64, of_day: impl Fn(Timestamp) -> (u32, u32)) -> String {
    let days = end.since(Timestamp(now)) / DAY_MS;
    if days > 0 {
        let unit = if days == 1 { " day" } else { " days" };
        return [" in ", &digits(days), unit].concat();
    }
    let (hour, minute) = of_day(end.plus(59_999));
    let two = |number| if number < 10 { ["0", &digits(number)].concat() } else { digits(number) };
    [" from ", &two(hour), ":", &two(minute)].concat()
}

/// What pictures will cost.
pub(crate) fn estimate(usd: Nano) -> String {
    ["About ", &dollars(usd)].concat()
}

/// What so many pictures have cost together.
pub(crate) fn cost((count, usd): (usize, Nano)) -> String {
    if count == 1 { dollars(usd) } else { [&digits(count), " for ", &dollars(usd)].concat() }
}

/// What happened, in a few words.
fn headline(trouble: Trouble) -> &'static str {
    match trouble {
        Trouble::Offline => "You are offline",
        Trouble::Unreachable => "The studio could not be reached",
        Trouble::Unreadable => "Something went wrong on our side",
        Trouble::Unchecked => "The short check did not work",
        Trouble::Problem { kind: ProblemKind::SessionRequired, .. } => "Your session has ended",
        Trouble::Problem { kind, .. } => kind.title(),
    }
}

/// A wait.
pub(crate) fn progress(progress: Progress) -> String {
    match progress {
        Progress::Elapsed { seconds, expected } => {
            let so_far = digits(seconds);
            match expected.map(|expected| (expected, digits(expected))) {
                Some((expected, about)) if seconds <= expected => {
                    [&so_far, " s of about ", &about, " s"].concat()
                }
                Some((_, about)) => [&so_far, " s, longer than the usual ", &about, " s"].concat(),
                None => [&so_far, " s so far"].concat(),
            }
        }
        Progress::Patience { seconds } => {
            ["The picture service asked us to wait. Next try in ", &digits(seconds), " s"].concat()
        }
        Progress::Check => "Waiting for the short check".to_owned(),
        Progress::Again => "No answer yet. Trying again".to_owned(),
        Progress::Cancelling => "Cancelling".to_owned(),
    }
}

/// What stands under the prompt.
pub(crate) fn note(note: Note) -> String {
    match note {
        Note::Empty => "Write a few words first.".to_owned(),
        Note::TooLong { chars, max } => {
            [&digits(chars - max), " characters too long. ", &digits(max), " fit."].concat()
        }
        Note::Fewer(left) => ["Only ", &digits(left), " left: choose fewer pictures."].concat(),
        Note::OneAtATime => "One at a time: this one is still being made.".to_owned(),
        Note::TooManyPictures => "Four pictures at most.".to_owned(),
        Note::NoPicture => {
            "That could not be read as a picture. Try a PNG, JPEG or WebP file.".to_owned()
        }
        Note::PictureAway => {
            "That picture could not be loaded. Its time here may be over.".to_owned()
        }
        Note::PicturesForgotten => {
            "The pictures that this started from went with the reload. Add them again.".to_owned()
        }
    }
}

/// What is said to whoever listens.
pub(crate) fn said(said: Said) -> String {
    match said {
        Said::Making(1) => "Your picture is being made.".to_owned(),
        Said::Making(count) => ["Your ", &digits(count), " pictures are being made."].concat(),
        Said::Check => "One short check before the first picture.".to_owned(),
        Said::Ready(1) => "Your picture is ready.".to_owned(),
        Said::Ready(count) => [&digits(count), " pictures are ready."].concat(),
        Said::Cancelled => "Cancelled.".to_owned(),
        Said::PictureAdded => "Picture added. Describe the change.".to_owned(),
        Said::PictureRemoved => "Picture removed.".to_owned(),
        Said::NotCancelled => "This could not be cancelled. Try again.".to_owned(),
        Said::Trouble(trouble) => [headline(trouble), "."].concat(),
        Said::Note(own) => note(own),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at_two(_: Timestamp) -> (u32, u32) {
        (2, 0)
    }

    #[test]
    fn every_problem_says_what_to_do() {
        for kind in ProblemKind::ALL {
            let card = card(Trouble::of(*kind), 0, at_two);
            assert!(card.text.ends_with('.') && !card.headline.ends_with('.'), "{card:?}");
            let asks = ["Try", "again", "Change"].iter().any(|word| card.text.contains(word));
            assert!(!asks || card.action.is_some(), "{card:?}");
        }
    }

    #[test]
    fn a_limit_says_when_it_ends() {
        let spent = |resets_at| {
            let (kind, resets_at) = (ProblemKind::BudgetSpent, Some(Timestamp(resets_at)));
            card(Trouble::Problem { kind, resets_at }, 0, at_two)
        };
        assert_eq!(spent(1000).headline, "This site has made all its pictures for now");
        assert_eq!((spent(1000).text.as_str(), spent(1000).action), ("New ones from 02:00.", None));
        assert_eq!(spent(DAY_MS).text, "New ones in 1 day.");
        assert_eq!(spent(9 * DAY_MS + 1).text, "New ones in 9 days.");
    }

    #[test]
    fn waits_are_said_in_seconds() {
        let elapsed = |seconds, expected| progress(Progress::Elapsed { seconds, expected });
        assert_eq!(elapsed(12, Some(30)), "12 s of about 30 s");
        assert_eq!(elapsed(31, Some(30)), "31 s, longer than the usual 30 s");
        assert_eq!(elapsed(12, None), "12 s so far");
        let patience = progress(Progress::Patience { seconds: 8 });
        assert_eq!(patience, "The picture service asked us to wait. Next try in 8 s");
    }

    #[test]
    fn what_is_left_says_when_more_comes() {
        let say = |remaining, resets_at| {
            let (limit, resets_at) = (10, Timestamp(resets_at));
            left(Left::Pictures(Allowance { remaining, limit, resets_at }), 0, at_two)
        };
        assert_eq!(say(10, 1000), "10 left");
        assert_eq!(say(7, 1000), "7 left, more from 02:00");
        assert_eq!(say(7, 2 * DAY_MS), "7 left, more in 2 days");
        assert_eq!(say(0, 1000), "None left. New ones from 02:00.");
    }

    #[test]
    fn a_time_is_never_told_too_early() {
        let minute = |end: Timestamp| (0, u32::try_from(end.0 / 60_000).unwrap());
        assert_eq!(when(Timestamp(120_000), 0, minute), " from 00:02");
        assert_eq!(when(Timestamp(120_001), 0, minute), " from 00:03");
    }

    #[test]
    fn a_closed_site_says_so_beside_the_form() {
        let closed = |kind, end: Option<u64>| {
            let resets_at = end.map(Timestamp);
            left(Left::Closed(Trouble::Problem { kind, resets_at }), 0, at_two)
        };
        assert_eq!(closed(ProblemKind::SiteClosed, None), "This site is closed for now.");
        assert_eq!(
            closed(ProblemKind::BudgetSpent, Some(1000)),
            "This site has made all its pictures for now. New ones from 02:00."
        );
    }

    #[test]
    fn a_limit_without_a_time_is_that_of_jobs_at_once() {
        let kind = ProblemKind::VisitorLimit;
        assert_eq!(card(Trouble::of(kind), 0, at_two).action, Some(Action::Retry));
        let until = Trouble::Problem { kind, resets_at: Some(Timestamp(1000)) };
        let card = card(until, 0, at_two);
        assert_eq!((card.text.as_str(), card.action), ("New ones from 02:00.", None));
    }

    #[test]
    fn cost_is_about_before_and_exact_after() {
        assert_eq!(estimate(Nano(22_068_000)), "About $0.022");
        assert_eq!(cost((1, Nano(2_210_000))), "$0.0022");
        assert_eq!(cost((4, Nano(44_136_000))), "4 for $0.044");
    }

    #[test]
    fn one_and_many_are_told_apart() {
        assert_eq!(said(Said::Ready(1)), "Your picture is ready.");
        assert_eq!(said(Said::Ready(3)), "3 pictures are ready.");
        assert_eq!(
            note(Note::TooLong { chars: 1012, max: 1000 }),
            "12 characters too long. 1000 fit."
        );
    }
}
