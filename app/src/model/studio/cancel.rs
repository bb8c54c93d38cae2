//! The visitor's Cancel: what can be ended at once is, the rest is asked of the edge.

use super::{Command, Said, Studio};
use crate::model::entry::{Entry, Sending, Stage, Step};

/// A second press so soon after the first is a double click on Create, not a change of mind.
const DOUBLE_CLICK_MS: u64 = 600;

impl Studio {
    pub(super) fn cancel(&mut self, now: u64) {
        if now.saturating_sub(self.pressed) < DOUBLE_CLICK_MS {
            return;
        }
        let Some(entry) = self.entries.iter_mut().find(|entry| entry.is_running()) else { return };
        let Entry { serial, stage, .. } = entry;
        match stage {
            // Nothing has reached the edge yet.
            Stage::Sending(Sending { step: Step::Session, tries: 0, .. }) => {
                let serial = *serial;
                self.cancelled(serial);
            }
            // The edge may have it: only its answer tells what there is to cancel.
            Stage::Sending(sending) => {
                sending.cancelled = true;
            }
            Stage::Running(running) => {
                running.cancelled = true;
                self.out.push(Command::Cancel(running.job.id.clone()));
            }
            _ => {}
        }
    }

    pub(super) fn cancel_failed(&mut self, id: &str) {
        let Some(running) = self.running(id) else { return };
        running.cancelled = false;
        self.say(Said::NotCancelled);
    }
}
