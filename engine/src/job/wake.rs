//! When a job's object has to wake, and what it does then.
//!
//! Owns the one alarm that serves start, watchdog, settlement and retention. Must not know upstream's responses.

use super::record::{Phase, Record};
use crate::gateway::refusal::Blame;
use contract::time::{DAY_MS, Timestamp};

/// While work runs, the alarm checks it at this interval.
const WATCH_MS: u64 = 15_000;
/// A record is kept for this long after its key has expired.
const AFTERLIFE_MS: u64 = 60 * 60 * 1000;
/// How long a job is kept in all, from its creation.
pub const LONGEST_MS: u64 = DAY_MS + AFTERLIFE_MS;

/// What an object does when it wakes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wake {
    /// Start the work.
    Start,
    /// Nothing: the work goes on.
    Watch,
    /// Stop the work that still runs, then send the bill to the ledger.
    Settle,
    /// Delete the pictures' bytes.
    DeleteBytes,
    /// Delete all of the object's data.
    DeleteAll,
}

impl Record {
    /// Ends a job whose work was lost or whose time is over. True if it did. `working`: whether this object has the
    /// job's work in memory.
    pub fn end_if_lost(&mut self, now: Timestamp, working: bool) -> bool {
        let blame = match self.phase {
            Phase::Queued if now >= self.deadline() || now >= self.new.lease_ends => Blame::Nobody,
            // Work that was lost here says nothing about upstream; a timeout does.
            Phase::Running if !working => Blame::Nobody,
            Phase::Running if now >= self.deadline() => Blame::Upstream,
            _ => return false,
        };
        self.interrupt(blame);
        true
    }

    /// What the object has to do now.
    pub fn wake(&mut self, now: Timestamp, working: bool) -> Wake {
        if self.end_if_lost(now, working) {
            return Wake::Settle;
        }
        match self.phase {
            Phase::Queued if !working => Wake::Start,
            Phase::Queued | Phase::Running => Wake::Watch,
            Phase::Closing { .. } if working => Wake::Watch,
            Phase::Closing { .. } => Wake::Settle,
            Phase::Ended { .. } if self.booked.is_none() => Wake::Settle,
            Phase::Ended { at, .. }
                if self.has_bytes() && now >= at.plus(self.new.retention_ms) =>
            {
                Wake::DeleteBytes
            }
            Phase::Ended { .. } if now.since(self.created) >= LONGEST_MS => Wake::DeleteAll,
            Phase::Ended { .. } => Wake::Watch,
        }
    }

    /// When the object has to wake next.
    pub fn alarm(&self, now: Timestamp, working: bool) -> Timestamp {
        match self.phase {
            Phase::Queued if !working => now,
            Phase::Queued | Phase::Running => now.plus(WATCH_MS).min(self.deadline()),
            Phase::Closing { .. } => now.plus(WATCH_MS),
            Phase::Ended { .. } if self.booked.is_none() => now.plus(WATCH_MS),
            Phase::Ended { at, .. } if self.has_bytes() => at.plus(self.new.retention_ms),
            Phase::Ended { .. } => self.created.plus(LONGEST_MS),
        }
    }
}
