//! One order of the visitor: from the press of the button to the last picture.
//!
//! Owns its stages. Must not decide what follows: `studio` does.

use super::{error::StudioError, job, tile::TileKey, uploads::UploadId};
use contract::job::{Job, JobRequest, JobState, PictureState};

/// An intent and what has become of it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub(crate) struct Request {
    /// Tells it from the others of this visit.
    pub serial: u32,
    /// How often its pictures were loaded again.
    pub loads: u8,
    /// Its places whose picture did not load, until they are loaded again.
    pub lost: PictureSet,
    /// Whether they are to be loaded again in a moment.
    pub reloads: bool,
    /// Whether its card is a line: a newer request has brought a picture.
    pub shrunk: bool,
    /// When it was asked for; 0 if that is forgotten.
    pub since: u64,
    /// Its places that were deleted, a bit for each.
    pub gone: PictureSet,
    /// Those that were deleted just now: an undo brings them back.
    pub binned: PictureSet,
    /// Whether it starts from pictures.
    pub changes: bool,
    /// Those pictures. A reload forgets them.
    pub uploads: Vec<UploadId>,
    /// Those of its pictures that this device keeps: they are there, whatever the edge says.
    pub kept: PictureSet,
    /// Those that it cannot keep: the edge has let go of them.
    pub not_kept: PictureSet,
    /// Whether only the device history has told of it: a reload finds it there.
    pub from_device: bool,
    /// Those of which a thumbnail was asked for.
    pub copied: PictureSet,
    /// Previews that are decoded, by the index of their picture, the newest last.
    pub previews: Vec<(u32, String)>,
    /// Smaller copies of its pictures, by index.
    pub thumbnails: Vec<(u32, String)>,
    /// Where it stands.
    pub stage: Stage,
}

/// Some of a job's pictures, by their indices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct PictureSet(pub u16);

impl PictureSet {
    /// The set of one.
    pub(crate) fn one(index: u32) -> Self {
        Self(Self::bit(index))
    }

    /// Adds one. A job has at most ten.
    pub(crate) fn add(&mut self, index: u32) {
        self.0 |= Self::bit(index);
    }

    /// Takes one out.
    pub(crate) fn remove(&mut self, index: u32) {
        self.0 &= !Self::bit(index);
    }

    /// Whether this one is among them.
    pub(crate) fn has(self, index: u32) -> bool {
        self.0 & Self::bit(index) != 0
    }

    fn bit(index: u32) -> u16 {
        1_u16.checked_shl(index).unwrap_or_default()
    }
}

/// Where an intent stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Stage {
    /// There is no job yet.
    Sending(Sending),
    /// A job of an earlier load of this tab, not seen again yet.
    Remembered {
        /// The job's id.
        id: String,
        /// How often it was asked for in vain.
        tries: u8,
    },
    /// The job runs.
    Running(Running),
    /// At least one picture came.
    Done(Box<Job>),
    /// No picture came.
    Failed {
        /// What was asked for.
        order: JobRequest,
        /// Why.
        error: StudioError,
    },
}

/// A request on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub(crate) struct Sending {
    /// What is asked for, to the letter: with its key it is sent as it is until its fate is known.
    pub order: JobRequest,
    /// The same for every repetition: the edge grants an intent once.
    pub key: String,
    /// When the button was pressed.
    pub since: u64,
    /// How often it was sent in vain.
    pub tries: u8,
    /// Where the last attempt to send it is.
    pub step: Step,
    /// Whether the session was renewed for it.
    pub renewed: bool,
    /// Whether a challenge was begun for it.
    pub checked: bool,
    /// Whether the visitor has cancelled it meanwhile.
    pub cancelled: bool,
    /// What is known of its attempts.
    pub fate: Fate,
    /// Whether an earlier load of this tab has begun it.
    pub restored: bool,
    /// The card that stands there while it is sent again and again.
    pub card: Option<StudioError>,
}

/// What is known of the attempts to send something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// None has left.
    Unsent,
    /// Each is known to be refused, and it is to be sent again.
    Refused,
    /// One has left, and each before it is known to be refused.
    Sent,
    /// One may have been granted: only the same key can tell.
    Doubt,
}

