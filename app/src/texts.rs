//! The studio's texts: what happened, whose fault it is, what to do now.
//!
//! Owns which text is said when, and puts numbers into it. The texts themselves are in `texts/`: the document brings them,
//! in its language and with the owner's in their place. Must not decide anything, nor hold a text, nor keep one anywhere.
//!
//! A number goes into `{n}`, a second one into `{m}`, and one has a word of its own where it needs it: a library of plural
//! rules and formats would weigh more than the studio.
//!
//! Decision: docs/decisions/2026-11-29-texts-are-files.md.

mod money;
#[cfg(any(feature = "ssr", feature = "csr", test))]
pub(crate) mod tables;

use crate::state::{
    allowance::AllowanceLeft, command::Announcement, draft::Note, error::StudioError,
    progress::Progress,
};
pub(crate) use contract::text_keys::TextKey;
use contract::{
    money::Nano,
    options::{Quality, Size},
    problem::ProblemKind,
    session::Allowance,
    time::{DAY_MS, Timestamp},
};
use std::{cmp::Ordering, sync::Arc};

/// Tells hour and minute of a time in the visitor's zone.
pub(crate) type OfDay = fn(Timestamp) -> (u32, u32);

/// With so many pictures left it is told when more come.
const FEW: u32 = 3;

/// The studio's texts in one language, by their place in the list of [`TextKey`]. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub(crate) struct Texts(Arc<[Box<str>]>);

impl Texts {
    /// The texts of a document, in the order of [`TextKey::ALL`].
    pub(crate) fn new(texts: impl IntoIterator<Item = String>) -> Self {
        Self(texts.into_iter().map(String::into_boxed_str).collect())
    }

    /// A text as it stands; an empty one where there is none.
    pub(crate) fn text(&self, key: TextKey) -> &str {
        self.0.get(key as usize).map(AsRef::as_ref).unwrap_or_default()
    }

    /// A text with these in the places of `{n}` and `{m}`.
    pub(crate) fn fill(&self, pattern: TextKey, n: &str, m: &str) -> String {
        let mut parts = self.text(pattern).split('{');
        let mut out = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (value, rest) = match (part.strip_prefix("n}"), part.strip_prefix("m}")) {
                (Some(rest), _) => (n, rest),
                (_, Some(rest)) => (m, rest),
                _ => ("{", part),
            };
            out.push_str(value);
            out.push_str(rest);
        }
        out
    }

    /// A text as a sentence.
    fn sentence(&self, headline: TextKey) -> String {
        [self.text(headline), "."].concat()
    }
}

/// A problem as a card says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Card {
    /// What happened.
    pub headline: String,
    /// Whose side it is on, and what to do now.
    pub text: String,
    /// The buttons that help.
    pub actions: [Option<Action>; 2],
}

/// What a card's button does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Action {
    /// The same once more.
    Retry,
    /// Back to the description.
    Edit,
}

impl Action {
    /// The button's text.
    pub(crate) const fn key(self) -> TextKey {
        match self {
            Self::Retry => TextKey::Retry,
            Self::Edit => TextKey::Edit,
        }
    }
}

/// The card of a problem. `of_day` tells hour and minute of a time in the visitor's zone.
pub(crate) fn card(texts: &Texts, error: StudioError, now: u64, of_day: OfDay) -> Card {
    let (headline, text, action) = told(error);
    let text = match error.resets_at() {
        Some(end) => new_ones(texts, end, now, of_day),
        None => texts.text(text).to_owned(),
    };
    // Whose side it is on is not always known: other words may help, or the same ones later.
    let either = error.is(ProblemKind::GatewayFailed).then_some(Action::Edit);
    Card { headline: texts.text(headline).to_owned(), text, actions: [action, either] }
}

/// The card of a problem whose order is sent again and again behind it.
pub(crate) fn card_of_doubt(texts: &Texts, error: StudioError) -> Card {
    Card {
        headline: texts.text(told(error).0).to_owned(),
        text: texts.text(TextKey::DoGoesOn).to_owned(),
        actions: [Some(Action::Retry), Some(Action::Edit)],
    }
}

