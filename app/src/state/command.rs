//! Everything that the studio wants done.
//!
//! Owns [`Command`] and what is announced. Must not do anything: `store` does.

use super::{
    draft::Note,
    error::StudioError,
    event::Due,
    kept_picture::KeptFacts,
    progress::Progress,
    saved_draft::SavedDraft,
    session_storage::Stored,
    tile::{PictureFacts, TileKey},
    uploads::UploadId,
};
use contract::{
    frame_messages::{FrameMessage, Look},
    job::JobRequest,
};

/// What the studio wants done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Command {
    /// Put the challenge before the visitor.
    Challenge,
    /// Open a session.
    OpenSession {
        /// The token of the session that it renews.
        old: Option<String>,
        /// What the challenge gave.
        challenge: Option<String>,
    },
    /// Create a job.
    PostJob {
        /// The request that wants it.
        serial: u32,
        /// The session's token.
        token: String,
        /// The intent's key.
        key: String,
        /// What is asked for.
        request: JobRequest,
        /// The pictures that it starts from.
        uploads: Vec<UploadId>,
    },
    /// Ask for a job.
    FetchJob(String),
    /// Cancel a job if it runs.
    CancelJob(String),
    /// Let the edge forget a job's pictures.
    DeleteJob(String),
    /// Hear a job's event stream.
    Subscribe(String),
    /// Hear it no more.
    Unsubscribe(String),
    /// Say that this is due after so many milliseconds.
    After(u32, Due),
    /// Let the tab remember the session.
    SaveSession(Stored),
    /// Let the tab remember the draft.
    SaveDraft(SavedDraft),
    /// Post a message to the page round the frame.
    PostToPage(FrameMessage),
    /// Hand the bytes at this path over to the page, and say whether that was possible.
    HandOver {
        /// The picture's place.
        key: TileKey,
        /// Its path.
        url: String,
    },
    /// Take the picture back that the page has got.
    TakeBack,
    /// Apply the look that the page asks for.
    ApplyLook(Look),
    /// Make this picture ready to be sent: one that was given, or the one at this path.
    PrepareUpload(UploadId, Option<String>),
    /// Forget this picture.
    ReleaseUpload(UploadId),
    /// Decode this preview out of sight.
    DecodePreview {
        /// Its place.
        key: TileKey,
        /// Its path.
        url: String,
    },
    /// Fetch a picture that did not load past the browser's cache.
    Refetch {
        /// Its place.
        key: TileKey,
        /// Its path.
        url: String,
    },
    /// Make a smaller copy of a picture, once it has been seen for a moment.
    MakeThumbnail {
        /// Its place.
        key: TileKey,
        /// Its path.
        url: String,
    },
    /// Let go of these thumbnails: nothing shows them any more.
    ReleaseThumbnails(Vec<String>),
    /// Do something with the device history.
    Device(DeviceCommand),
    /// Say this to whoever listens instead of looking.
    Announce(Announcement),
    /// Move the focus.
    Focus(FocusTarget),
    /// Put the selection of the prompt back.
    Select(u32, u32),
    /// Scroll the frame so far that the tiles of this request can be seen, if nobody looks at what hangs below.
    ScrollTo(u32),
    /// Have the page scroll so far that what the form says can be seen.
    ScrollToNote,
    /// Fetch the lazy part of the program, and mount it.
    LoadLazyPart,
    /// Move the focus there if it is on the undo, which goes.
    LeaveToast(FocusTarget),
    /// Pack these pictures into one archive.
    MakeArchive(Vec<PictureFacts>),
    /// Save the archive that is ready.
    SaveArchive,
    /// Let go of the archive at this URL.
    ReleaseArchive(String),
}

/// What is done with the device history. The lazy part does it; before that has come, nothing is asked of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum DeviceCommand {
    /// Open it, and mark that the visitor has agreed.
    Open,
    /// Store a picture.
    Keep {
        /// Its place.
        key: TileKey,
        /// What is stored beside its bytes.
        facts: Box<KeptFacts>,
    },
    /// Delete the pictures at these paths.
    Forget(Vec<String>),
    /// Delete all, and the mark.
    DeleteAll,
}

/// Where the focus goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FocusTarget {
    /// The prompt; `select`: so that typing replaces what is there.
    Prompt {
        /// Whether all of it is selected.
        select: bool,
    },
    /// The button that adds pictures.
    Add,
    /// The picture in the composer that stands there.
    Reference(usize),
    /// A tile.
    Tile(TileKey),
    /// The first button of the device history.
    DeviceHistory,
    /// The composer's button.
    Create,
    /// The viewer: its first button.
    Viewer,
    /// The button that begins to select.
    Select,
    /// The button that selects all.
    SelectAll,
    /// The button that takes a deletion back.
    Undo,
}

/// What is said to whoever listens: what the others see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Announcement {
    /// Nothing any more: what was said is over.
    Nothing,
    /// So many pictures are being made.
    Making(u32),
    /// They wait until another one is done.
    Queued,
    /// They wait for the challenge.
    Check,
    /// How far they are.
    Waits(Progress),
    /// So many pictures are ready.
    Ready(usize),
    /// The visitor's cancel is through: so many pictures count all the same.
    Cancelled(u32),
    /// It is not: the edge could not be asked.
    NotCancelled,
    /// A picture stands in the composer.
    PictureAdded,
    /// It does no longer.
    PictureRemoved,
    /// The page has got a picture.
    PictureGiven,
    /// A picture could not be loaded.
    PictureAway,
    /// The clipboard has got something.
    Copied,
    /// The clipboard could not be written.
    NotCopied,
    /// What went wrong.
    Problem(StudioError),
    /// What the form has to say.
    Note(Note),
}
