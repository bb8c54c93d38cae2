//! The keys of the studio's texts. `texts/*.json` hold each language's texts by these keys, and a site's `texts` may
//! replace them.
//!
//! Owns the one list of keys. Must not hold a text.

/// Defines [`Word`] and [`KEYS`]: first the texts that the app uses, in the order in which the document embeds them, then
/// the texts that only the document uses.
macro_rules! keys {
    ($($(#[$doc:meta])* $word:ident = $key:literal,)+; $($more:literal)+) => {
        /// The key of a text that the app uses.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Word { $($(#[$doc])* $word),+ }

        impl Word {
            /// Every key, in the order in which the document embeds the texts.
            pub const ALL: &'static [(Self, &'static str)] = &[$((Self::$word, $key)),+];
        }

        /// Every key, each after a space. One string, because a list of strings would make the program larger.
        pub const KEYS: &str = concat!($(" ", $key),+ $(, " ", $more)+);

        /// The number of keys.
        pub const COUNT: usize = [$($key),+ $(, $more)+].len();
    };
}

keys! {
    /// The browser reports that there is no network.
    Offline = "offline",
    /// The edge could not be reached.
    Unreachable = "unreachable",
    /// The edge or the studio failed.
    Ours = "ours",
    /// The challenge could not be run.
    Unchecked = "unchecked",
    /// The session has expired.
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
    /// `visitor-limit` after several refused descriptions.
    Refusals = "refusals",
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
    /// What to do: the edge or the studio failed.
    DoRepeat = "do-repeat",
    /// What to do: a content blocker.
    DoAllow = "do-allow",
    /// What to do: the prompt was refused.
    DoOther = "do-other",
    /// What to do: the request is invalid.
    DoChange = "do-change",
    /// What to do: it is unknown whether the prompt or the picture service caused the failure.
    DoEither = "do-either",
    /// What to do: nothing, the studio retries by itself.
    DoGoesOn = "do-goes-on",
    /// What to do: a failure that cost nothing.
    DoNothing = "do-nothing",
    /// What to do: the service is busy.
    DoWait = "do-wait",
    /// What to do: only the site's owner can act.
    DoOwner = "do-owner",
    /// What to do: try again later.
    DoLater = "do-later",
    /// What to do: too many pictures are being made at once.
    DoFinish = "do-finish",
    /// What to do: the picture or the job is gone.
    DoAgain = "do-again",
    /// What to do: the session is over.
    DoSession = "do-session",
    /// The button that repeats the request.
    Retry = "retry",
    /// The button that goes back to the description.
    Edit = "edit",
    /// `{n}` is the description of a picture that is being made.
    Preview = "preview",
    /// The accessible name of the gallery.
    Pictures = "pictures",
    /// `{n}` pictures are left.
    Left = "left",
    /// `{n}` pictures are left; the allowance is renewed at `{m}`, which is `from`, `in-day` or `in-days`.
    LeftMore = "left-more",
    /// No picture is left.
    NoneLeft = "none-left",
    /// When the allowance is renewed: `{n}` is `from`, `in-day` or `in-days`.
    NewOnes = "new-ones",
    /// At the time of day `{n}`.
    From = "from",
    /// In one day.
    InDay = "in-day",
    /// In `{n}` days.
    InDays = "in-days",
    /// About `{n}` dollars.
    About = "about",
    /// `{n}` pictures for `{m}`.
    Cost = "cost",
    /// An amount of dollars: `{n}`, which contains the decimal mark.
    Dollars = "dollars",
    /// The decimal mark.
    Point = "point",
    /// `{n}` seconds.
    Elapsed = "elapsed",
    /// `{n}` seconds of about `{m}`.
    ElapsedOf = "elapsed-of",
    /// `{n}` seconds, longer than the usual `{m}`.
    ElapsedOver = "elapsed-over",
    /// The next try is in `{n}` seconds.
    Patience = "patience",
    /// The job waits for the challenge.
    WaitsCheck = "waits-check",
    /// The studio asks the edge again.
    Again = "again",
    /// The job is being cancelled.
    Cancelling = "cancelling",
    /// The prompt is empty.
    Empty = "empty",
    /// The prompt is one character too long; `{m}` are allowed.
    LongOne = "long-one",
    /// The prompt is `{n}` characters too long; `{m}` are allowed.
    Long = "long",
    /// `{n}` of `{m}` characters are used.
    Near = "near",
    /// Only `{n}` pictures are left.
    Fewer = "fewer",
    /// Another picture is still being made.
    OneAtATime = "one-at-a-time",
    /// No more pictures to edit can be added.
    Most = "most",
    /// A file is not a picture.
    NoPicture = "no-picture",
    /// A picture of the gallery no longer exists.
    Away = "away",
    /// The pictures to edit were lost when the page was reloaded.
    Forgotten = "forgotten",
    /// Announced: one picture is being made.
    Making = "making",
    /// Announced: `{n}` pictures are being made.
    MakingMany = "making-many",
    /// Announced, and the heading of the challenge.
    Check = "check",
    /// Announced: the picture is ready.
    Ready = "ready",
    /// Announced: `{n}` pictures are ready.
    ReadyMany = "ready-many",
    /// Announced: the job was cancelled.
    Cancelled = "cancelled",
    /// Announced: a picture to edit was added.
    Added = "added",
    /// Announced: a picture to edit was removed.
    Removed = "removed",
    /// Announced: the job could not be cancelled.
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