/// What happened, what to do now, and the button that helps.
fn told(error: StudioError) -> (TextKey, TextKey, Option<Action>) {
    use ProblemKind as Kind;
    let (retry, edit) = (Some(Action::Retry), Some(Action::Edit));
    let (kind, resets_at) = match error {
        StudioError::Offline => return (TextKey::Offline, TextKey::DoReturn, retry),
        StudioError::Unreachable => return (TextKey::Unreachable, TextKey::DoConnect, retry),
        StudioError::Unreadable => return (TextKey::Ours, TextKey::DoRepeat, retry),
        StudioError::Rate(_) => return (TextKey::Limit, TextKey::DoWait, retry),
        StudioError::Concurrent => return (TextKey::Limit, TextKey::DoFinish, retry),
        StudioError::Refusals { resets_at } => {
            return (TextKey::Refusals, TextKey::DoFinish, retry.filter(|_| resets_at.is_none()));
        }
        StudioError::Unchecked => return (TextKey::Unchecked, TextKey::DoAllow, retry),
        StudioError::Problem { kind, resets_at } => (kind, resets_at),
    };
    match kind {
        Kind::PromptRefused => (TextKey::Refused, TextKey::DoOther, edit),
        Kind::InvalidRequest => (TextKey::Invalid, TextKey::DoChange, edit),
        Kind::TooLarge => (TextKey::TooLarge, TextKey::DoChange, edit),
        Kind::GatewayFailed => (TextKey::Failed, TextKey::DoEither, retry),
        Kind::Interrupted => (TextKey::Interrupted, TextKey::DoNothing, retry),
        Kind::Busy => (TextKey::Busy, TextKey::DoWait, retry),
        Kind::GatewayRefused => (TextKey::TurnedAway, TextKey::DoOwner, None),
        Kind::Misconfigured => (TextKey::Misconfigured, TextKey::DoOwner, None),
        Kind::UnknownSite => (TextKey::UnknownSite, TextKey::DoOwner, None),
        Kind::OriginNotAllowed => (TextKey::Origin, TextKey::DoOwner, None),
        Kind::SiteClosed => (TextKey::Closed, TextKey::DoLater, None),
        Kind::BudgetSpent => (TextKey::Spent, TextKey::DoLater, None),
        // One that does not say when it ends is that of jobs at once.
        Kind::VisitorLimit => {
            (TextKey::Limit, TextKey::DoFinish, retry.filter(|_| resets_at.is_none()))
        }
        Kind::PictureGone => (TextKey::Gone, TextKey::DoAgain, retry),
        Kind::UnknownJob => (TextKey::UnknownJob, TextKey::DoAgain, retry),
        Kind::SessionRequired => (TextKey::Session, TextKey::DoSession, retry),
        Kind::ChallengeFailed => (TextKey::ChallengeFailed, TextKey::DoSession, retry),
        // What only a fault of the studio's own could bring about.
        Kind::OperatorOnly
        | Kind::NotFound
        | Kind::MethodNotAllowed
        | Kind::IdempotencyMismatch => (TextKey::Ours, TextKey::DoRepeat, retry),
    }
}

/// What happened, as a sentence.
fn happened(texts: &Texts, error: StudioError) -> String {
    texts.sentence(told(error).0)
}

/// How many pictures are left, and when more come; that only where few are left.
pub(crate) fn allowance(texts: &Texts, left: AllowanceLeft, now: u64, of_day: OfDay) -> String {
    let (none, end) = match left {
        AllowanceLeft::Closed(error) => match error.resets_at() {
            Some(end) => (happened(texts, error), end),
            None => return happened(texts, error),
        },
        AllowanceLeft::Nothing(end) => return new_ones(texts, end, now, of_day),
        AllowanceLeft::Paused(end) => (texts.sentence(TextKey::Refusals), end),
        AllowanceLeft::Pictures(Allowance { remaining: 0, resets_at, .. }) => {
            (texts.text(TextKey::NoneLeft).to_owned(), resets_at)
        }
        AllowanceLeft::Pictures(Allowance { remaining, limit, resets_at }) => {
            let few = remaining <= FEW && remaining < limit;
            let (pattern, more) = if few {
                (TextKey::LeftMore, when(texts, resets_at, now, of_day))
            } else {
                (TextKey::Left, String::new())
            };
            return texts.fill(pattern, &remaining.to_string(), &more);
        }
    };
    [&none, " ", &new_ones(texts, end, now, of_day)].concat()
}

fn new_ones(texts: &Texts, end: Timestamp, now: u64, of_day: OfDay) -> String {
    texts.fill(TextKey::NewOnes, &when(texts, end, now, of_day), "")
}

/// When a limit ends: by the clock within a day, else by days. The minute that is told is never too early.
fn when(texts: &Texts, end: Timestamp, now: u64, of_day: OfDay) -> String {
    let days = end.since(Timestamp(now)) / DAY_MS;
    if days > 0 {
        let pattern = if days == 1 { TextKey::InDay } else { TextKey::InDays };
        return texts.fill(pattern, &days.to_string(), "");
    }
    let (hour, minute) = of_day(end.plus(59_999));
    texts.fill(TextKey::From, &format!("{hour:02}:{minute:02}"), "")
}

/// What pictures will cost.
pub(crate) fn estimate(texts: &Texts, usd: Nano) -> String {
    match money::cents(usd) {
        Some(_) => texts.fill(TextKey::About, &money(texts, usd), ""),
        None => money(texts, usd),
    }
}

/// What so many pictures have cost together.
pub(crate) fn cost(texts: &Texts, (count, usd): (usize, Nano)) -> String {
    if count == 1 {
        money(texts, usd)
    } else {
        texts.fill(TextKey::Cost, &count.to_string(), &money(texts, usd))
    }
}

