//! The studio's voice: what happened, whose side it is on, what to do now.
//!
//! Owns which word is said when, and puts numbers into it. The words themselves are in `texts/`: the document brings them,
//! in its language and with the owner's in their place. Must not decide anything, nor hold a word.
//!
//! A number goes into `{n}`, a second one into `{m}`, and one has a word of its own where it needs it: a library of plural
//! rules and formats would weigh more than the studio.

use crate::state::{
    digits::digits, dollars::dollars, draft::Note, left::Left, progress::Progress, studio::Said,
    trouble::Trouble,
};
pub(crate) use contract::text_keys::TextKey;
use contract::{
    money::Nano,
    problem::ProblemKind,
    session::Allowance,
    time::{DAY_MS, Timestamp},
};
use std::cell::Cell;

thread_local! {
    /// By their place in the list of [`TextKey`].
    static WORDS: Cell<&'static [&'static str]> = const { Cell::new(&[]) };
}

/// Takes the words that the document brought, a line for each. They are kept for as long as it lives.
pub(crate) fn learn(lines: String) {
    let lines: &'static str = lines.leak();
    WORDS.set(lines.split('\n').collect::<Vec<_>>().leak());
}

/// A word as it stands.
pub(crate) fn word(word: TextKey) -> &'static str {
    #[cfg(test)]
    tests::learn_english();
    WORDS.get().get(word as usize).copied().unwrap_or_default()
}

/// A word with these in the places of `{n}` and `{m}`.
pub(crate) fn fill(pattern: TextKey, n: &str, m: &str) -> String {
    let mut parts = word(pattern).split('{');
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

/// A problem as a card says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Card {
    /// What happened.
    pub headline: &'static str,
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
    /// The button's word.
    pub(crate) fn word(self) -> &'static str {
        word(match self {
            Self::Retry => TextKey::Retry,
            Self::Edit => TextKey::Edit,
        })
    }
}

/// The card of a problem. `of_day` tells hour and minute of a time in the visitor's zone.
pub(crate) fn card(trouble: Trouble, now: u64, of_day: impl Fn(Timestamp) -> (u32, u32)) -> Card {
    let (headline, text, action) = told(trouble);
    let text = match trouble.resets_at() {
        Some(end) => new_ones(end, now, of_day),
        None => word(text).to_owned(),
    };
    // Whose side it is on is not always known: other words may help, or the same ones later.
    let either = trouble.is(ProblemKind::GatewayFailed).then_some(Action::Edit);
    Card { headline: word(headline), text, actions: [action, either] }
}

/// The card of a problem whose order is sent again and again behind it.
pub(crate) fn card_of_doubt(trouble: Trouble) -> Card {
    Card {
        headline: word(told(trouble).0),
        text: word(TextKey::DoGoesOn).to_owned(),
        actions: [Some(Action::Retry), Some(Action::Edit)],
    }
}

