//! One intent of the visitor: from the press of the button to the last picture.
//!
//! Owns its stages. Must not decide what follows: `studio` does.

use super::{draft::Draft, job::Job, trouble::Trouble};

/// An intent and what has become of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    /// Tells it from the others of this visit.
    pub serial: u32,
    /// How often its pictures were loaded again.
    pub loads: u8,
    /// When it was asked for; 0 if that is forgotten.
    pub since: u64,
    /// Its places that were deleted, a bit for each.
    pub gone: Places,
    /// Those that were deleted just now: an undo brings them back.
    pub binned: Places,
    /// Whether it starts from pictures.
    pub changes: bool,
    /// Those pictures, by their numbers. A reload forgets them.
    pub pictures: Vec<u32>,
    /// Where it stands.
    pub stage: Stage,
}

/// Places of a job's pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Places(pub u16);

impl Places {
    /// Adds one. A job has at most ten.
    pub(crate) fn add(&mut self, index: u32) {
        self.0 |= Self::bit(index);
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
    },
    /// The job runs.
    Running(Running),
    /// At least one picture came.
    Done(Box<Job>),
    /// No picture came.
    Failed {
        /// What was asked for.
        draft: Draft,
        /// Why.
        trouble: Trouble,
    },
}

/// A request on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sending {
    /// What is asked for.
    pub draft: Draft,
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
    /// Whether the visitor has cancelled it meanwhile.
    pub cancelled: bool,
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
    /// Whether its events can be heard; else it is asked for.
    pub heard: bool,
}

impl Entry {
    /// An entry at this stage.
    pub(crate) const fn new(serial: u32, stage: Stage) -> Self {
        Self {
            serial,
            loads: 0,
            since: 0,
            gone: Places(0),
            binned: Places(0),
            changes: false,
            pictures: Vec::new(),
            stage,
        }
    }

    /// The id of its job, if it has one that is worth remembering.
    pub(crate) fn id(&self) -> Option<&str> {
        match &self.stage {
            Stage::Remembered { id } => Some(id),
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
        let mut ready = (0..).zip(&job.pictures).filter(|(_, picture)| picture.is_ready());
        job.ready() > 0 && ready.all(|(index, _)| self.gone.has(index))
    }

    /// Whether it cannot be repeated: what it started from is forgotten.
    pub(crate) const fn has_forgotten(&self) -> bool {
        self.changes && self.pictures.is_empty()
    }

    /// Whether it is the card of a limit that this description met.
    pub(crate) fn is_limit_of(&self, prompt: &str) -> bool {
        matches!(&self.stage, Stage::Failed { draft, trouble } if trouble.is_limit() && draft.prompt == prompt)
    }

    /// Whether the visitor waits for it.
    pub(crate) const fn is_running(&self) -> bool {
        matches!(self.stage, Stage::Sending(_) | Stage::Running(_))
    }
}