/// An amount in whole cents, rounded up, so that nothing costs more than is said.
fn money(texts: &Texts, usd: Nano) -> String {
    match money::cents(usd) {
        Some(cents) => {
            let dollars = money::dollars(cents, texts.text(TextKey::Point));
            texts.fill(TextKey::Dollars, &dollars, "")
        }
        None => texts.text(TextKey::UnderCent).to_owned(),
    }
}

/// The name of a shape.
pub(crate) fn shape(size: Size) -> TextKey {
    match size.width.cmp(&size.height) {
        Ordering::Equal => TextKey::Square,
        Ordering::Greater => TextKey::Wide,
        Ordering::Less => TextKey::Tall,
    }
}

/// The name of a quality.
pub(crate) const fn quality(quality: Quality) -> TextKey {
    match quality {
        Quality::Low => TextKey::Low,
        Quality::Medium => TextKey::Medium,
        Quality::High => TextKey::High,
    }
}

/// A wait.
pub(crate) fn progress(texts: &Texts, progress: Progress) -> String {
    let still = match progress {
        Progress::Elapsed { seconds, expected } => {
            let pattern = match expected {
                Some(expected) if seconds <= expected => TextKey::ElapsedOf,
                Some(_) => TextKey::ElapsedOver,
                None => TextKey::Elapsed,
            };
            let expected = expected.map(|seconds| seconds.to_string()).unwrap_or_default();
            return texts.fill(pattern, &seconds.to_string(), &expected);
        }
        Progress::Patience { seconds } => {
            return texts.fill(TextKey::Patience, &seconds.to_string(), "");
        }
        Progress::Check => TextKey::WaitsCheck,
        Progress::Again => TextKey::Again,
        Progress::Cancelling => TextKey::Cancelling,
        Progress::Queued => TextKey::Queued,
    };
    texts.text(still).to_owned()
}

/// During a long wait: that the visitor may leave, and for how many minutes the picture stays.
pub(crate) fn may_leave(texts: &Texts, minutes: u32) -> String {
    let pattern = if minutes == 1 { TextKey::YouCanLeaveOne } else { TextKey::YouCanLeave };
    texts.fill(pattern, &minutes.to_string(), "")
}

/// What stands under the prompt.
pub(crate) fn note(texts: &Texts, note: Note) -> String {
    let plain = match note {
        Note::TooLong { chars, max } => {
            let over = chars.saturating_sub(max);
            let pattern = if over == 1 { TextKey::LongOne } else { TextKey::Long };
            return texts.fill(pattern, &over.to_string(), &max.to_string());
        }
        Note::Near { chars, max } => {
            return texts.fill(TextKey::Near, &chars.to_string(), &max.to_string());
        }
        Note::Fewer(left) => return texts.fill(TextKey::Fewer, &left.to_string(), ""),
        Note::Cancelled(counted) => return cancelled(texts, counted),
        Note::Empty => TextKey::Empty,
        Note::OneAtATime => TextKey::OneAtATime,
        Note::TooManyPictures => TextKey::Most,
        Note::NoPicture => TextKey::NoPicture,
        Note::CanvasBlocked => TextKey::CanvasBlocked,
        Note::PictureAway => TextKey::Away,
        Note::PicturesForgotten => TextKey::Forgotten,
        Note::Updated => TextKey::Updated,
        Note::PartMissing => TextKey::PartMissing,
    };
    texts.text(plain).to_owned()
}

/// That a cancel is through, and that so many pictures count all the same.
fn cancelled(texts: &Texts, counted: u32) -> String {
    let pattern = match counted {
        0 => TextKey::Cancelled,
        1 => TextKey::CancelledCounts,
        _ => TextKey::CancelledCountsMany,
    };
    texts.fill(pattern, &counted.to_string(), "")
}

/// What is said to whoever listens.
pub(crate) fn announcement(texts: &Texts, announcement: Announcement) -> String {
    let plain = match announcement {
        Announcement::Making(count) if count != 1 => {
            return texts.fill(TextKey::MakingMany, &count.to_string(), "");
        }
        Announcement::Ready(count) if count != 1 => {
            return texts.fill(TextKey::ReadyMany, &count.to_string(), "");
        }
        Announcement::Nothing => return String::new(),
        Announcement::Check => return texts.sentence(TextKey::Check),
        Announcement::Queued => return texts.sentence(TextKey::Queued),
        Announcement::Waits(wait) => return progress(texts, wait),
        Announcement::Problem(error) => return happened(texts, error),
        Announcement::Note(own) => return note(texts, own),
        Announcement::Cancelled(counted) => return cancelled(texts, counted),
        Announcement::Making(_) => TextKey::Making,
        Announcement::Ready(_) => TextKey::Ready,
        Announcement::PictureAdded => TextKey::Added,
        Announcement::PictureRemoved => TextKey::Removed,
        Announcement::PictureGiven => TextKey::Given,
        Announcement::PictureAway => TextKey::NotThere,
        Announcement::Copied => TextKey::Copied,
        Announcement::NotCopied => TextKey::NotCopied,
        Announcement::NotCancelled => TextKey::NotCancelled,
    };
    texts.text(plain).to_owned()
}

#[cfg(test)]
mod tests;
