//! The keys of the studio's texts. `texts/*.json` hold each language's texts by these keys, and a site's `texts` may
//! replace them.
//!
//! Owns the one list of keys. Must not hold a text.

/// Defines [`TextKey`] and [`KEYS`]: first the texts that the program says, in the order in which today's document embeds
/// them, then the texts that stand in the document.
macro_rules! keys {
    ($($(#[$doc:meta])* $key:ident = $name:literal,)+; $($(#[$own:meta])* $more:ident = $word:literal,)+) => {
        /// The key of a text.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum TextKey { $($(#[$doc])* $key,)+ $($(#[$own])* $more,)+ }

        impl TextKey {
            /// Every key with its name in `texts/*.json`.
            pub const ALL: &'static [(Self, &'static str)] =
                &[$((Self::$key, $name),)+ $((Self::$more, $word),)+];

            /// How many of them the program says: the first ones.
            pub const SAID: usize = [$($name),+].len();
        }

        /// Every key, each after a space. One string, because a list of strings would make the program larger.
        pub const KEYS: &str = concat!($(" ", $name),+ $(, " ", $word)+);

        /// The number of keys.
        pub const COUNT: usize = TextKey::ALL.len();
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
    /// The browser's canvas cannot be trusted with a picture.
    CanvasBlocked = "canvas-blocked",
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
    /// Announced: the job was cancelled, and its picture counts.
    CancelledCounts = "cancelled-counts",
    /// Announced: the job was cancelled, and its `{n}` pictures count.
    CancelledCountsMany = "cancelled-counts-many",
    /// The accessible name of the button that cancels one picture.
    CancelThis = "cancel-this",
    /// The job waits until another one is done; also announced, as a sentence.
    Queued = "queued",
    /// During a long wait: the picture stays here for one minute.
    YouCanLeaveOne = "you-can-leave-one",
    /// During a long wait: the picture stays here for `{n}` minutes.
    YouCanLeave = "you-can-leave",
    /// The accessible name of the button that puts away the card whose headline is `{n}`.
    PutAway = "put-away",
    /// The mark of the picture that the page has got.
    Used = "used",
    /// The button that takes such a picture back.
    TakeBack = "take-back",
    /// Beside an empty gallery without presets: what the studio is.
    WhatThisIs = "what-this-is",
    /// The edge has another release than the page.
    Updated = "updated",
    /// The part of the studio that comes after the first picture could not be loaded.
    PartMissing = "part-missing",
    /// The name of a picture's price.
    Price = "price",
    /// A price below a cent.
    UnderCent = "under-cent",
    ;
    /// The heading of the studio.
    Title = "title",
    /// What dropping files here does.
    Drop = "drop",
    /// The label of the prompt.
    Describe = "describe",
    /// The label of the prompt when there are pictures to edit.
    DescribeChange = "describe-change",
    /// The placeholder of the prompt.
    Example = "example",
    /// The placeholder of the prompt when there are pictures to edit.
    ExampleChange = "example-change",
    /// The heading of the pictures to edit.
    Starting = "starting",
    /// The alternative text of picture `{n}` to edit.
    Picture = "picture",
    /// The accessible name of the button that removes picture `{n}` to edit.
    RemovePicture = "remove-picture",
    /// The button that removes a picture to edit.
    Remove = "remove",
    /// The heading of the sizes.
    Shape = "shape",
    /// A square size.
    Square = "square",
    /// A wide size.
    Wide = "wide",
    /// A tall size.
    Tall = "tall",
    /// The heading of the qualities.
    Quality = "quality",
    /// The quality `low`.
    Low = "low",
    /// The quality `medium`.
    Medium = "medium",
    /// The quality `high`.
    High = "high",
    /// The label of the number of pictures.
    Count = "count",
    /// The button that shows more options.
    More = "more",
    /// The label of the format.
    Format = "format",
    /// The label of the transparent background.
    Transparent = "transparent",
    /// The button that adds pictures to edit.
    Add = "add",
    /// The button that submits the form.
    Create = "create",
    /// The button that cancels a job.
    Cancel = "cancel",
    /// The heading of the presets.
    Ideas = "ideas",
    /// Pictures are samples.
    Sample = "sample",
    /// The studio's program could not be loaded.
    Broken = "broken",
    /// The studio's program has ended.
    Stopped = "stopped",
    /// The browser runs no scripts.
    NoScript = "no-script",
    /// The heading of the gallery.
    Gallery = "gallery",
    /// The gallery is empty.
    Wall = "wall",
    /// Pictures are kept at the edge for one minute.
    KeptOne = "kept-one",
    /// Pictures are kept at the edge for `{n}` minutes.
    Kept = "kept",
    /// The link to the owner's privacy statement.
    Privacy = "privacy",
    /// The link to report a picture.
    Report = "report",
    /// Announced: a submit waits for the program.
    Moment = "moment",
    /// Announced: the picture was given to the page.
    Given = "given",
    /// Announced: a picture's bytes could not be loaded.
    NotThere = "not-there",
    /// The button that downloads a picture.
    Download = "download",
    /// The button that opens the viewer; `{n}` is the description.
    Open = "open",
    /// The label of pictures made by AI.
    Ai = "ai",
    /// The accessible name of that label.
    AiMade = "ai-made",
    /// The button that edits a picture of the gallery.
    Change = "change",
    /// The button that gives a picture to the page.
    Choose = "choose",
    /// The accessible name of the viewer.
    Viewer = "viewer",
    /// The button that closes the viewer.
    Close = "close",
    /// The button that shows the previous picture.
    Previous = "previous",
    /// The button that shows the next picture.
    Next = "next",
    /// Announced with the description: picture `{n}` of `{m}` is in the viewer.
    Place = "place",
    /// Fact of a picture: when it was made.
    Made = "made",
    /// Fact of a picture: its model.
    Model = "model",
    /// Fact of a picture: its width and height.
    Pixels = "pixels",
    /// Fact of a picture: its media type and size.
    File = "file",
    /// Fact of a picture: Content Credentials.
    Credentials = "credentials",
    /// Content Credentials are present.
    Present = "present",
    /// The button that copies a picture.
    CopyPicture = "copy-picture",
    /// The button that copies a description.
    CopyPrompt = "copy-prompt",
    /// Announced: something was copied.
    Copied = "copied",
    /// Announced: something could not be copied.
    NotCopied = "not-copied",
    /// The button that shares a picture.
    Share = "share",
    /// The button that fills the form from a picture.
    Reuse = "reuse",
    /// The button that repeats a picture's request.
    Vary = "vary",
    /// The button that deletes pictures.
    Delete = "delete",
    /// One picture was deleted.
    DeletedOne = "deleted-one",
    /// `{n}` pictures were deleted.
    Deleted = "deleted",
    /// The button that takes a deletion back.
    Undo = "undo",
    /// The button that starts a selection.
    Select = "select",
    /// One picture is selected.
    SelectedOne = "selected-one",
    /// `{n}` pictures are selected.
    Selected = "selected",
    /// The button that selects every picture.
    All = "all",
    /// The button that downloads the selection.
    Zip = "zip",
    /// The button that ends a selection.
    Done = "done",
    /// The heading of the device history.
    Keeping = "keeping",
    /// What the device history stores, before it is on.
    KeepWhat = "keep-what",
    /// The button that starts the device history.
    Keep = "keep",
    /// The button that declines the device history.
    NotNow = "not-now",
    /// The device history is on.
    Keeps = "keeps",
    /// The button that stops the device history.
    Stop = "stop",
    /// What stopping the device history deletes.
    StopWhat = "stop-what",
    /// The button that confirms it.
    StopAll = "stop-all",
    /// The button that goes on with the device history.
    GoOn = "go-on",
    /// The device is full.
    KeepFull = "keep-full",
    /// The browser stores nothing.
    KeepNot = "keep-not",
    /// Another tab holds the device history in an earlier release's form.
    KeepBlocked = "keep-blocked",
    /// A newer release has stored the device history.
    KeepNewer = "keep-newer",
}
