//! The visitor's Cancel: what can be ended at once is, the rest is asked of the edge until it has answered.
//!
//! Owns what is said of the price of a cancel. Must not tell a double click from a change of mind: the browser does that.
//!
//! Decision: docs/decisions/2026-11-29-the-button-says-cancel-for-the-same-order.md.
//! Decision: docs/decisions/2026-11-29-several-pictures-at-once.md.

use super::{
    Studio,
    command::{Announcement, Command},
    draft::Note,
    error::StudioError,
    event::Due,
    request::{Fate, Request, Running, Sending, Stage},
};
use contract::{frame_messages::FrameMessage, job::Job, money::Nano, problem::ProblemKind};

/// The longest pause between two attempts, as a power of two of seconds.
const SLOWEST: u8 = 3;

impl Studio {
    /// Cancels what the visitor has asked for last and still waits for.
    pub(super) fn cancel_newest(&mut self) {
        let newest = self.requests.iter().find(|it| it.is_running() && !it.is_cancelled());
        if let Some(serial) = newest.map(|request| request.serial) {
            self.cancel(serial);
        }
    }

    /// Cancels everything that the visitor waits for.
    pub(super) fn cancel_all(&mut self) {
        let open = self.requests.iter().filter(|it| it.is_running() && !it.is_cancelled());
        for serial in open.map(|request| request.serial).collect::<Vec<_>>() {
            self.cancel(serial);
        }
    }

    pub(super) fn cancel(&mut self, serial: u32) {
        let Some(request) = self.requests.get_mut(serial) else { return };
        match &mut request.stage {
            // Nothing has reached the edge, or the edge has refused each attempt.
            Stage::Sending(Sending { fate: Fate::Unsent | Fate::Refused, .. }) => {
                self.cancelled(serial, 0);
            }
            // The edge may have it: only its answer tells what there is to cancel. A reload does not send it again.
            Stage::Sending(sending) => {
                sending.cancelled = true;
                self.remember();
            }
            Stage::Running(running) if !running.cancelled => {
                running.cancelled = true;
                self.out.push(Command::CancelJob(running.job.id.clone()));
            }
            _ => {}
        }
    }

    /// The edge could not be asked: it is asked again, since a cancel that runs twice does nothing twice.
    pub(super) fn cancel_failed(&mut self, id: &str, error: StudioError, now: u64) {
        if error.is(ProblemKind::UnknownJob) {
            return self.fetched(id, Err(error), now);
        }
        let Some(running) = self.running(id) else { return };
        let first = running.cancels == 0;
        let pause = 1000 << running.cancels.min(SLOWEST);
        running.cancels = running.cancels.saturating_add(1);
        self.out.push(Command::After(pause, Due::Cancel(id.to_owned())));
        if first {
            self.announce(Announcement::NotCancelled);
        }
    }

    pub(super) fn cancel_again(&mut self, id: String) {
        if self.running(&id).is_some_and(|running| running.cancelled) {
            self.out.push(Command::CancelJob(id));
        }
    }

    /// Ends a request that the visitor has cancelled before a picture came of it: so many count all the same.
    pub(super) fn cancelled(&mut self, serial: u32, counted: u32) {
        self.remove(serial);
        self.remember();
        self.say_cancelled(counted);
    }

    /// Says that a cancel is through, and what it costs the visitor.
    pub(super) fn say_cancelled(&mut self, counted: u32) {
        if counted > 0 {
            self.note = Some(Note::Cancelled(counted));
        }
        self.announce(Announcement::Cancelled(counted));
        self.tell(FrameMessage::Cancel);
    }
}

impl Request {
    /// Whether the visitor has cancelled it.
    pub(super) const fn is_cancelled(&self) -> bool {
        matches!(
            self.stage,
            Stage::Sending(Sending { cancelled: true, .. })
                | Stage::Running(Running { cancelled: true, .. })
        )
    }
}

/// How many pictures of a job count although it was cancelled: by its price where that is told, else by whether it had
/// started, else by what is left now and was left then.
pub(super) fn counted(job: &Job, running: Option<&Running>) -> u32 {
    let charged = job.cost.and_then(|cost| cost.charged_usd).map(|usd| usd != Nano::ZERO);
    let started = || running.is_some_and(|running| running.started);
    let taken = || {
        let (then, now) = (running?.granted?, job.allowance?.remaining);
        Some(now <= then)
    };
    let counts = charged.unwrap_or_else(|| started() || taken().unwrap_or(false));
    if counts { job.request.count } else { 0 }
}
