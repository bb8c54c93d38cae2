//! The record of a job, and its transitions.
//!
//! Owns the states and which state may follow which. Must not know the wire (`view`) or add up money (`bill`).

use super::{NewJob, Outcome};
use crate::{
    candidates::Candidate,
    gateway::{cause::Cause, refusal::Blame},
    ledger::Booked,
    picture::PictureFacts,
};
use contract::{
    job::JobState,
    money::Nano,
    problem::ProblemKind,
    session::Allowance,
    time::{DAY_MS, Timestamp},
};
use serde::{Deserialize, Serialize};

/// A job as its object stores it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The data with which the job was created.
    pub new: NewJob,
    /// Grows with every change that a visitor can see.
    pub revision: u64,
    pub(super) created: Timestamp,
    pub(super) phase: Phase,
    pub(super) pictures: Vec<PictureRecord>,
    pub(super) booked: Option<Booked>,
    /// The model that made a picture, if it is not the model that was asked: its id, or
    /// [`OTHER`](crate::candidates::OTHER).
    pub(super) made_by: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Phase {
    /// No request has gone upstream.
    Queued,
    /// A request has gone upstream.
    Running,
    /// Every picture is over, and the bill is sent to the ledger. Visitors see the job as running until the ledger
    /// answers or 2 s have passed.
    Closing { cancelled: bool },
    /// The final state.
    Ended { state: JobState, at: Timestamp },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct PictureRecord {
    pub(super) stage: PictureStage,
    pub(super) charge: Charge,
    /// When the request is sent again, if upstream asked to wait.
    pub(super) until: Option<Timestamp>,
    pub(super) put_off: u8,
    /// Milliseconds from the job's creation to the picture's last byte.
    pub(super) took_ms: Option<u64>,
    /// Who caused the failure, if the picture failed.
    pub(super) blame: Blame,
    /// Why it failed, if upstream did or refused the key. Records of earlier versions have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) cause: Option<Cause>,
    /// The number of previews that have arrived.
    pub(super) previews: u8,
    /// The newest preview.
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

/// How one picture is charged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Charge {
    /// The picture is not over.
    Open,
    /// Upstream proved that the request cost nothing.
    Refunded,
    /// Spent: at this price, or at its reservation if the price is unknown.
    Spent(Option<Nano>),
}

impl Record {
    /// A job that has not started.
    pub fn new(new: NewJob, now: Timestamp) -> Self {
        let waiting = PictureRecord {
            stage: PictureStage::Waiting,
            charge: Charge::Open,
            until: None,
            put_off: 0,
            took_ms: None,
            blame: Blame::Nobody,
            cause: None,
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

    /// A job that is created after its lease was closed. It never starts, costs nothing, and ends as interrupted.
    pub fn tombstone(new: NewJob, allowance: Allowance, now: Timestamp) -> Self {
        let mut job = Self::new(new, now);
        job.lapse();
        job.end(Some(Booked { charged: Nano::ZERO, allowance }), now);
        job
    }

    /// Records that another model than the one that was asked made a picture: its id, or
    /// [`OTHER`](crate::candidates::OTHER).
    pub fn made_by(&mut self, model: &str) {
        if self.made_by.as_deref() != Some(model) {
            self.made_by = Some(model.to_owned());
            self.touch();
        }
    }

    /// The model under which the pictures are shown and booked.
    pub(super) fn model(&self) -> &str {
        self.made_by.as_deref().unwrap_or(&self.new.model)
    }

    /// When the job is stopped if it still runs.
    pub fn deadline(&self) -> Timestamp {
        self.created.plus(self.new.total_ms)
    }

    /// Whether the job can no longer be read: it is available for 24 hours.
    pub fn has_expired(&self, now: Timestamp) -> bool {
        now.since(self.created) >= DAY_MS
    }

    /// Whether the state is final.
    pub fn is_final(&self) -> bool {
        matches!(self.phase, Phase::Ended { .. })
    }

    /// Whether every picture is over.
    pub fn is_closing(&self) -> bool {
        matches!(self.phase, Phase::Closing { .. })
    }

    /// Marks a picture as started. The caller stores the record before it sends the request. False: the request must
    /// not be sent.
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

    /// Upstream did no work and asked to wait: the picture counts as not started until that time.
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

    /// Changes the model after the asked one was gone upstream. The ledger has granted the next one's worst case; the
    /// reservation for a picture never falls. `expected_ms`: the expected time of such a job with the next model.
    /// `configured`: the next model's worst case without what was learned. It never falls either, so that the price of a
    /// picture that the model before made is not above it.
    pub fn fall_back(
        &mut self,
        gone: &str,
        next: &Candidate,
        configured: Option<Nano>,
        expected_ms: Option<u64>,
    ) {
        if self.new.model == gone {
            next.model.clone_into(&mut self.new.model);
            let before = self.new.configured_each.unwrap_or(self.new.worst_each);
            self.new.configured_each = Some(configured.unwrap_or(next.worst_each).max(before));
            self.new.worst_each = self.new.worst_each.max(next.worst_each);
            self.new.expected_ms = expected_ms;
            self.touch();
        }
    }

    /// A picture's bytes are complete, checked and stored.
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

    /// A preview's bytes are complete, checked and stored. It replaces the preview before it.
    pub fn preview(&mut self, index: usize, facts: PictureFacts) {
        if let Some(picture) =
            self.pictures.get_mut(index).filter(|picture| picture.stage == PictureStage::Started)
        {
            picture.preview = Some(facts);
            picture.previews = picture.previews.wrapping_add(1);
            self.touch();
        }
    }

    /// A picture's request is over. The call does nothing if the picture was ended before, by a cancel for example.
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
            // An error after the picture is ready does not change the picture, but its price is unknown.
            (PictureStage::Ready(_), Outcome::Failed { .. }) => {
                picture.charge = Charge::Spent(None);
            }
            (_, outcome) => {
                let (kind, refund, blame, cause) = match outcome {
                    Outcome::Failed { kind, refund, blame, cause } => (kind, refund, blame, cause),
                    Outcome::Ready(_) => (
                        ProblemKind::GatewayFailed,
                        false,
                        Blame::Upstream,
                        Some(Cause::Unreadable),
                    ),
                };
                picture.blame = blame;
                picture.cause = cause;
                picture.stage = PictureStage::Failed(kind);
                picture.charge = if refund { Charge::Refunded } else { Charge::Spent(None) };
                self.touch();
            }
        }
        if self.pictures.iter().all(|picture| picture.charge != Charge::Open) {
            self.phase = Phase::Closing { cancelled: false };
        }
    }

    /// The visitor cancels the job. True if that changed anything.
    pub fn cancel(&mut self) -> bool {
        if !matches!(self.phase, Phase::Queued | Phase::Running) {
            return false;
        }
        self.close(true, Blame::Nobody, |started| PictureStage::Cancelled { started });
        true
    }

    /// The lease has ended: pictures that are not over end now, the others stay as they are.
    pub fn lapse(&mut self) {
        if matches!(self.phase, Phase::Queued | Phase::Running) {
            self.interrupt(Blame::Nobody);
        }
    }

    /// The job's time is over, or its work was lost.
    pub(super) fn interrupt(&mut self, blame: Blame) {
        self.close(false, blame, |_| PictureStage::Failed(ProblemKind::Interrupted));
    }

    /// Ends every picture that is not over: a started one is spent, a waiting one is refunded.
    fn close(&mut self, cancelled: bool, blame: Blame, stage: impl Fn(bool) -> PictureStage) {
        for picture in self.pictures.iter_mut().filter(|picture| picture.charge == Charge::Open) {
            let waiting = picture.stage == PictureStage::Waiting;
            picture.charge = if waiting { Charge::Refunded } else { Charge::Spent(None) };
            picture.until = None;
            if !matches!(picture.stage, PictureStage::Ready(_)) {
                picture.stage = stage(!waiting);
                picture.blame = if waiting { Blame::Nobody } else { blame };
                // Work that upstream is blamed for is ended here only when its time is over.
                picture.cause = (picture.blame == Blame::Upstream).then_some(Cause::Late);
            }
        }
        self.phase = Phase::Closing { cancelled };
        self.touch();
    }

    /// Enters the final state. `booked` is the ledger's answer if it came in time.
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

    /// The ledger's answer that came after the final state.
    pub fn confirm(&mut self, booked: Booked) {
        if self.is_final() && self.booked.is_none() {
            self.booked = Some(booked);
            self.touch();
        }
    }

    /// Marks the pictures as deleted. True if there were any.
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

    /// Milliseconds until the bytes are deleted; the full time while the job is not over.
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
