//! From a job's first answer to its last state.
//!
//! Owns what each told state means for its entry. Must not let a revision go back.

use super::{Command, Due, Said, Studio};
use crate::model::{
    entry::{Entry, Running, Stage},
    job::{Job, Kept, Picture},
    told::Told,
    trouble::Trouble,
};
use contract::{job::JobState, problem::ProblemKind};

/// Between two questions for a job whose events cannot be heard.
const ASK_MS: u32 = 3000;
/// Times that a picture is loaded again, each after twice the pause of the one before.
const RELOADS: u8 = 4;

impl Studio {
    /// The edge has answered a `POST /v1/jobs`.
    pub(super) fn made(&mut self, serial: u32, answer: Result<Box<Job>, Trouble>, now: u64) {
        let Some(sending) = self.sending(serial) else { return };
        let cancelled = sending.cancelled;
        match answer {
            Ok(job) => {
                let id = job.id.clone();
                self.settle(serial, job, now);
                if let (true, Some(running)) = (cancelled, self.running(&id)) {
                    running.cancelled = true;
                    self.out.push(Command::Cancel(id));
                }
            }
            Err(trouble) if trouble.is(ProblemKind::SessionRequired) && !sending.renewed => {
                self.renew_for(serial);
            }
            Err(trouble) => self.sent_in_vain(serial, trouble, now),
        }
    }

    /// A job was told, or could not be.
    pub(super) fn seen(&mut self, id: &str, answer: Result<Box<Job>, Trouble>, now: u64) {
        let Some(entry) = self.entries.iter().find(|entry| entry.id() == Some(id)) else { return };
        let serial = entry.serial;
        match (answer, &entry.stage) {
            (Ok(job), Stage::Running(Running { job: known, .. }) | Stage::Done(known))
                if job.revision < known.revision => {}
            (Ok(job), _) => self.settle(serial, job, now),
            (Err(trouble), Stage::Running(Running { job, .. }))
                if trouble.is(ProblemKind::UnknownJob) =>
            {
                let draft = job.draft.clone();
                self.fail(serial, draft, trouble, now);
                self.remember();
            }
            (Err(trouble), Stage::Remembered { .. }) if !trouble.passes() => {
                self.remove(serial);
                self.remember();
            }
            (Err(_), Stage::Running(_) | Stage::Remembered { .. }) => self.ask_later(id.to_owned()),
            (Err(_), _) => {}
        }
    }

    /// Puts an entry where its job says that it stands.
    fn settle(&mut self, serial: u32, mut job: Box<Job>, now: u64) {
        self.allow(job.allowance, now);
        let Some(entry) = self.entry(serial) else { return };
        if let Some(known) = entry.job() {
            job.keep(known);
        }
        for told in told(&job, entry) {
            self.tell(told);
        }
        let Some(entry) = self.entry(serial) else { return };
        if !job.state.is_final() {
            let id = job.id.clone();
            let previews = previews(&job, entry.job(), serial);
            if let Stage::Running(running) = &mut entry.stage {
                running.job = job;
                running.seen = now;
                if !running.heard {
                    self.ask_later(id);
                }
            } else {
                entry.stage =
                    Stage::Running(Running { job, seen: now, cancelled: false, heard: true });
                self.out.push(Command::Hear(id));
                self.remember();
            }
            self.out.extend(previews);
            return;
        }
        let (live, shown) = (entry.is_running(), matches!(entry.stage, Stage::Done(_)));
        let (state, ready) = (job.state, job.ready());
        if live {
            self.out.push(Command::Unhear(job.id.clone()));
        }
        if state == JobState::Failed {
            let trouble = job.why().unwrap_or(Trouble::Unreadable);
            self.fail(serial, job.draft, trouble, now);
        } else if ready == 0 && !shown {
            // Nothing is left to see: cancelled before the first picture, or past its time.
            self.remove(serial);
            if live {
                self.say(Said::Cancelled);
                self.tell(Told::Cancel);
            }
        } else {
            if let Some(entry) = self.entry(serial) {
                if ready == job.pictures.len() {
                    // There is nothing to try again.
                    entry.pictures.clear();
                }
                entry.stage = Stage::Done(job);
            }
            if live {
                let cancelled = state == JobState::Cancelled;
                self.say(if cancelled { Said::Cancelled } else { Said::Ready(ready) });
                self.tell(if cancelled { Told::Cancel } else { Told::Done(ready) });
            }
        }
        // Pictures may have been deleted while others were still to come.
        self.forget(Entry::is_gone, now);
    }