/// Where an attempt to send stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// There is no session yet.
    Session,
    /// The edge has not answered yet.
    Answer,
    /// The next attempt has a time.
    Pause,
    /// The visitor has as many jobs at once as the site allows: it waits for its turn.
    Queued,
}

/// A job that runs, as last told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Running {
    /// Its state.
    pub job: Box<Job>,
    /// When that was told.
    pub seen: u64,
    /// Whether the visitor has cancelled it, and the edge has not said so yet.
    pub cancelled: bool,
    /// How often the edge could not be asked for that.
    pub cancels: u8,
    /// Whether its events come.
    pub watch: Watch,
    /// What was left to the visitor when it was granted, if that was told.
    pub granted: Option<u32>,
    /// Whether it is known to have started upstream.
    pub started: bool,
}

/// What is known of a job's event stream. A stream that is cut may say so; one that something in between holds back, or that
/// has died on the way, only says nothing: so a job whose stream is quiet is asked for.
///
/// A stream that delivers is never doubted for a moment. One that is only quiet costs a question after six seconds and then
/// one every seven, so that a picture hangs within ten of being ready; one that is known to be broken is asked for at once,
/// then after two, four and seven seconds. Each word of the stream begins that anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Watch {
    /// When the stream, or the answer to a question, last said something.
    pub since: u64,
    /// Questions since the stream last said something.
    pub asks: u8,
    /// Whether one is under way.
    pub asked: bool,
    /// Whether the stream has said that it is cut.
    pub broken: bool,
    /// Whether the last question had no answer.
    pub lost: bool,
    /// Tells the timer that counts from those before it.
    pub turn: u32,
}

/// How long a stream may be quiet before its job is asked for, and between two questions then, in milliseconds.
const QUIET_MS: u32 = 6_000;
const MOST_MS: u32 = 7_000;

impl Watch {
    /// A stream that was opened now.
    pub(crate) fn new(now: u64) -> Self {
        Self { since: now, ..Self::default() }
    }

    /// How long after [`Self::since`] the job is asked for.
    pub(crate) fn pause_ms(self) -> u32 {
        match (self.broken, self.asks) {
            (false, 0) => QUIET_MS,
            (true, 0..=2) => 1000 << self.asks,
            _ => MOST_MS,
        }
    }
}

impl Running {
    /// A job whose stream is opened now.
    pub(crate) fn new(job: Box<Job>, now: u64) -> Self {
        let (granted, started) = (job.allowance.map(|it| it.remaining), has_started(&job));
        let watch = Watch::new(now);
        Self { job, seen: now, cancelled: false, cancels: 0, watch, granted, started }
    }
}

/// Whether a job has begun upstream, by its state or its pictures'.
pub(crate) fn has_started(job: &Job) -> bool {
    job.state == JobState::Running || job.pictures.iter().any(job::is_ready)
}

impl Sending {
    /// An intent that nobody has heard of yet.
    pub(crate) const fn new(order: JobRequest, key: String, now: u64) -> Self {
        Self {
            order,
            key,
            since: now,
            tries: 0,
            step: Step::Session,
            renewed: false,
            checked: false,
            cancelled: false,
            fate: Fate::Unsent,
            restored: false,
            card: None,
        }
    }
}

impl Request {
    /// A request at this stage.
    pub(crate) const fn new(serial: u32, stage: Stage) -> Self {
        Self {
            serial,
            loads: 0,
            reloads: false,
            shrunk: false,
            lost: PictureSet(0),
            since: 0,
            gone: PictureSet(0),
            binned: PictureSet(0),
            changes: false,
            uploads: Vec::new(),
            kept: PictureSet(0),
            not_kept: PictureSet(0),
            from_device: false,
            copied: PictureSet(0),
            previews: Vec::new(),
            thumbnails: Vec::new(),
            stage,
        }
    }

    /// The id of its job, if it has one that is worth remembering.
    pub(crate) fn id(&self) -> Option<&str> {
        match &self.stage {
            Stage::Remembered { id, .. } => Some(id),
            _ => self.job().map(|job| job.id.as_str()),
        }
    }

