//! Everything that can happen to the studio.
//!
//! Owns [`Event`] and [`Due`]. Must not say what follows from them: `Studio::apply` does.

use super::{
    command::Announcement,
    device_history::{DeviceButton, DeviceFailure},
    early::Early,
    edge_clock::EdgeTime,
    error::StudioError,
    kept_picture::KeptPicture,
    saved_draft::SavedDraft,
    selection::Archive,
    session_storage::Stored,
    tile::TileKey,
    uploads::UploadId,
    viewer::Step,
    virtual_scroll::{Frame, Length, Sight},
};
use contract::{
    frame_messages::PageMessage,
    job::Job,
    options::{Format, Quality, Size},
    session::Session,
};

/// What happens to the studio. A `key` is a fresh one of the browser's chance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Event {
    /// The program starts.
    Started(Box<Start>),
    /// The prompt has got the focus.
    PromptFocused,
    /// The visitor has changed the prompt.
    PromptChanged(String),
    /// A shape is chosen.
    ShapeChosen(Size),
    /// A quality is chosen.
    QualityChosen(Quality),
    /// A number of pictures is chosen.
    CountChosen(u32),
    /// A format is chosen.
    FormatChosen(Format),
    /// A transparent background is chosen, or not.
    TransparentChosen(bool),
    /// "More" is pressed: the options unfold or fold.
    OptionsToggled,
    /// An idea is pressed: the preset of this index.
    IdeaPressed(usize),
    /// The form is submitted.
    Submitted {
        /// The intent's key.
        key: String,
    },
    /// The button is pressed while it says Cancel, and that is not the second half of a double click.
    CancelPressed,
    /// The Cancel of one request's tile.
    TileCancelled(u32),
    /// Pictures are given to start from.
    FilesAdded(Vec<UploadId>),
    /// Files are dragged over the studio, or not any more.
    FilesOver(bool),
    /// "Remove" at a picture in the composer.
    UploadRemoved(UploadId),
    /// A picture is ready to be sent; its URL shows it.
    UploadReady {
        /// The picture.
        id: UploadId,
        /// A URL of the browser's.
        url: String,
    },
    /// A picture cannot be had.
    UploadFailed(UploadId),
    /// This browser makes no picture ready to be sent: there is no canvas, or it cannot be trusted.
    UploadBlocked(UploadId),
    /// "Change this picture"; the number for it is fresh.
    ChangePressed(TileKey, UploadId),
    /// "Edit" of a problem card.
    EditPressed(u32),
    /// "Try again" of a problem card, or "Same words, new picture" of the viewer.
    RetryPressed {
        /// The request.
        serial: u32,
        /// The key of another intent, if it becomes one.
        key: String,
    },
    /// The × of a problem card.
    ProblemDismissed(u32),
    /// "Edit the words" of the viewer.
    ReusePressed(TileKey),
    /// The visitor deletes these pictures: they can come back.
    DeletePressed(Vec<TileKey>),
    /// What was deleted just now comes back.
    UndoPressed,
    /// The pointer or the focus is on the undo, or is not any more.
    UndoHeld(bool),
    /// "Select", or the end of selecting.
    Selecting(bool),
    /// A picture is picked, or is no more.
    TilePicked {
        /// Its place.
        key: TileKey,
        /// Whether all since the one that was picked last are meant.
        range: bool,
    },
    /// "Select all".
    AllPicked,
    /// "Delete" of the selection.
    SelectedDeleted,
    /// "Download as zip".
    SelectedSaved,
    /// The archive of the selection is ready, or could not be made.
    ArchiveMade {
        /// The archive.
        archive: Option<Archive>,
        /// Whether a picture is missing in it.
        away: bool,
    },
    /// The wall has been measured.
    WallMeasured {
        /// Its width and the lengths of its style.
        frame: Frame,
        /// What is in sight of it.
        sight: Sight,
    },
    /// The cards that are rendered have these heights, in their order.
    CardsMeasured(Vec<Length>),
    /// Another part of the wall is in sight.
    Scrolled(Sight),
    /// A picture's bytes are here.
    PictureLoaded(TileKey),
    /// A picture did not load.
    PictureFailed(TileKey),
    /// A picture was fetched past the browser's cache, or could not be.
    PictureRefetched(TileKey, bool),
    /// A picture has appeared as a whole: nothing under it is seen any more.
    PictureDeveloped(TileKey),
    /// A preview can be shown.
    PreviewDecoded {
        /// Its place.
        key: TileKey,
        /// Its path.
        url: String,
    },
    /// A smaller copy of a picture can be shown in its place.
    ThumbnailReady {
        /// Its place.
        key: TileKey,
        /// A URL of the browser's.
        url: String,
    },
    /// A picture of the wall is pressed: the viewer shows it.
    ViewerOpened(TileKey),
    /// The viewer goes on to the picture beside.
    ViewerStepped(Step),
    /// The viewer is closed.
    ViewerClosed,
    /// "Use this picture", or at the one that the page has got "Take back".
    UsePressed(TileKey),
    /// A picture was handed over to the page, or could not be.
    Handed {
        /// Its place.
        key: TileKey,
        /// Whether the page has it.
        ok: bool,
    },
    /// A picture is saved by its tile's button.
    DownloadPressed(TileKey),
    /// The page round the frame has sent a message.
    HostMessage {
        /// The message.
        message: PageMessage,
        /// The key of the intent, if it becomes one.
        key: String,
    },
    /// An old script has something to say.
    Announced(Announcement),
    /// The document goes out of sight, and may not come back.
    PageHidden,
    /// A part of the program is missing: the edge has another release by now.
    PartMissing,
    /// The lazy part of the program is mounted.
    LazyPartMounted,
    /// The lazy part of the program did not come.
    LazyPartMissing,
    /// The edge has answered the request for a session.
    SessionOpened(Result<Session, StudioError>),
    /// The edge has answered the `POST` of this request.
    JobCreated(u32, Result<Box<Job>, StudioError>),
    /// A job was told by an answer, or could not be.
    JobFetched(String, Result<Box<Job>, StudioError>),
    /// A job was told by its event stream.
    JobStreamed(String, Box<Job>),
    /// A job's event stream is cut: the browser opens it again, or (true) has given it up.
    StreamCut(String, bool),
    /// The edge could not be asked to cancel this job.
    CancelFailed(String, StudioError),
    /// The edge has told the time by an answer.
    EdgeTime(EdgeTime),
    /// The challenge is passed, with the token that says so; or it could not be.
    ChallengeEnded(Option<String>),
    /// A button of the device history is pressed.
    DevicePressed(DeviceButton),
    /// The device history is open, and holds these.
    DeviceOpened(Vec<KeptPicture>),
    /// The device history cannot be opened while another tab has it open in the form of an earlier release.
    DeviceBlocked,
    /// Another tab has deleted the device history.
    DeviceDeleted,
    /// The device keeps nothing more.
    DeviceFailed(DeviceFailure),
    /// A picture is stored on the device.
    PictureKept(TileKey, Box<KeptPicture>),
    /// A picture could not be stored, because its bytes could not be had.
    PictureNotKept {
        /// Its place.
        key: TileKey,
        /// Whether the edge has said that it is gone.
        gone: bool,
    },
    /// It is time for what was put off.
    Due(Due),
}

/// How the program starts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Start {
    /// What happened before.
    pub early: Early,
    /// The session that the tab remembers.
    pub stored: Option<Stored>,
    /// Whether the visitor has let this device keep pictures.
    pub agreed: bool,
    /// The draft that the tab remembers.
    pub draft: Option<SavedDraft>,
    /// A fresh key, from which the keys of early intents are made.
    pub key: String,
}

/// What was put off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Due {
    /// To load this request's pictures again.
    Reload(u32),
    /// To send this request again.
    Resend(u32),
    /// To ask for this job.
    Fetch(String),
    /// To look whether this request's event stream has been quiet for too long, by the timer of this turn.
    Watch(u32, u32),
    /// To open this job's event stream anew.
    Subscribe(String),
    /// To ask once more that this job is cancelled.
    Cancel(String),
    /// To tell the time again.
    Tick,
    /// To write the draft down.
    SaveDraft,
    /// To store this request's pictures on the device.
    Keep(u32),
    /// To end the time in which a deletion can be undone, by the timer of this turn.
    UndoExpires(u32),
    /// To let go of the archive at this URL.
    ReleaseArchive(String),
}
