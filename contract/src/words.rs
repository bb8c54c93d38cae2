//! The studio's words by their keys: what `texts/*.json` say in each language, and what an owner's `texts` may replace.
//!
//! Owns the one list of keys. Must not hold a sentence.

/// The program's words, whose place in the list is their place in the document, then those of the document alone.
macro_rules! keys {
    ($($(#[$doc:meta])* $word:ident = $key:literal,)+; $($more:literal)+) => {
        /// A word that the program says.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Word { $($(#[$doc])* $word),+ }

        impl Word {
            /// Every one, in the order in which the document holds them.
            pub const ALL: &'static [(Self, &'static str)] = &[$((Self::$word, $key)),+];
        }

        /// Every key, with a space before each: one text, because a list weighs more.
        pub const KEYS: &str = concat!($(" ", $key),+ $(, " ", $more)+);

        /// How many keys there are.
        pub const COUNT: usize = [$($key),+ $(, $more)+].len();
    };
}

keys! {
    /// The browser says that there is no network.
    Offline = "offline",
    /// The edge could not be reached.
    Unreachable = "unreachable",
    /// Something of ours failed.
    Ours = "ours",
    /// The challenge did not work.
    Unchecked = "unchecked",
    /// The session is over.
    Session = "session-required",
    /// `invalid-request`.
    Invalid = "invalid-request",
    /// `challenge-failed`.
    ChallengeFailed = "challenge-failed",
    /// `origin-not-allowed`.
    Origin = "origin-not-allowed",
    /// `unknown-site`.
    UnknownSite = "unknown-site",
    /// `unknown-job`.
    UnknownJob = "unknown-job",
    /// `picture-gone`.
    Gone = "picture-gone",
    /// `too-large`.
    TooLarge = "too-large",
    /// `prompt-refused`.
    Refused = "prompt-refused",
    /// `visitor-limit`.
    Limit = "visitor-limit",
    /// `gateway-failed`.
    Failed = "gateway-failed",
    /// `gateway-refused`.
    TurnedAway = "gateway-refused",
    /// `busy`.
    Busy = "busy",
    /// `site-closed`.
    Closed = "site-closed",
    /// `budget-spent`.
    Spent = "budget-spent",
    /// `misconfigured`.
    Misconfigured = "misconfigured",
    /// `interrupted`.
    Interrupted = "interrupted",
    /// What to do: offline.
    DoReturn = "do-return",
    /// What to do: the edge could not be reached.
    DoConnect = "do-connect",
    /// What to do: a fault of ours.
    DoRepeat = "do-repeat",
    /// What to do: a content blocker.
    DoAllow = "do-allow",
    /// What to do: the words were refused.
    DoOther = "do-other",
    /// What to do: the request does not fit.
    DoChange = "do-change",
    /// What to do: nobody knows whether the words or the picture service were at fault.
    DoEither = "do-either",
    /// What to do: nothing, the studio goes on by itself.
    DoGoesOn = "do-goes-on",
    /// What to do: a fault that costs nothing.
    DoNothing = "do-nothing",
    /// What to do: much is going on.
    DoWait = "do-wait",
    /// What to do: only the owner can.
    DoOwner = "do-owner",
    /// What to do: come back.
    DoLater = "do-later",
    /// What to do: too many at once.
    DoFinish = "do-finish",
    /// What to do: the picture or the job is gone.
    DoAgain = "do-again",
    /// What to do: the session is over.
    DoSession = "do-session",
    /// The button that does the same once more.
    Retry = "retry",
    /// The button that goes back to the description.
    Edit = "edit",
    /// `{n}` is the description of a picture that is being made.
    Preview = "preview",
    /// The wall's name.
    Pictures = "pictures",
    /// `{n}` pictures are left.
    Left = "left",
    /// `{n}` pictures are left, and more come `{m}`: `from`, `in-day` or `in-days`.
    LeftMore = "left-more",
    /// No picture is left.
    NoneLeft = "none-left",
    /// When there are more: `{n}` is `from`, `in-day` or `in-days`.
    NewOnes = "new-ones",
    /// By the clock: `{n}`.
    From = "from",
    /// In one day.
    InDay = "in-day",
    /// In `{n}` days.
    InDays = "in-days",
    /// About so much money: `{n}`.
    About = "about",
    /// `{n}` pictures for so much money: `{m}`.
    Cost = "cost",
    /// Dollars: `{n}`, with the mark before the cents.
    Dollars = "dollars",
    /// The mark before the cents.
    Point = "point",
    /// `{n}` seconds.
    Elapsed = "elapsed",
    /// `{n}` seconds of about `{m}`.
    ElapsedOf = "elapsed-of",
    /// `{n}` seconds, longer than the usual `{m}`.
    ElapsedOver = "elapsed-over",
    /// The next try comes in `{n}` seconds.
    Patience = "patience",
    /// Waits for the challenge.
    WaitsCheck = "waits-check",
    /// Asks the edge again.
    Again = "again",
    /// Waits for the end.
    Cancelling = "cancelling",
    /// There is no description.
    Empty = "empty",
    /// One character too many; `{m}` fit.
    LongOne = "long-one",
    /// `{n}` characters too many; `{m}` fit.
    Long = "long",
    /// `{n}` of `{m}` characters are used.
    Near = "near",
    /// Only `{n}` pictures are left.
    Fewer = "fewer",
    /// Another picture is still being made.
    OneAtATime = "one-at-a-time",
    /// No more pictures to start from.
    Most = "most",
    /// A file is no picture.
    NoPicture = "no-picture",
    /// A picture of the wall is gone.
    Away = "away",
    /// The pictures to start from went with a reload.
    Forgotten = "forgotten",
    /// Said: one picture is being made.
    Making = "making",
    /// Said: `{n}` pictures are being made.
    MakingMany = "making-many",
    /// Said, and stands over the challenge.
    Check = "check",
    /// Said: the picture is ready.
    Ready = "ready",
    /// Said: `{n}` pictures are ready.
    ReadyMany = "ready-many",
    /// Said: cancelled.
    Cancelled = "cancelled",
    /// Said: a picture to start from was added.
    Added = "added",
    /// Said: it was removed.
    Removed = "removed",
    /// Said: it could not be cancelled.
    NotCancelled = "not-cancelled",
    ;
    "title" "drop" "describe" "describe-change" "example" "example-change" "starting" "picture" "remove-picture"
    "remove" "shape" "square" "wide" "tall" "quality" "low" "medium" "high" "count" "more" "format" "transparent" "add" "create" "cancel" "ideas"
    "sample" "broken" "no-script" "gallery" "wall" "kept-one" "kept" "privacy" "report" "moment" "given" "not-there"
    "download" "open" "ai" "ai-made" "change" "choose" "viewer" "close" "previous" "next" "made" "model" "pixels" "file" "credentials" "present"
    "copy-picture" "copy-prompt" "copied" "not-copied" "share" "reuse" "vary" "delete" "deleted-one" "deleted" "undo"
    "select" "selected-one" "selected" "all" "zip" "done" "keeping" "keep-what" "keep" "not-now" "keeps" "stop" "stop-what"
    "stop-all" "go-on" "keep-full" "keep-not"
}
