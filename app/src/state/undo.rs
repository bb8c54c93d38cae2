//! Deleted pictures: hidden at once and kept for the undo, then deleted for good, also at the edge.
//!
//! Owns how long an undo is offered, and when the edge may forget a job: once none of its pictures is shown or can come back.
//!
//! Decision: docs/decisions/2026-11-29-the-delete-waits-for-the-undo.md.

use super::{
    Studio,
    command::{Command, FocusTarget},
    event::Due,
    request::{PictureSet, Request},
    tile::TileKey,
};

/// No job takes as long, in milliseconds.
const LONGEST_MS: u64 = 60 * 60 * 1000;

/// How long an undo is offered at least, in milliseconds.
const OFFERED_MS: u32 = 6000;

/// What can be undone.
#[derive(Debug, Clone, Default)]
pub(crate) struct Undo {
    /// What was deleted, in that order.
    keys: Vec<TileKey>,
    /// Tells the timer that counts from those before it.
    turn: u32,
}

impl Studio {
    /// How many pictures an undo would bring back; 0 while none is offered.
    pub(crate) const fn undo_count(&self) -> usize {
        self.undo.keys.len()
    }

    pub(super) fn delete(&mut self, keys: &[TileKey]) {
        for key in keys {
            let request = self.requests.get_mut(key.serial);
            if let Some(request) = request.filter(|request| !request.hides(key.index)) {
                request.binned.add(key.index);
                self.undo.keys.push(*key);
            }
        }
        self.offer_undo();
    }

    /// From now on the undo is offered for so long.
    fn offer_undo(&mut self) {
        self.undo.turn = self.undo.turn.wrapping_add(1);
        if self.undo_count() > 0 {
            self.out.push(Command::After(OFFERED_MS, Due::UndoExpires(self.undo.turn)));
        }
    }

    /// The visitor is about to press it, or not any more: until then it does not go.
    pub(super) fn hold_undo(&mut self, holds: bool) {
        if holds {
            self.undo.turn = self.undo.turn.wrapping_add(1);
        } else {
            self.offer_undo();
        }
    }

    pub(super) fn undo_expires(&mut self, turn: u32, now: u64) {
        if self.undo.turn == turn && self.undo_count() > 0 {
            let next = match (self.viewer, self.pictures().next()) {
                (Some(_), _) => FocusTarget::Viewer,
                (None, Some(newest)) => FocusTarget::Tile(newest),
                (None, None) => FocusTarget::Prompt { select: false },
            };
            self.out.push(Command::LeaveToast(next));
            self.empty(now);
        }
    }

    pub(super) fn undo(&mut self) {
        let back = std::mem::take(&mut self.undo.keys);
        if let Some(first) = back.first().filter(|_| self.viewer.is_none()) {
            self.out.push(Command::Focus(FocusTarget::Tile(*first)));
        }
        for serial in self.binned() {
            if let Some(request) = self.requests.get_mut(serial) {
                request.binned = PictureSet(0);
            }
            self.keep_later(serial);
        }
        self.viewer_undone(&back);
    }

    /// The requests with pictures that can come back.
    pub(super) fn binned(&self) -> Vec<u32> {
        let binned = self.requests.iter().filter(|request| request.binned != PictureSet(0));
        binned.map(|request| request.serial).collect()
    }

    /// How long the edge has a job's pictures once it has ended, in milliseconds.
    pub(super) fn retention_ms(&self) -> u64 {
        u64::from(self.site.retention_minutes).saturating_mul(60_000)
    }

    /// What was deleted does not come back.
    pub(super) fn empty(&mut self, now: u64) {
        self.end_undo();
        self.forget(Request::is_gone, now);
    }

    fn end_undo(&mut self) {
        self.undo.keys.clear();
        let mut kept = Vec::new();
        for serial in self.binned() {
            let Some(request) = self.requests.get_mut(serial) else { continue };
            let binned = std::mem::take(&mut request.binned);
            request.gone.0 |= binned.0;
            kept.extend(Self::forget_kept(request, binned));
            self.requests.release_thumbnails(serial, binned);
        }
        self.tell_device_to_forget(kept);
    }

    /// The gallery is emptied: what hangs there goes; what is being made is not touched. What the visitor keeps on this
    /// device is theirs: no page deletes it.
    pub(super) fn clear(&mut self, now: u64) {
        self.end_undo();
        let kept = |request: &&Request| !request.is_open() && request.kept != PictureSet(0);
        let kept: Vec<_> = self.requests.iter().filter(kept).map(|it| it.serial).collect();
        for serial in kept {
            let Some(request) = self.requests.get_mut(serial) else { continue };
            let rest = PictureSet(!request.kept.0);
            request.gone.0 |= rest.0;
            request.from_device = true;
            let job = request.id().map(|id| (id.to_owned(), request.since));
            self.requests.release_thumbnails(serial, rest);
            self.delete_at_the_edge(job, now);
        }
        self.forget(|request| !request.is_open() && request.kept == PictureSet(0), now);
    }

    /// Takes requests away, and lets the edge forget what it has of them.
    pub(super) fn forget(&mut self, over: impl Fn(&Request) -> bool, now: u64) {
        for request in self.requests.take(over) {
            let job = request.id().map(|id| (id.to_owned(), request.since));
            self.delete_at_the_edge(job, now);
        }
        self.remember();
    }

    /// Lets the edge forget a job of that time. It is not asked about what time has made it forget: each question would
    /// wake an object, and what a device keeps may be hundreds.
    fn delete_at_the_edge(&mut self, job: Option<(String, u64)>, now: u64) {
        let had = now.saturating_sub(LONGEST_MS.saturating_add(self.retention_ms()));
        let job = job.filter(|(_, since)| *since >= had);
        self.out.extend(job.map(|(id, _)| Command::DeleteJob(id)));
    }
}