    /// Its job, once it has one.
    pub(crate) fn job(&self) -> Option<&Job> {
        match &self.stage {
            Stage::Running(Running { job, .. }) | Stage::Done(job) => Some(job),
            _ => None,
        }
    }

    /// Whether the picture in this place was deleted, for good or just now.
    pub(crate) fn hides(&self, index: u32) -> bool {
        self.gone.has(index) || self.binned.has(index)
    }

    /// Whether every picture that came of it was deleted for good.
    pub(crate) fn is_gone(&self) -> bool {
        let Stage::Done(job) = &self.stage else { return false };
        let mut ready = (0..).zip(&job.pictures).filter(|(_, picture)| job::is_ready(picture));
        job::ready(job) > 0 && ready.all(|(index, _)| self.gone.has(index))
    }

    /// Whether it cannot be repeated: what it started from is forgotten.
    pub(crate) const fn has_forgotten(&self) -> bool {
        self.changes && self.uploads.is_empty()
    }

    /// Whether it is the card of a limit that this description met.
    pub(crate) fn is_limit_of(&self, prompt: &str) -> bool {
        matches!(&self.stage, Stage::Failed { order, error } if error.is_limit() && order.prompt == prompt)
    }

    /// The previews of a picture.
    pub(crate) fn previews(&self, index: u32) -> Vec<String> {
        let own = self.previews.iter().filter(|(at, _)| *at == index);
        own.map(|(_, url)| url.clone()).collect()
    }

    /// The smaller copy of a picture.
    pub(crate) fn thumbnail(&self, index: u32) -> Option<&str> {
        self.thumbnails.iter().find(|(at, _)| *at == index).map(|(_, url)| url.as_str())
    }

    /// Shows this copy of a picture, if it has none; then none has to be made. Returns the one that is not shown: this
    /// one, if it is another than the picture has.
    pub(crate) fn offer_thumbnail(&mut self, index: u32, url: String) -> Option<String> {
        self.copied.add(index);
        if let Some(shown) = self.thumbnail(index) {
            return (shown != url).then_some(url);
        }
        self.thumbnails.push((index, url));
        None
    }

    /// Whether it takes one of the places that the site allows at once. What is sent again and again behind a card takes none:
    /// the edge may never have heard of it, and says so if it has.
    pub(crate) const fn takes_a_place(&self) -> bool {
        match &self.stage {
            Stage::Sending(Sending { step, card, .. }) => {
                card.is_none() && !matches!(step, Step::Queued)
            }
            Stage::Running(_) => true,
            _ => false,
        }
    }

    /// Whether it waits for its turn.
    pub(crate) const fn is_queued(&self) -> bool {
        matches!(self.stage, Stage::Sending(Sending { step: Step::Queued, .. }))
    }

    /// The place of its card, if it has one.
    pub(crate) fn card(&self) -> Option<TileKey> {
        let index = match &self.stage {
            Stage::Failed { .. } | Stage::Sending(Sending { card: Some(_), .. }) => 0,
            Stage::Done(job) => {
                let missing = |state| matches!(state, PictureState::Failed | PictureState::Gone);
                let mut pictures = (0..).zip(&job.pictures);
                pictures.find(|(at, it)| missing(it.state) && !self.hides(*at))?.0
            }
            _ => return None,
        };
        Some(TileKey { serial: self.serial, index })
    }

    /// Whether the visitor waits for it.
    pub(crate) const fn is_running(&self) -> bool {
        matches!(self.stage, Stage::Sending(Sending { card: None, .. }) | Stage::Running(_))
    }

    /// Whether pictures may still come of it.
    pub(crate) const fn is_open(&self) -> bool {
        matches!(self.stage, Stage::Sending(_) | Stage::Running(_))
    }

    /// What of it a reload needs to send it again: the edge may have it, and nobody knows. Pictures cannot be kept for that.
    pub(crate) fn intent(&self) -> Option<&Sending> {
        match &self.stage {
            Stage::Sending(
                Sending { fate: Fate::Unsent, .. } | Sending { cancelled: true, .. },
            ) => None,
            Stage::Sending(sending) if !self.changes => Some(sending),
            _ => None,
        }
    }
}