/// What happened, what to do now, and the button that helps.
fn told(trouble: Trouble) -> (TextKey, TextKey, Option<Action>) {
    use ProblemKind as Kind;
    let (retry, edit) = (Some(Action::Retry), Some(Action::Edit));
    let (kind, resets_at) = match trouble {
        Trouble::Offline => return (TextKey::Offline, TextKey::DoReturn, retry),
        Trouble::Unreachable => return (TextKey::Unreachable, TextKey::DoConnect, retry),
        Trouble::Unreadable => return (TextKey::Ours, TextKey::DoRepeat, retry),
        Trouble::Rate(_) => return (TextKey::Limit, TextKey::DoWait, retry),
        Trouble::Refusals { resets_at } => {
            return (TextKey::Refusals, TextKey::DoFinish, retry.filter(|_| resets_at.is_none()));
        }
        Trouble::Unchecked => return (TextKey::Unchecked, TextKey::DoAllow, retry),
        Trouble::Problem { kind, resets_at } => (kind, resets_at),
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
fn happened(trouble: Trouble) -> String {
    sentence(told(trouble).0)
}

fn sentence(headline: TextKey) -> String {
    [word(headline), "."].concat()
}

/// How many pictures are left, and when more come.
pub(crate) fn left(left: Left, now: u64, of_day: impl Fn(Timestamp) -> (u32, u32)) -> String {
    let (none, end) = match left {
        Left::Closed(trouble) => match trouble.resets_at() {
            Some(end) => (happened(trouble), end),
            None => return happened(trouble),
        },
        Left::Pictures(Allowance { remaining: 0, resets_at, .. }) => {
            (word(TextKey::NoneLeft).to_owned(), resets_at)
        }
        Left::Pictures(Allowance { remaining, limit, resets_at }) => {
            let (pattern, more) = if remaining < limit {
                (TextKey::LeftMore, when(resets_at, now, of_day))
            } else {
                (TextKey::Left, String::new())
            };
            return fill(pattern, &digits(remaining), &more);
        }
    };
    [&none, " ", &new_ones(end, now, of_day)].concat()
}

fn new_ones(end: Timestamp, now: u64, of_day: impl Fn(Timestamp) -> (u32, u32)) -> String {
    fill(TextKey::NewOnes, &when(end, now, of_day), "")
}

/// When a limit ends: by the clock within a day, else by days. The minute that is told is never too early.
fn when(end: Timestamp, now: u64, of_day: impl Fn(Timestamp) -> (u32, u32)) -> String {
    let days = end.since(Timestamp(now)) / DAY_MS;
    if days > 0 {
        return fill(if days == 1 { TextKey::InDay } else { TextKey::InDays }, &digits(days), "");
    }
    let (hour, minute) = of_day(end.plus(59_999));
    let two = |number| if number < 10 { ["0", &digits(number)].concat() } else { digits(number) };
    fill(TextKey::From, &[&two(hour), ":", &two(minute)].concat(), "")
}

/// What pictures will cost.
pub(crate) fn estimate(usd: Nano) -> String {
    fill(TextKey::About, &money(usd), "")
}

/// What so many pictures have cost together.
pub(crate) fn cost((count, usd): (usize, Nano)) -> String {
    if count == 1 { money(usd) } else { fill(TextKey::Cost, &digits(count), &money(usd)) }
}

fn money(usd: Nano) -> String {
    fill(TextKey::Dollars, &dollars(usd, word(TextKey::Point)), "")
}

/// A wait.
pub(crate) fn progress(progress: Progress) -> String {
    let still = match progress {
        Progress::Elapsed { seconds, expected } => {
            let pattern = match expected {
                Some(expected) if seconds <= expected => TextKey::ElapsedOf,
                Some(_) => TextKey::ElapsedOver,
                None => TextKey::Elapsed,
            };
            return fill(pattern, &digits(seconds), &expected.map(digits).unwrap_or_default());
        }
        Progress::Patience { seconds } => return fill(TextKey::Patience, &digits(seconds), ""),
        Progress::Check => TextKey::WaitsCheck,
        Progress::Again => TextKey::Again,
        Progress::Cancelling => TextKey::Cancelling,
    };
    word(still).to_owned()
}

/// What stands under the prompt.
pub(crate) fn note(note: Note) -> String {
    let plain = match note {
        Note::TooLong { chars, max } => {
            let over = chars - max;
            let pattern = if over == 1 { TextKey::LongOne } else { TextKey::Long };
            return fill(pattern, &digits(over), &digits(max));
        }
        Note::Near { chars, max } => return fill(TextKey::Near, &digits(chars), &digits(max)),
        Note::Fewer(left) => return fill(TextKey::Fewer, &digits(left), ""),
        Note::Empty => TextKey::Empty,
        Note::OneAtATime => TextKey::OneAtATime,
        Note::TooManyPictures => TextKey::Most,
        Note::NoPicture => TextKey::NoPicture,
        Note::PictureAway => TextKey::Away,
        Note::PicturesForgotten => TextKey::Forgotten,
    };
    word(plain).to_owned()
}

/// What is said to whoever listens.
pub(crate) fn said(said: Said) -> String {
    let plain = match said {
        Said::Making(count) if count != 1 => return fill(TextKey::MakingMany, &digits(count), ""),
        Said::Ready(count) if count != 1 => return fill(TextKey::ReadyMany, &digits(count), ""),
        Said::Check => return sentence(TextKey::Check),
        Said::Trouble(trouble) => return happened(trouble),
        Said::Note(own) => return note(own),
        Said::Making(_) => TextKey::Making,
        Said::Ready(_) => TextKey::Ready,
        Said::Cancelled => TextKey::Cancelled,
        Said::PictureAdded => TextKey::Added,
        Said::PictureRemoved => TextKey::Removed,
        Said::NotCancelled => TextKey::NotCancelled,
    };
    word(plain).to_owned()
}

#[cfg(test)]
mod tests;
