//! The record of a job, and how it changes.
//!
//! Owns the states and what follows what. Must not know the wire (`view`) or add up money (`bill`).

use super::NewJob;
use crate::{
    candidates::Candidate, gateway::refusal::Blame, ledger::Booked, picture::PictureFacts,
};
use contract::{
    job::JobState,
    money::Nano,
    problem::ProblemKind,
    session::Allowance,
    time::{DAY_MS, Timestamp},
};
use serde::{Deserialize, Serialize};

/// A job, as it lies in its object's storage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// What it began with.
    pub new: NewJob,
    /// Grows with every change that can be seen.
    pub revision: u64,
    pub(super) created: Timestamp,
    pub(super) phase: Phase,
    pub(super) pictures: Vec<PictureRecord>,
    pub(super) booked: Option<Booked>,
    /// The model that made a picture, where that is not the one that was asked: its id, or [`OTHER`](crate::candidates::OTHER).
    pub(super) made_by: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Phase {
    /// Nothing has gone upstream.
    Queued,
    /// Something has.
    Running,
    /// Every picture is over; the ledger is being told. Visitors see it as running until it answers, 2 s at most.
    Closing { cancelled: bool },
    /// The last state.
    Ended { state: JobState, at: Timestamp },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct PictureRecord {
    pub(super) stage: PictureStage,
    pub(super) charge: Charge,
    /// While it waits because upstream asked for it.
    pub(super) until: Option<Timestamp>,
    pub(super) put_off: u8,
    /// Milliseconds from the job's creation to the picture's last byte.
    pub(super) took_ms: Option<u64>,
    /// Whose doing it is that it did not come.
    pub(super) blame: Blame,
    /// Partial pictures that have come.
    pub(super) previews: u8,
    /// The newest one.
    pub(super) preview: Option<PictureFacts>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum PictureStage {
    Waiting,
    Started,
    Ready(PictureFacts),
    Failed(ProblemKind),
    Cancelled { started: bool },
    Gone(PictureFacts),
}

/// Where the money of one picture stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Charge {
    /// Work goes on.
    Open,
    /// Proved not to have cost anything.
    Refunded,
    /// Spent: at this price, or at its reservation.
    Spent(Option<Nano>),
}

/// How the request of one picture ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The picture is ready, and its answer is over; what it cost, if upstream said so.
    Ready(Option<Nano>),
    /// It will not come.
    Failed {
        /// What the visitor is told.
        kind: ProblemKind,
        /// Whether upstream proved that it did no work.
        refund: bool,
        /// Whose doing it is.
        blame: Blame,
    },
}

impl Outcome {
    /// A failure that is upstream's.
    pub const fn fault(kind: ProblemKind) -> Self {
        Self::Failed { kind, refund: false, blame: Blame::Upstream }
    }

    /// Nothing was asked of upstream, or it was not to blame.
    pub const fn refunded(kind: ProblemKind) -> Self {
        Self::Failed { kind, refund: true, blame: Blame::Nobody }
    }
}

impl Record {
    /// A job that nobody has started.
    pub fn new(new: NewJob, now: Timestamp) -> Self {
        let waiting = PictureRecord {
            stage: PictureStage::Waiting,
            charge: Charge::Open,
            until: None,
            put_off: 0,
            took_ms: None,
            blame: Blame::Nobody,
            previews: 0,
            preview: None,
        };
        let pictures = (0..new.order.count).map(|_| waiting.clone()).collect();
        Self {
            new,
            revision: 1,
            created: now,
            phase: Phase::Queued,
            pictures,
            booked: None,
            made_by: None,
        }
    }

    /// A job that comes after its lease was closed: it never starts, costs nothing, and says so.
    pub fn tombstone(new: NewJob, allowance: Allowance, now: Timestamp) -> Self {
        let mut job = Self::new(new, now);
        job.lapse();
        job.end(Some(Booked { charged: Nano::ZERO, allowance }), now);
        job
    }

    /// A picture was made by another model than the one that was asked; its id, or [`OTHER`](crate::candidates::OTHER).
    pub fn made_by(&mut self, model: &str) {
        if self.made_by.as_deref() != Some(model) {
            self.made_by = Some(model.to_owned());
            self.touch();
        }
    }