    /// This device keeps pictures of a job, which may be known already.
    pub(super) fn kept(&mut self, Kept { since, job }: Kept) {
        if let Some(entry) = self.entries.iter_mut().find(|entry| entry.id() == Some(&job.id)) {
            match &mut entry.stage {
                Stage::Running(Running { job: known, .. }) | Stage::Done(known) => known.keep(&job),
                stage => *stage = Stage::Done(job),
            }
            return;
        }
        let serial = self.serial();
        let entry = Entry { since, ..Entry::new(serial, Stage::Done(job)) };
        let older = |other: &Entry| other.since < since;
        let at = self.entries.iter().position(older).unwrap_or(self.entries.len());
        self.entries.insert(at, entry);
    }

    fn ask_later(&mut self, id: String) {
        self.out.push(Command::Later(ASK_MS, Due::Ask(id)));
    }

    /// A job's events have ended for good: from now on it is asked for.
    pub(super) fn deaf(&mut self, id: String) {
        if let Some(running) = self.running(&id) {
            running.heard = false;
            self.out.push(Command::Ask(id));
        }
    }

    /// A picture cannot be shown: the edge says whether it is gone; else the network may have been.
    pub(super) fn picture_lost(&mut self, serial: u32) {
        let Some(entry) = self.entry(serial) else { return };
        let (loads, id) = (entry.loads, entry.id().map(str::to_owned));
        self.out.extend(id.map(Command::Ask));
        if loads < RELOADS {
            self.out.push(Command::Later(ASK_MS << loads, Due::Reload(serial)));
        }
    }

    /// It is time to load an entry's pictures again.
    pub(super) fn reload(&mut self, serial: u32) {
        if let Some(entry) = self.entry(serial) {
            entry.loads += 1;
        }
    }
}

/// What the page round the frame learns of a job: only of one that the visitor waits for.
fn told(job: &Job, entry: &Entry) -> Vec<Told> {
    if !entry.is_running() {
        return Vec::new();
    }
    let start = matches!(entry.stage, Stage::Sending(_)).then(|| Told::start(&job.draft));
    let known = entry.job();
    let fresh = |(index, picture): (u32, &Picture)| {
        let was = |job: &Job| {
            let place = usize::try_from(index).ok();
            place.and_then(|at| job.pictures.get(at)).is_some_and(Picture::is_ready)
        };
        let new = picture.is_ready() && !known.is_some_and(was);
        Told::picture(index, picture).filter(|_| new)
    };
    start.into_iter().chain((0..).zip(&job.pictures).filter_map(fresh)).collect()
}

/// The previews that were not told before.
fn previews(job: &Job, known: Option<&Job>, serial: u32) -> Vec<Command> {
    let fresh = |(index, picture): (u32, &Picture)| {
        let before = known.and_then(|job| job.pictures.get(usize::try_from(index).ok()?));
        let url = picture.preview.clone().filter(|_| !picture.is_ready())?;
        let new = before.is_none_or(|before| before.preview.as_ref() != Some(&url));
        let (place, prompt) = ((serial, index), job.draft.prompt.clone());
        new.then_some(Command::Sharpen { place, url, prompt })
    };
    (0..).zip(&job.pictures).filter_map(fresh).collect()
}
