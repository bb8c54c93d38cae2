//! Deleted pictures: out of sight at once, where an undo finds them; then gone for good, also at the edge.
//!
//! Owns when the edge may forget a job: once nothing of it hangs or can come back. Must not know how long an undo is offered.

use super::{Command, Studio};
use crate::state::entry::{Entry, Places};

/// No job takes as long, in milliseconds.
const LONGEST_MS: u64 = 60 * 60 * 1000;

impl Studio {
    pub(super) fn delete(&mut self, (serial, index): (u32, u32)) {
        if let Some(entry) = self.entry(serial) {
            entry.binned.add(index);
        }
    }

    pub(super) fn undo(&mut self) {
        for entry in &mut self.entries {
            entry.binned = Places(0);
        }
    }

    /// What was deleted does not come back.
    pub(super) fn empty(&mut self, now: u64) {
        for entry in &mut self.entries {
            let binned = std::mem::replace(&mut entry.binned, Places(0));
            entry.gone.0 |= binned.0;
        }
        self.forget(Entry::is_gone, now);
    }

    /// The gallery is emptied: what hangs there goes; what is being made is not touched.
    pub(super) fn clear(&mut self, now: u64) {
        self.forget(|entry| !entry.is_open(), now);
    }

    /// Takes entries away, and lets the edge forget what it has of them. It is not asked about what time has made it forget: each
    /// question would wake an object, and what a device keeps may be hundreds.
    pub(super) fn forget(&mut self, over: impl Fn(&Entry) -> bool, now: u64) {
        let had = now.saturating_sub(LONGEST_MS.saturating_add(self.site.retention_ms));
        let gone =
            self.entries.extract_if(.., |entry| over(entry)).filter(|entry| entry.since >= had);
        let jobs: Vec<_> = gone.filter_map(|entry| Entry::id(&entry).map(str::to_owned)).collect();
        self.out.extend(jobs.into_iter().map(Command::Forget));
        self.remember();
    }
}