    /// The model that its pictures are told and booked under.
    pub(super) fn model(&self) -> &str {
        self.made_by.as_deref().unwrap_or(&self.new.model)
    }

    /// When it is cut off.
    pub fn deadline(&self) -> Timestamp {
        self.created.plus(self.new.total_ms)
    }

    /// Whether nothing of it can be told any more: jobs are kept for 24 hours.
    pub fn is_over(&self, now: Timestamp) -> bool {
        now.since(self.created) >= DAY_MS
    }

    /// Whether its state is the last one.
    pub fn is_final(&self) -> bool {
        matches!(self.phase, Phase::Ended { .. })
    }

    /// Whether every picture is over.
    pub fn is_closing(&self) -> bool {
        matches!(self.phase, Phase::Closing { .. })
    }

    /// A picture's request is about to go upstream: to be stored before it does. False: it must not.
    pub fn start(&mut self, index: usize, now: Timestamp) -> bool {
        let open = matches!(self.phase, Phase::Queued | Phase::Running)
            && now < self.deadline()
            && now < self.new.lease_ends;
        match self.pictures.get_mut(index) {
            Some(picture) if open && picture.stage == PictureStage::Waiting => {
                picture.stage = PictureStage::Started;
                picture.until = None;
                self.phase = Phase::Running;
                self.touch();
                true
            }
            _ => false,
        }
    }

    /// How often a picture's request was put off.
    pub fn put_off_before(&self, index: usize) -> u8 {
        self.pictures.get(index).map_or(u8::MAX, |picture| picture.put_off)
    }

    /// Upstream did no work and asked for patience: the picture counts as not started until then.
    pub fn put_off(&mut self, index: usize, until: Timestamp) {
        if let Some(picture) =
            self.pictures.get_mut(index).filter(|picture| picture.stage == PictureStage::Started)
        {
            picture.stage = PictureStage::Waiting;
            picture.until = Some(until);
            picture.put_off = picture.put_off.saturating_add(1);
            self.touch();
        }
    }

    /// Upstream proved that it did no work: the picture counts as not started.
    pub fn not_started(&mut self, index: usize) {
        if let Some(picture) =
            self.pictures.get_mut(index).filter(|picture| picture.stage == PictureStage::Started)
        {
            picture.stage = PictureStage::Waiting;
            self.touch();
        }
    }

    /// A model is gone, and another one is asked from now on; the ledger has granted its worst case. What was reserved
    /// for a picture never falls. `expected_ms`: what such a job has taken with the other one.
    pub fn fall_back(&mut self, gone: &str, next: &Candidate, expected_ms: Option<u64>) {
        if self.new.model == gone {
            next.model.clone_into(&mut self.new.model);
            self.new.worst_each = self.new.worst_each.max(next.worst_each);
            self.new.expected_ms = expected_ms;
            self.touch();
        }
    }

    /// A picture's bytes are whole, checked and stored.
    pub fn ready(&mut self, index: usize, facts: PictureFacts, now: Timestamp) {
        let took_ms = now.since(self.created);
        if let Some(picture) =
            self.pictures.get_mut(index).filter(|picture| picture.stage == PictureStage::Started)
        {
            picture.stage = PictureStage::Ready(facts);
            picture.took_ms = Some(took_ms);
            self.touch();
        }
    }

    /// A partial picture's bytes are whole, checked and stored: it takes the place of the one before it.
    pub fn preview(&mut self, index: usize, facts: PictureFacts) {
        if let Some(picture) =
            self.pictures.get_mut(index).filter(|picture| picture.stage == PictureStage::Started)
        {
            picture.preview = Some(facts);
            picture.previews = picture.previews.wrapping_add(1);
            self.touch();
        }
    }

