//! The visitor's Cancel: what can be ended at once is, the rest is asked of the edge until it has answered.
//!
//! Must not tell a double click from a change of mind: the browser does that.

use super::{Command, Due, Said, Studio};
use crate::state::{
    entry::{Entry, Fate, Sending, Stage},
    trouble::Trouble,
};
use contract::problem::ProblemKind;

/// The longest pause between two attempts, as a power of two of seconds.
const SLOWEST: u8 = 3;

impl Studio {
    pub(super) fn cancel(&mut self) {
        let Some(entry) = self.entries.iter_mut().find(|entry| entry.is_running()) else { return };
        let Entry { serial, stage, .. } = entry;
        match stage {
            // Nothing has reached the edge yet.
            Stage::Sending(Sending { fate: Fate::Unsent, .. }) => {
                let serial = *serial;
                self.cancelled(serial);
            }
            // The edge may have it: only its answer tells what there is to cancel. A reload does not send it again.
            Stage::Sending(sending) => {
                sending.cancelled = true;
                self.remember();
            }
            Stage::Running(running) => {
                running.cancelled = true;
                self.out.push(Command::Cancel(running.job.id.clone()));
            }
            _ => {}
        }
    }

    /// The edge could not be asked: it is asked again, since a cancel that runs twice does nothing twice.
    pub(super) fn cancel_failed(&mut self, id: &str, trouble: Trouble, now: u64) {
        if trouble.is(ProblemKind::UnknownJob) {
            return self.seen(id, Err(trouble), now);
        }
        let Some(running) = self.running(id) else { return };
        let first = running.cancels == 0;
        let pause = 1000 << running.cancels.min(SLOWEST);
        running.cancels = running.cancels.saturating_add(1);
        self.out.push(Command::Later(pause, Due::Cancel(id.to_owned())));
        if first {
            self.say(Said::NotCancelled);
        }
    }

    pub(super) fn cancel_again(&mut self, id: String) {
        if self.running(&id).is_some_and(|running| running.cancelled) {
            self.out.push(Command::Cancel(id));
        }
    }
}
