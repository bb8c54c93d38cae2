//! Deleted pictures: out of sight at once, where an undo finds them; then gone for good, also at the edge.
//!
//! Owns when the edge may forget a job: once nothing of it hangs or can come back. Must not know how long an undo is offered.
//!
//! Decision: docs/decisions/2026-11-29-the-delete-waits-for-the-undo.md.

use super::{
    Studio,
    command::Command,
    request::{PictureSet, Request},
    tile::TileKey,
};

/// No job takes as long, in milliseconds.
const LONGEST_MS: u64 = 60 * 60 * 1000;

impl Studio {
    pub(super) fn delete(&mut self, keys: &[TileKey]) {
        for TileKey { serial, index } in keys {
            if let Some(request) = self.requests.get_mut(*serial) {
                request.binned.add(*index);
            }
        }
    }

    pub(super) fn undo(&mut self) {
        for serial in self.binned() {
            if let Some(request) = self.requests.get_mut(serial) {
                request.binned = PictureSet(0);
            }
        }
    }

    /// The requests with pictures that can come back.
    pub(super) fn binned(&self) -> Vec<u32> {
        let binned = self.requests.iter().filter(|request| request.binned != PictureSet(0));
        binned.map(|request| request.serial).collect()
    }

    /// How long the edge has a job's pictures once it has ended, in milliseconds.
    fn retention_ms(&self) -> u64 {
        u64::from(self.site.retention_minutes).saturating_mul(60_000)
    }

    /// What was deleted does not come back.
    pub(super) fn empty(&mut self, now: u64) {
        for serial in self.binned() {
            if let Some(request) = self.requests.get_mut(serial) {
                let binned = std::mem::take(&mut request.binned);
                request.gone.0 |= binned.0;
            }
        }
        self.forget(Request::is_gone, now);
    }

    /// The gallery is emptied: what hangs there goes; what is being made is not touched.
    pub(super) fn clear(&mut self, now: u64) {
        self.forget(|request| !request.is_open(), now);
    }

    /// Takes requests away, and lets the edge forget what it has of them. It is not asked about what time has made it forget: each
    /// question would wake an object, and what a device keeps may be hundreds.
    pub(super) fn forget(&mut self, over: impl Fn(&Request) -> bool, now: u64) {
        let had = now.saturating_sub(LONGEST_MS.saturating_add(self.retention_ms()));
        let gone = self.requests.take(over).into_iter().filter(|request| request.since >= had);
        let jobs: Vec<_> = gone.filter_map(|it| it.id().map(str::to_owned)).collect();
        self.out.extend(jobs.into_iter().map(Command::DeleteJob));
        self.remember();
    }
}