    /// A picture's request is over. What comes after it was ended otherwise does not count.
    pub fn over(&mut self, index: usize, outcome: Outcome) {
        let Some(picture) =
            self.pictures.get_mut(index).filter(|picture| picture.charge == Charge::Open)
        else {
            return;
        };
        match (picture.stage, outcome) {
            (PictureStage::Ready(_), Outcome::Ready(price)) => {
                picture.charge = Charge::Spent(price);
            }
            // What fails after a picture is ready does not touch it; its price is then unknown.
            (PictureStage::Ready(_), Outcome::Failed { .. }) => {
                picture.charge = Charge::Spent(None);
            }
            (_, outcome) => {
                let (kind, refund, blame) = match outcome {
                    Outcome::Failed { kind, refund, blame } => (kind, refund, blame),
                    Outcome::Ready(_) => (ProblemKind::GatewayFailed, false, Blame::Upstream),
                };
                picture.blame = blame;
                picture.stage = PictureStage::Failed(kind);
                picture.charge = if refund { Charge::Refunded } else { Charge::Spent(None) };
                self.touch();
            }
        }
        if self.pictures.iter().all(|picture| picture.charge != Charge::Open) {
            self.phase = Phase::Closing { cancelled: false };
        }
    }

    /// The visitor ends it. True if that changed anything.
    pub fn cancel(&mut self) -> bool {
        if !matches!(self.phase, Phase::Queued | Phase::Running) {
            return false;
        }
        self.close(true, Blame::Nobody, |started| PictureStage::Cancelled { started });
        true
    }

    /// Its lease has ended: what still runs is over in this turn. What is over stays as it is.
    pub fn lapse(&mut self) {
        if matches!(self.phase, Phase::Queued | Phase::Running) {
            self.interrupt(Blame::Nobody);
        }
    }

    /// Its time is over, or its work was lost.
    pub(super) fn interrupt(&mut self, blame: Blame) {
        self.close(false, blame, |_| PictureStage::Failed(ProblemKind::Interrupted));
    }

    /// Ends every picture that is not over: what was started is spent, what waited is not.
    fn close(&mut self, cancelled: bool, blame: Blame, stage: impl Fn(bool) -> PictureStage) {
        for picture in self.pictures.iter_mut().filter(|picture| picture.charge == Charge::Open) {
            let waiting = picture.stage == PictureStage::Waiting;
            picture.charge = if waiting { Charge::Refunded } else { Charge::Spent(None) };
            picture.until = None;
            if !matches!(picture.stage, PictureStage::Ready(_)) {
                picture.stage = stage(!waiting);
                picture.blame = if waiting { Blame::Nobody } else { blame };
            }
        }
        self.phase = Phase::Closing { cancelled };
        self.touch();
    }

    /// The last state, with what the ledger answered if it did so in time.
    pub fn end(&mut self, booked: Option<Booked>, now: Timestamp) {
        let Phase::Closing { cancelled } = self.phase else { return };
        let any_ready =
            self.pictures.iter().any(|picture| matches!(picture.stage, PictureStage::Ready(_)));
        let state = match (cancelled, any_ready) {
            (true, _) => JobState::Cancelled,
            (false, true) => JobState::Succeeded,
            (false, false) => JobState::Failed,
        };
        self.phase = Phase::Ended { state, at: now };
        self.booked = booked;
        self.touch();
    }

    /// The ledger's answer, when it came after the last state.
    pub fn confirm(&mut self, booked: Booked) {
        if self.is_final() && self.booked.is_none() {
            self.booked = Some(booked);
            self.touch();
        }
    }

    /// Its bytes are deleted. True if there were any.
    pub fn forget(&mut self) -> bool {
        if !self.is_final() || !self.has_bytes() {
            return false;
        }
        for picture in &mut self.pictures {
            if let PictureStage::Ready(facts) = picture.stage {
                picture.stage = PictureStage::Gone(facts);
            }
        }
        self.touch();
        true
    }

    /// Milliseconds that its bytes still stay, as far as is known.
    pub fn retention_left(&self, now: Timestamp) -> u64 {
        match self.phase {
            Phase::Ended { at, .. } => at.plus(self.new.retention_ms).since(now),
            _ => self.new.retention_ms,
        }
    }

    fn touch(&mut self) {
        self.revision = self.revision.saturating_add(1);
    }
}
